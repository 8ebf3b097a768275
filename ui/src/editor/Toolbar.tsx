import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Loader,
  SegmentedControl,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsLeftRight,
  IconDeviceFloppy,
  IconHistory,
  IconLayoutGrid,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlus,
  IconSettings,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { isUnderWay, useScenarios } from "../api/queries";
import { ActiveSwitch } from "../parts/ActiveSwitch";
import { State } from "../parts/State";
import { aligned } from "./layout";
import { ScheduleButton } from "./ScheduleButton";
import { change, isChanged, look, redo, show, undo, useEditor } from "./store";
import { addAtEnd, stopRun, useFollowed, useSave } from "./use";

export function Toolbar({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const name = useEditor((state) => state.document.name);
  const version = useEditor((state) => state.version);
  const view = useEditor((state) => state.view);
  const changed = useEditor(isChanged);
  const canUndo = useEditor((state) => state.past.length > 0);
  const canRedo = useEditor((state) => state.future.length > 0);
  const save = useSave(id);
  const scenario = useScenarios().data?.find((one) => one.id === id);
  return (
    <Group
      px="md"
      py={6}
      gap="xs"
      justify="space-between"
      style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}
    >
      <Group gap="xs">
        <Text component="h1" fw={650} size="lg" m={0}>
          {name}
        </Text>
        {version > 0 && (
          <Badge variant="default" tt="none">
            {t("Version {{version}}", { version })}
          </Badge>
        )}
        {changed && <Text size="sm">{t("not saved")}</Text>}
        <Tool label={t("Name and settings")} onClick={() => show({ kind: "settings" })}>
          <IconSettings size={20} />
        </Tool>
        <Tool label={t("Inputs and outputs")} onClick={() => show({ kind: "interface" })}>
          <IconArrowsLeftRight size={20} />
        </Tool>
        <ScheduleButton scenario={scenario} />
        {scenario && <ActiveSwitch scenario={scenario} label={t("Active")} />}
      </Group>
      <Group gap={4} role="toolbar" aria-label={t("Editing")}>
        <SegmentedControl
          size="xs"
          aria-label={t("View")}
          value={view}
          onChange={(value) => look(value as "canvas" | "list")}
          data={[
            { value: "canvas", label: t("Canvas") },
            { value: "list", label: t("List") },
          ]}
        />
        <Tool label={t("Add a module")} onClick={addAtEnd}>
          <IconPlus size={20} />
        </Tool>
        <Tool label={t("Undo")} onClick={undo} disabled={!canUndo}>
          <IconArrowBackUp size={20} />
        </Tool>
        <Tool label={t("Redo")} onClick={redo} disabled={!canRedo}>
          <IconArrowForwardUp size={20} />
        </Tool>
        <Tool label={t("Auto-align")} onClick={() => change(aligned)}>
          <IconLayoutGrid size={20} />
        </Tool>
        {id && (
          <Tool label={t("Versions")} onClick={() => show({ kind: "versions" })}>
            <IconHistory size={20} />
          </Tool>
        )}
      </Group>
      <Group gap="xs">
        {id && (
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={18} />}
            onClick={() => show({ kind: "run" })}
          >
            {t("Run once")}
          </Button>
        )}
        <Button
          leftSection={<IconDeviceFloppy size={18} />}
          loading={save.isPending}
          disabled={!changed}
          onClick={() => save.mutate(undefined)}
        >
          {t("Save")}
        </Button>
      </Group>
    </Group>
  );
}

/** The run that is followed, on top of the canvas, so that nothing moves for it. */
export function Followed() {
  const { t } = useTranslation();
  const run = useFollowed();
  if (!run) return null;
  return (
    <Group gap="xs" role="status" className="followed">
      <State of={run.state} />
      <Link href={`/executions/${run.id}`}>{t("Look at the execution")}</Link>
      {isUnderWay(run) && (
        <>
          <Loader size="sm" aria-label={t("Running")} />
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={18} />}
            onClick={() => stopRun(run)}
          >
            {t("Stop")}
          </Button>
        </>
      )}
    </Group>
  );
}

type ToolProps = { label: string; onClick: () => void; disabled?: boolean; children: ReactNode };

function Tool({ label, onClick, disabled, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} onClick={onClick} disabled={disabled}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
