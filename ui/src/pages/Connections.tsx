import { ActionIcon, Button, Group, Menu, Table, Text } from "@mantine/core";
import {
  IconDots,
  IconKey,
  IconPlugConnected,
  IconPlus,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { part, post, remove } from "../api/client";
import { useApps, useConnections } from "../api/queries";
import type { ConnectionView } from "../api/schema";
import { AppIcon } from "../parts/AppIcon";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { ConnectionDialog } from "../parts/ConnectionDialog";
import { Empty } from "../parts/Empty";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { Trouble } from "../parts/Trouble";

export function Connections() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [params] = useSearchParams();
  const connections = useConnections();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
      {t("Create a connection")}
    </Button>
  );
  return (
    <Page
      title={t("Connections")}
      about={t("Tested credentials of the services that scenarios use.")}
      actions={add}
    >
      {connections.error && <Trouble error={connections.error} again={connections.refetch} />}
      {connections.data?.length === 0 ? (
        <Empty
          icon={<IconPlugConnected size={40} aria-hidden />}
          title={t("No connection yet")}
          text={t("Create one with the API key of your Refiner account, or of another service.")}
        />
      ) : (
        <Rows
          label={t("Connections")}
          heads={[t("Name"), t("Account"), t("Address"), t("Tested"), t("Used by"), t("Actions")]}
          loading={connections.isLoading}
        >
          {connections.data?.map((one) => (
            <Row key={one.id} connection={one} shown={one.id === params.get("show")} />
          ))}
        </Rows>
      )}
      {adding && <ConnectionDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

/** One connection; the one that was asked for is marked, and scrolled to. */
function Row({ connection, shown }: { connection: ConnectionView; shown: boolean }) {
  const { t } = useTranslation();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (shown) row.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  const apps = useApps().data ?? [];
  const title = apps.find((one) => one.key === connection.app)?.title ?? connection.app;
  return (
    <Table.Tr
      ref={row}
      aria-current={shown || undefined}
      bg={shown ? "var(--mantine-color-default-hover)" : undefined}
    >
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <AppIcon app={connection.app} size={26} />
          <div>
            <Text fw={600}>{connection.name}</Text>
            <Text size="sm" c="dimmed">
              {title}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>{connection.label}</Table.Td>
      <Table.Td>{connection.base_url ?? t("The usual one")}</Table.Td>
      <Table.Td>
        <Moment at={connection.tested_at} />
      </Table.Td>
      <Table.Td>{connection.used_by.join(", ") || "–"}</Table.Td>
      <Table.Td>
        <Actions connection={connection} />
      </Table.Td>
    </Table.Tr>
  );
}

function Actions({ connection }: { connection: ConnectionView }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const path = `/connections/${part(connection.id)}`;
  const test = useAct(() => post<ConnectionView>(`${path}/test`), {
    stale: ["connections"],
    said: t("The service accepts {{name}}.", { name: connection.name }),
  });
  const discard = useAct(() => remove(path), {
    stale: ["connections"],
    said: t("The connection was removed."),
  });
  const ask = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: connection.name }),
      text: t("Its credentials are erased here; in the service they stay valid."),
      action: t("Remove"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon
            aria-label={t("Actions for {{name}}", { name: connection.name })}
            loading={test.isPending}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => test.mutate(undefined)}>
            {t("Test")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>
            {t("Change its values")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} />}
            disabled={connection.used_by.length > 0}
            onClick={ask}
          >
            {t("Remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changing && <ConnectionDialog changing={connection} onClose={() => setChanging(false)} />}
    </>
  );
}
