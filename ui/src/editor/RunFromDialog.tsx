import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import { Trouble } from "../parts/Trouble";
import { findModule } from "./document";
import { ExecutionChoice, useEnded } from "./ExecutionChoice";
import { labelOf, useKnown } from "./known";
import { isChanged, show, useEditor } from "./store";
import { useRun, useSave } from "./use";

/** Run once from a module on, with what those before it gave in an execution. */
export default function RunFromDialog({ id, module }: { id: string; module: number }) {
  const { t } = useTranslation();
  const known = useKnown();
  const placed = useEditor((state) => findModule(state.document, module));
  const changed = useEditor(isChanged);
  const ended = useEnded(id);
  const [chosen, setChosen] = useState<string | null>(null);
  const execution = chosen ?? ended?.[0]?.id ?? null;
  const save = useSave(id);
  const run = useRun(id);
  if (!placed || !ended) return null;
  const begin = async () => {
    if (changed) await save.mutateAsync(undefined);
    await run.mutateAsync({ start: { module, execution } });
    show(null);
  };
  return (
    <Dialog
      onClose={() => show(null)}
      title={t("Run from {{label}}", { label: labelOf(placed, known) })}
    >
      <Stack>
        {changed && (
          <Alert variant="outline" color="blue">
            {t("A run saves what you changed as a new version first.")}
          </Alert>
        )}
        <Text>
          {t(
            "Module {{module}} and what follows it run. Those before it do not: they give what they gave in the execution that you choose.",
            { module },
          )}
        </Text>
        {ended.length === 0 ? (
          <Text c="dimmed">
            {t("No execution has ended yet; run the scenario from its beginning first.")}
          </Text>
        ) : (
          <ExecutionChoice
            label={t("Execution to take over")}
            of={ended}
            chosen={execution}
            choose={setChosen}
          />
        )}
        {run.error && <Trouble error={run.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => show(null)}>
            {t("Cancel")}
          </Button>
          <Button
            data-autofocus
            disabled={execution === null}
            loading={run.isPending || save.isPending}
            onClick={() => begin().catch(() => {})}
          >
            {t("Run")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
