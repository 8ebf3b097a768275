import { Alert, Button, Group, Menu, Paper, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconPencil,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { part, post } from "../../api/client";
import type { Begun, Edit, ExecutionView, Resumption, StopView } from "../../api/schema";
import { useAct } from "../../parts/act";
import { confirm } from "../../parts/Confirm";
import { NextTry } from "../../parts/NextTry";
import { EditInput } from "./EditInput";

const MOST = 20;

type Props = { execution: ExecutionView };

export function isStopped(execution: ExecutionView): boolean {
  return execution.state === "incomplete" || execution.state === "failed";
}

/** Where an execution stopped and why, and what can be done about it. */
export function Stopped({ execution }: Props) {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<Edit[]>([]);
  const stops = execution.stops ?? [];
  const keep = (edit: Edit) => setEdits([...edits.filter((one) => !isSame(one, edit)), edit]);
  const title = stops.length
    ? t("Stopped at {{modules}}", { modules: labels(stops) })
    : t("Stopped");
  return (
    <Alert
      component="section"
      role="region"
      aria-label={title}
      variant="outline"
      styles={{ title: { color: "var(--mantine-color-text)" } }}
      color={execution.state === "failed" ? "red" : "yellow"}
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      mb="md"
    >
      <Stack>
        {stops.length === 0 && execution.error && <Words error={execution.error} />}
        {stops.slice(0, MOST).map((stop) => (
          <Stop
            key={`${stop.module_id} ${stop.path}`}
            execution={execution}
            stop={stop}
            edit={edits.find((one) => isSame(one, stop))}
            onEdit={keep}
          />
        ))}
        {stops.length > MOST && <Text>{t("{{count}} more", { count: stops.length - MOST })}</Text>}
        <Ways execution={execution} edits={edits} />
      </Stack>
    </Alert>
  );
}

type StopProps = Props & { stop: StopView; edit: Edit | undefined; onEdit: (edit: Edit) => void };

function Stop({ execution, stop, edit, onEdit }: StopProps) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const bundle = stop.path ? ` · ${t("bundle {{path}}", { path: stop.path })}` : "";
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600}>
            {stop.module_id}. {stop.label}
            {bundle}
          </Text>
          <Words error={stop.error} />
          <Text size="sm">
            {t("New tries: {{times}}", { times: stop.tries })} · <NextTry at={stop.retry_at} />
          </Text>
          {(edit || stop.edited) && <Text size="sm">{t("Its input was edited.")}</Text>}
        </div>
        <Button
          variant="default"
          style={{ flexShrink: 0 }}
          leftSection={<IconPencil size={18} />}
          aria-label={t("Edit input of {{module}}", {
            module: `${stop.module_id}. ${stop.label}${bundle}`,
          })}
          onClick={() => setEditing(true)}
        >
          {t("Edit input")}
        </Button>
      </Group>
      {isEditing && (
        <EditInput
          execution={execution.id}
          stop={stop}
          given={edit?.input ?? stop.edited}
          onKeep={(input) => onEdit({ module_id: stop.module_id, path: stop.path, input })}
          onClose={() => setEditing(false)}
        />
      )}
    </Paper>
  );
}

function Words({ error }: { error: Record<string, unknown> }) {
  return (
    <Text c="var(--mantine-color-error)" style={{ whiteSpace: "pre-wrap" }}>
      {String(error.type)}: {String(error.message)}
    </Text>
  );
}

/** Resume in its ways, and Discard. */
function Ways({ execution, edits }: Props & { edits: Edit[] }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const path = `/executions/${part(execution.id)}`;
  const stale = ["executions", "deliveries"];
  const resume = useAct((how: Resumption) => post<Begun>(`${path}/resume`, how), { stale });
  const discard = useAct(() => post(`${path}/discard`), { stale });
  const goOn = async (how: Resumption) => {
    const begun = await resume.mutateAsync({ ...how, edits: how.start ? [] : edits });
    if (begun.execution !== execution.id) go(`/executions/${begun.execution}`);
  };
  const begin = (how: Resumption) => goOn(how).catch(() => {});
  const giveUp = async () => {
    const agreed = await confirm({
      title: t("Discard this execution?"),
      text: t("What it did stays in history. What it has not done yet is not done any more."),
      action: t("Discard"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <Group>
      <Button.Group>
        <Button
          leftSection={<IconPlayerPlay size={18} />}
          loading={resume.isPending}
          onClick={() => begin({})}
        >
          {t("Resume")}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button px="xs" aria-label={t("Other ways to resume")}>
              <IconChevronDown size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => begin({ version: "current" })}>
              {t("With the current version")}
            </Menu.Item>
            <Menu.Item onClick={() => begin({ start: "start" })}>{t("From the start")}</Menu.Item>
            <Menu.Item onClick={() => begin({ start: "start", version: "current" })}>
              {t("From the start, with the current version")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      {execution.state === "incomplete" && (
        <Button
          variant="default"
          leftSection={<IconTrash size={18} />}
          loading={discard.isPending}
          onClick={() => giveUp()}
        >
          {t("Discard")}
        </Button>
      )}
    </Group>
  );
}

function labels(stops: StopView[]): string {
  const names = new Map(stops.map((one) => [one.module_id, `${one.module_id}. ${one.label}`]));
  return [...names.values()].join(", ");
}

function isSame(edit: Edit, other: { module_id: number; path?: string }): boolean {
  return edit.module_id === other.module_id && (edit.path ?? "") === (other.path ?? "");
}
