import { Button, Group, Table, Text } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useWebhooks } from "../api/queries";
import { CopyIcon } from "../parts/Copy";
import { Empty } from "../parts/Empty";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { Trouble } from "../parts/Trouble";
import { WebhookDialog } from "../parts/WebhookDialog";

export function Webhooks() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const webhooks = useWebhooks();
  return (
    <Page
      title={t("Webhooks")}
      about={t("Addresses of ours, and what was received there.")}
      actions={
        <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
          {t("Create a webhook")}
        </Button>
      }
    >
      {webhooks.error && <Trouble error={webhooks.error} again={webhooks.refetch} />}
      {webhooks.data?.length === 0 ? (
        <Empty
          icon={<IconWebhook size={40} aria-hidden />}
          title={t("No webhook yet")}
          text={t("A webhook is an address to which a service sends what happens there.")}
        />
      ) : (
        <Rows
          label={t("Webhooks")}
          heads={[t("Name"), t("Scenario"), t("Accepted"), t("Waiting"), t("Dead"), t("Address")]}
          loading={webhooks.isLoading}
        >
          {webhooks.data?.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Link href={`/webhooks/${one.id}`}>{one.name}</Link>
                <Text size="sm" c="dimmed">
                  {one.module}
                </Text>
              </Table.Td>
              <Table.Td>{one.scenario ?? t("None is active")}</Table.Td>
              <Table.Td>{one.deliveries.accepted ?? 0}</Table.Td>
              <Table.Td>{one.deliveries.waiting ?? 0}</Table.Td>
              <Table.Td>{one.deliveries.dead ?? 0}</Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  <CopyIcon
                    text={one.address}
                    label={t("Copy the address of {{name}}", { name: one.name })}
                  />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      {adding && <WebhookDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}
