import { Button, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ScenarioView } from "../api/schema";
import { Moment } from "../parts/Moment";
import { useWords } from "../schedule/words";
import { useSchedule } from "./ScheduleDialog";
import { show, useEditor } from "./store";

const open = () => show({ kind: "schedule" });

/** The schedule in words, which opens its dialog, and when the scenario runs next. */
export function ScheduleButton({ scenario }: { scenario: ScenarioView | undefined }) {
  const { t } = useTranslation();
  const { schedule, timezone } = useSchedule();
  const inWords = useWords();
  const [next] = scenario?.next_runs ?? [];
  const said = inWords(schedule, timezone);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="compact-sm"
        maw={420}
        fw={500}
        leftSection={<IconClock size={18} aria-hidden />}
        title={said}
        aria-label={t("Schedule: {{schedule}}", { schedule: said })}
        onClick={open}
      >
        <Text component="span" size="sm" truncate>
          {said}
        </Text>
      </Button>
      {next && (
        <Text size="sm" c="dimmed">
          {t("next:")} <Moment at={next} />
        </Text>
      )}
    </>
  );
}

/** The clock on the first module. */
export function ScheduleClock({ module }: { module: number }) {
  const { t } = useTranslation();
  const isFirst = useEditor((state) => state.document.flow[0]?.id === module);
  const isFaulty = useEditor((state) =>
    state.problems.some((one) => one.place?.startsWith("schedule")),
  );
  if (!isFirst) return null;
  const label = isFaulty ? t("Schedule, with a problem") : t("Schedule");
  return (
    <button
      type="button"
      className={isFaulty ? "module-clock faulty nodrag nopan" : "module-clock nodrag nopan"}
      aria-label={label}
      title={label}
      onClick={open}
    >
      <IconClock size={16} aria-hidden />
    </button>
  );
}
