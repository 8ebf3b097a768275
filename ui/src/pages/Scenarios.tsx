import { ActionIcon, Button, Group, Menu, Table, Text, TextInput } from "@mantine/core";
import {
  IconDots,
  IconHistory,
  IconPencil,
  IconPlus,
  IconRoute,
  IconSearch,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { part, remove } from "../api/client";
import { useScenarios } from "../api/queries";
import type { ScenarioView } from "../api/schema";
import { ActiveSwitch } from "../parts/ActiveSwitch";
import { AppIcon } from "../parts/AppIcon";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { Empty } from "../parts/Empty";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { Plan } from "../parts/Plan";
import { Rows } from "../parts/Rows";
import { Trouble } from "../parts/Trouble";
import { Shutdown } from "./Shutdown";

export function Scenarios() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const scenarios = useScenarios();
  const found = (scenarios.data ?? []).filter((one) =>
    one.name.toLowerCase().includes(text.toLowerCase()),
  );
  const isEmpty = scenarios.data?.length === 0;
  return (
    <Page
      title={t("Scenarios")}
      about={t("What happens when something arrives.")}
      actions={
        <Button component={Link} href="/scenarios/new" leftSection={<IconPlus size={18} />}>
          {t("Create a scenario")}
        </Button>
      }
    >
      {scenarios.error && <Trouble error={scenarios.error} again={scenarios.refetch} />}
      {isEmpty ? (
        <Empty
          icon={<IconRoute size={40} aria-hidden />}
          title={t("No scenario yet")}
          text={t(
            "A scenario begins with a trigger, such as a completed survey, and goes on with what should follow.",
          )}
        >
          <Button component={Link} href="/scenarios/new">
            {t("Create the first one")}
          </Button>
        </Empty>
      ) : (
        <>
          <TextInput
            aria-label={t("Search scenarios")}
            placeholder={t("Search scenarios")}
            leftSection={<IconSearch size={16} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maw={320}
            mb="sm"
          />
          {found.map((one) => (
            <Shutdown key={one.id} scenario={one} />
          ))}
          <Rows
            label={t("Scenarios")}
            heads={[
              t("Active"),
              t("Name"),
              t("Schedule"),
              t("Modules"),
              t("Version"),
              t("Changed"),
              t("Actions"),
            ]}
            loading={scenarios.isLoading}
          >
            {found.map((one) => (
              <Row key={one.id} scenario={one} />
            ))}
          </Rows>
          {scenarios.data && found.length === 0 && (
            <Text c="dimmed">{t("Nothing of that name.")}</Text>
          )}
        </>
      )}
    </Page>
  );
}

function Row({ scenario }: { scenario: ScenarioView }) {
  const { t } = useTranslation();
  const apps = [...new Set(scenario.modules.map((name) => name.split(".")[0] ?? ""))];
  return (
    <Table.Tr>
      <Table.Td>
        <ActiveSwitch scenario={scenario} />
      </Table.Td>
      <Table.Td>
        <Link href={`/scenarios/${scenario.id}`}>{scenario.name}</Link>
      </Table.Td>
      <Table.Td maw={280}>
        <Plan scenario={scenario} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          {apps.map((app) => (
            <AppIcon key={app} app={app} size={24} />
          ))}
          <Text size="sm">{t("{{count}} modules", { count: scenario.modules.length })}</Text>
        </Group>
      </Table.Td>
      <Table.Td>{scenario.version}</Table.Td>
      <Table.Td>
        <Moment at={scenario.updated_at} />
      </Table.Td>
      <Table.Td>
        <Actions scenario={scenario} />
      </Table.Td>
    </Table.Tr>
  );
}

function Actions({ scenario }: { scenario: ScenarioView }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const discard = useAct(() => remove(`/scenarios/${part(scenario.id)}`), {
    stale: ["scenarios", "executions"],
    said: t("The scenario was removed."),
  });
  const ask = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: scenario.name }),
      text: t("Its versions and its whole history go with it. This cannot be undone."),
      action: t("Remove"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t("Actions for {{name}}", { name: scenario.name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} />}
          onClick={() => go(`/scenarios/${scenario.id}`)}
        >
          {t("Edit")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHistory size={16} />}
          onClick={() => go(`/executions?scenario=${scenario.id}`)}
        >
          {t("Executions")}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} disabled={scenario.active} onClick={ask}>
          {scenario.active ? t("Remove (deactivate it first)") : t("Remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
