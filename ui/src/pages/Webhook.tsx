import {
  Alert,
  Button,
  Code,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconInbox,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTrash,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { get, part, patch, post, remove } from "../api/client";
import type { DeliveryView, WebhookView } from "../api/schema";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { CopyIcon } from "../parts/Copy";
import { Empty } from "../parts/Empty";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";
import { Delivery } from "./webhook/Delivery";
import { Gaps } from "./webhook/Gaps";
import { ChangeSecret, OldSecret } from "./webhook/Secret";

const AT_ONCE = 50;
const STATES = ["waiting", "running", "done", "held", "dead", "expired", "cancelled"];

export function Webhook({ id }: { id: string }) {
  const { t } = useTranslation();
  const webhook = useQuery<WebhookView, Error>({
    queryKey: ["webhooks", id],
    queryFn: () => get(`/webhooks/${part(id)}`),
  });
  if (webhook.error) return <Trouble error={webhook.error} again={webhook.refetch} />;
  if (!webhook.data) return <Skeleton h={200} m="md" />;
  return (
    <Page
      title={webhook.data.name}
      about={t("Webhook of {{module}}", { module: webhook.data.module })}
      actions={<Actions webhook={webhook.data} />}
    >
      {webhook.data.held && (
        <Alert variant="outline" color="yellow" mb="md" icon={<IconPlayerPause />}>
          {t("On hold: what arrives is stored and waits until you release it.")}
        </Alert>
      )}
      <Facts webhook={webhook.data} />
      <Parts webhook={webhook.data} />
    </Page>
  );
}

/** The inbox, and the report of gaps: which one is part of the address. */
function Parts({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const choose = (tab: string | null) =>
    setParams(tab === "gaps" ? { tab } : {}, { replace: true });
  return (
    <Tabs value={params.get("tab") ?? "inbox"} onChange={choose} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="inbox">{t("Inbox")}</Tabs.Tab>
        <Tabs.Tab value="gaps">{t("Gaps")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="inbox">
        <Inbox webhook={webhook} />
      </Tabs.Panel>
      <Tabs.Panel value="gaps">
        <Gaps webhook={webhook} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Facts({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const change = useAct(
    (when_inactive: string) => patch(`/webhooks/${part(webhook.id)}`, { when_inactive }),
    { stale: ["webhooks"], said: t("Saved.") },
  );
  const states = Object.entries(webhook.deliveries).filter(
    ([name]) => name !== "accepted" && !name.includes(":"),
  );
  return (
    <Paper withBorder p="md" mb="md">
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <Stack gap={2}>
          <Text fw={600}>{t("Address")}</Text>
          <Group gap={4} wrap="nowrap">
            <Code style={{ overflow: "hidden", textOverflow: "ellipsis" }}>{webhook.address}</Code>
            <CopyIcon text={webhook.address} label={t("Copy address to clipboard")} />
          </Group>
          <Text size="sm">
            {webhook.has_secret ? t("A secret is asked for.") : t("Open: no secret is asked for.")}
          </Text>
          <OldSecret webhook={webhook} />
        </Stack>
        <Stack gap={2}>
          <Text fw={600}>{t("Balance")}</Text>
          <Text>
            {t("{{count}} accepted", { count: webhook.deliveries.accepted ?? 0 })}
            {" = "}
            {states
              .map(([name, count]) => `${count} ${t(`state ${name}`, { defaultValue: name })}`)
              .join(" + ") || "0"}
          </Text>
          <Text size="sm">
            {t("Scenario: {{name}}", { name: webhook.scenario ?? t("None is active") })}
          </Text>
        </Stack>
        <Select
          label={t("While no active scenario listens")}
          value={webhook.when_inactive}
          allowDeselect={false}
          onChange={(value) => value && change.mutate(value)}
          data={[
            { value: "reject", label: t("refuse deliveries (410)") },
            { value: "queue", label: t("let deliveries wait") },
          ]}
        />
      </SimpleGrid>
    </Paper>
  );
}

function Actions({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const path = `/webhooks/${part(webhook.id)}`;
  const pause = useAct(() => post(`${path}/${webhook.held ? "release" : "hold"}`), {
    stale: ["webhooks", "deliveries", "executions"],
    said: webhook.held
      ? t("What was held runs now, in the order of its arrival.")
      : t("What arrives is stored from now on, and nothing of it runs."),
  });
  const discard = useAct(() => remove(path), {
    stale: ["webhooks"],
    said: t("The webhook was removed."),
  });
  const askRemove = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: webhook.name }),
      text: t("Whatever is sent to its address from then on is refused."),
      action: t("Remove"),
    });
    if (agreed) {
      await discard.mutateAsync(undefined);
      go("/webhooks");
    }
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={webhook.held ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
        loading={pause.isPending}
        onClick={() => pause.mutate(undefined)}
      >
        {webhook.held ? t("Release") : t("Hold")}
      </Button>
      <ChangeSecret webhook={webhook} />
      <Button
        variant="default"
        leftSection={<IconTrash size={18} />}
        onClick={() => askRemove().catch(() => {})}
      >
        {t("Remove")}
      </Button>
    </>
  );
}

function Inbox({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const [state, setState] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [settled] = useDebouncedValue(text, 300);
  const [shown, setShown] = useState<string | null>(null);
  const deliveries = useInfiniteQuery<DeliveryView[], Error>({
    queryKey: ["deliveries", "list", webhook.id, state, settled],
    queryFn: ({ pageParam }) =>
      get(`/webhooks/${part(webhook.id)}/deliveries`, {
        limit: AT_ONCE,
        state,
        text: settled,
        before: pageParam as string | null,
      }),
    initialPageParam: null,
    getNextPageParam: (last) => (last.length < AT_ONCE ? undefined : last.at(-1)?.id),
  });
  const found = deliveries.data?.pages.flat() ?? [];
  return (
    <>
      <Group mb="sm" align="flex-end">
        <Select
          label={t("State")}
          placeholder={t("All")}
          clearable
          clearButtonProps={{ "aria-label": t("All states") }}
          value={state}
          onChange={setState}
          data={STATES.map((one) => ({
            value: one,
            label: t(`state ${one}`, { defaultValue: one }),
          }))}
        />
        <TextInput
          label={t("Search")}
          description={t("In what was sent")}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      {deliveries.error && <Trouble error={deliveries.error} again={deliveries.refetch} />}
      {deliveries.data && found.length === 0 ? (
        <Empty
          icon={<IconInbox size={40} aria-hidden />}
          title={settled || state ? t("Nothing was found") : t("Nothing was received yet")}
          text={t("Enter the address in the service and let it send something.")}
        />
      ) : (
        <Rows
          label={t("Deliveries")}
          heads={[t("State"), t("Received"), t("Event"), t("Bytes"), t("Reason")]}
          loading={deliveries.isLoading}
          more={
            deliveries.hasNextPage
              ? { load: deliveries.fetchNextPage, loading: deliveries.isFetchingNextPage }
              : undefined
          }
        >
          {found.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <State of={one.state} />
              </Table.Td>
              <Table.Td>
                <UnstyledButton
                  c="var(--mantine-color-anchor)"
                  td="underline"
                  onClick={() => setShown(one.id)}
                >
                  <Moment at={one.received_at} />
                </UnstyledButton>
              </Table.Td>
              <Table.Td>{one.event}</Table.Td>
              <Table.Td>{one.size}</Table.Td>
              <Table.Td>
                <Reason of={one} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      <Delivery id={shown} onClose={() => setShown(null)} />
    </>
  );
}

/** Why it is in its state; what is incomplete leads to its execution. */
function Reason({ of }: { of: DeliveryView }) {
  const said = [of.outcome, of.reason].filter(Boolean).join(": ");
  if (of.outcome !== "incomplete") return said;
  return <Link href={`/executions?text=${of.id}&state=incomplete`}>{said}</Link>;
}
