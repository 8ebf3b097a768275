import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDelivery } from "../api/queries";
import { Dialog } from "../parts/Dialog";
import { Trouble } from "../parts/Trouble";
import { DeliveryChoice, useDeliveries } from "./DeliveryChoice";
import { InputValues, isMissing } from "./InputValues";
import { useKnown } from "./known";
import { usePinned } from "./pins";
import { isChanged, show, useEditor } from "./store";
import { useRehearsal, useRun, useSave } from "./use";

type Source = "sample" | "delivery" | "own";

/** Run once, or dry: on what, where it begins with a webhook; a run saves first. */
export function RunDialog({ id }: { id: string }) {
  const { t } = useTranslation();
  const first = useEditor((state) => state.document.flow[0]);
  const changed = useEditor(isChanged);
  const known = useKnown();
  const module = first && known.get(first.module)?.module;
  const isPinned = usePinned(first?.id) !== undefined;
  const needsInput = module?.kind === "instant trigger" && !isPinned;
  const [source, setSource] = useState<Source>("sample");
  const [own, setOwn] = useState("");
  const deliveries = useDeliveries(needsInput ? (first?.webhook ?? null) : null);
  const [chosen, setChosen] = useState<string | null>(null);
  const delivery = chosen ?? deliveries[0]?.id ?? null;
  const received = useDelivery(delivery).data?.body ?? "";
  const save = useSave(id);
  const run = useRun(id);
  const inputs = useEditor((state) => state.document.inputs) ?? [];
  const [values, setValues] = useState<Record<string, unknown>>({});
  const rehearsal = useRehearsal(id);
  const texts: Record<Source, string> = {
    sample: JSON.stringify(module?.sample ?? {}, null, 2),
    delivery: received,
    own,
  };
  const input = needsInput ? parsed(texts[source]) : inputs.length > 0 ? values : null;
  const cannotBegin = needsInput ? input === undefined : isMissing(inputs, values);
  const begin = async () => {
    if (changed) await save.mutateAsync(undefined);
    await run.mutateAsync({ input });
    show(null);
  };
  const rehearse = () =>
    rehearsal.mutate(needsInput && source === "delivery" ? { delivery } : { input });
  return (
    <Dialog onClose={() => show(null)} title={t("Run once")} size="lg">
      <Stack>
        {changed && (
          <Alert variant="outline" color="blue">
            {t("A run saves what you changed as a new version first.")}
          </Alert>
        )}
        {needsInput ? (
          <>
            <Text>{t("The scenario begins with a webhook. What should it receive?")}</Text>
            <SegmentedControl
              aria-label={t("What it receives")}
              value={source}
              onChange={(value) => {
                if (value === "own" && !own) setOwn(texts[source]);
                setSource(value as Source);
              }}
              data={[
                { value: "sample", label: t("The sample") },
                { value: "delivery", label: t("A delivery"), disabled: delivery === null },
                { value: "own", label: t("My own") },
              ]}
            />
            {source === "delivery" && delivery && (
              <DeliveryChoice of={deliveries} chosen={delivery} choose={setChosen} />
            )}
            <Textarea
              label={t("Body as JSON")}
              autosize
              minRows={6}
              maxRows={10}
              readOnly={source !== "own"}
              value={texts[source]}
              onChange={(event) => setOwn(event.currentTarget.value)}
              error={input === undefined ? t("This is not JSON.") : undefined}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            />
          </>
        ) : (
          <>
            <Text>{t("The scenario runs once, from its beginning. Its effects are real.")}</Text>
            {isPinned && <Text>{t("It begins with what is pinned to its first module.")}</Text>}
            <InputValues of={inputs} values={values} onChange={setValues} />
          </>
        )}
        <Text c="dimmed" size="sm">
          {t(
            "A dry run tries what is in the editor, saved or not: it only reads, and stores nothing.",
          )}
        </Text>
        {run.error && <Trouble error={run.error} />}
        {rehearsal.error && <Trouble error={rehearsal.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => show(null)}>
            {t("Cancel")}
          </Button>
          <Button
            variant="default"
            loading={rehearsal.isPending}
            disabled={cannotBegin}
            onClick={rehearse}
          >
            {t("Dry run")}
          </Button>
          <Button
            data-autofocus
            loading={run.isPending || save.isPending}
            disabled={cannotBegin}
            onClick={() => begin().catch(() => {})}
          >
            {t("Run")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
