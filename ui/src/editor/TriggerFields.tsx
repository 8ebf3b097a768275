import { Button, Group, NumberInput, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedModule } from "../api/schema";
import { BeginningDialog, useBeginning, Where } from "../parts/BeginningDialog";
import type { Known } from "./known";
import { useSchedule } from "./ScheduleDialog";

type Props = {
  draft: PlacedModule;
  found: Known;
  /** The scenario's id; one that is not saved yet has none. */
  scenario: string | null;
  put: (how: () => Partial<PlacedModule>) => void;
};

/** What a trigger has besides its own fields: how much it takes, and where it is. */
export function TriggerFields({ draft, found, scenario, put }: Props) {
  const { t } = useTranslation();
  const { schedule } = useSchedule();
  const { kind } = found.module;
  const waits = kind === "instant trigger" && schedule.type !== "immediately";
  if (kind !== "trigger" && !waits) return null;
  return (
    <Stack mt="md" pr="xs">
      <NumberInput
        label={t("Maximum number of results")}
        description={
          waits
            ? t("How many deliveries run each time that the scenario is due; empty is all.")
            : t("How many records one cycle takes; the rest waits for the next one.")
        }
        min={1}
        allowDecimal={false}
        placeholder={waits ? undefined : "100"}
        value={draft.limit ?? ""}
        onChange={(limit) => put(() => ({ limit: limit === "" ? null : Number(limit) }))}
      />
      {kind === "trigger" && <Start scenario={scenario} />}
    </Stack>
  );
}

function Start({ scenario }: { scenario: string | null }) {
  const { t } = useTranslation();
  const [chooses, setChooses] = useState(false);
  const where = useBeginning(scenario);
  if (scenario === null) {
    return <Text size="sm">{t("Where to start can be chosen once the scenario is saved.")}</Text>;
  }
  return (
    <Stack gap={4}>
      {where.data && <Where of={where.data} />}
      {where.isLoading && <Skeleton h={20} />}
      <Group>
        <Button variant="default" size="xs" onClick={() => setChooses(true)}>
          {t("Choose where to start")}
        </Button>
      </Group>
      {chooses && (
        <BeginningDialog
          scenario={scenario}
          action={t("OK")}
          onClose={() => setChooses(false)}
          onDone={() => setChooses(false)}
        />
      )}
    </Stack>
  );
}
