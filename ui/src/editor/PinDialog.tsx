import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part, put, remove } from "../api/client";
import { queries } from "../api/queries";
import type { ExecutionView, PinView } from "../api/schema";
import { say, useAct } from "../parts/act";
import { Dialog } from "../parts/Dialog";
import { Trouble } from "../parts/Trouble";
import { findModule } from "./document";
import { ExecutionChoice, useEnded } from "./ExecutionChoice";
import { labelOf, useKnown } from "./known";
import { usePinned } from "./pins";
import { show, useEditor } from "./store";

const MOST = 100;

/** Pins the bundles that a module gives in runs by hand, in place of running. */
export default function PinDialog({ id, module }: { id: string; module: number }) {
  const { t } = useTranslation();
  const known = useKnown();
  const placed = useEditor((state) => findModule(state.document, module));
  const pinned = usePinned(module);
  const ended = useEnded(id) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const execution = chosen ?? (pinned ? null : (ended[0]?.id ?? null));
  const given = useGiven(execution, module);
  const sample = placed && known.get(placed.module)?.module.sample;
  const offered = (chosen ? given : (pinned ?? given)) ?? [sample ?? {}];
  const text = written ?? JSON.stringify(offered, null, 2);
  const bundles = read(text);
  const pin = usePin(id, module);
  const unpin = useUnpin(id, module);
  if (!placed) return null;
  return (
    <Dialog
      onClose={() => show(null)}
      title={t("Pin a sample of {{label}}", { label: labelOf(placed, known) })}
      size="lg"
    >
      <Stack>
        <Text>
          {t(
            "In runs by hand the module gives what is pinned, and is not run. Live runs know nothing of it.",
          )}
        </Text>
        {ended.length > 0 && (
          <ExecutionChoice
            label={t("What it gave in")}
            of={ended}
            chosen={execution}
            choose={(one) => {
              setChosen(one);
              setWritten(null);
            }}
          />
        )}
        {execution && given?.length === 0 && (
          <Text c="dimmed">{t("The module gave no bundle in that execution.")}</Text>
        )}
        <Textarea
          label={t("Bundles as JSON")}
          description={t("An array with each bundle that it gives.")}
          autosize
          minRows={6}
          maxRows={16}
          value={text}
          onChange={(event) => setWritten(event.currentTarget.value)}
          error={bundles === null ? t("This is not an array in JSON.") : undefined}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
        {pin.error && <Trouble error={pin.error} />}
        <Group justify="space-between">
          <div>
            {pinned && (
              <Button
                variant="default"
                loading={unpin.isPending}
                onClick={() => unpin.mutate(undefined)}
              >
                {t("Unpin")}
              </Button>
            )}
          </div>
          <Group>
            <Button variant="default" onClick={() => show(null)}>
              {t("Cancel")}
            </Button>
            <Button
              disabled={bundles === null}
              loading={pin.isPending}
              onClick={() => pin.mutate(bundles ?? [])}
            >
              {t("Pin")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** What a module gave in an execution: of its last operation that gave any bundle. */
function useGiven(execution: string | null, module: number): unknown[] | undefined {
  return useQuery<ExecutionView, Error>({
    queryKey: ["executions", execution, "whole"],
    queryFn: () => get(`/executions/${part(execution ?? "")}`),
    enabled: execution !== null,
  })
    .data?.history?.findLast((one) => one.module_id === module && one.output.length > 0)
    ?.output.slice(0, MOST);
}

function usePin(id: string, module: number) {
  const { t } = useTranslation();
  return useAct(
    async (bundles: unknown[]) => {
      await put<PinView>(`/scenarios/${part(id)}/pins/${module}`, { bundles });
      await queries.invalidateQueries({ queryKey: ["scenarios", id, "pins"] });
      say(t("Module {{module}} is pinned.", { module }));
      show(null);
    },
    { quiet: true },
  );
}

function useUnpin(id: string, module: number) {
  const { t } = useTranslation();
  return useAct(async () => {
    await remove(`/scenarios/${part(id)}/pins/${module}`);
    await queries.invalidateQueries({ queryKey: ["scenarios", id, "pins"] });
    say(t("Module {{module}} runs again.", { module }));
    show(null);
  });
}

function read(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
