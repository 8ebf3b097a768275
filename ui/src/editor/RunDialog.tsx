import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part } from "../api/client";
import type { DeliveryView } from "../api/schema";
import { Trouble } from "../parts/Trouble";
import { useKnown } from "./known";
import { isChanged, show, useEditor } from "./store";
import { useRun, useSave } from "./use";

type Source = "sample" | "last" | "own";

/** Run once: on what, where it begins with a webhook; what is not saved is saved first. */
export function RunDialog({ id }: { id: string }) {
  const { t } = useTranslation();
  const first = useEditor((state) => state.document.flow[0]);
  const changed = useEditor(isChanged);
  const known = useKnown();
  const module = first && known.get(first.module)?.module;
  const needsInput = module?.kind === "instant trigger";
  const [source, setSource] = useState<Source>("sample");
  const [own, setOwn] = useState("");
  const last = useLastBody(needsInput ? (first?.webhook ?? null) : null);
  const save = useSave(id);
  const run = useRun(id);
  const texts: Record<Source, string> = {
    sample: JSON.stringify(module?.sample ?? {}, null, 2),
    last: last ?? "",
    own,
  };
  const input = parsed(texts[source]);
  const begin = async () => {
    if (changed) await save.mutateAsync(undefined);
    await run.mutateAsync(needsInput ? input : null);
    show(null);
  };
  return (
    <Modal opened onClose={() => show(null)} title={t("Run once")} size="lg">
      <Stack>
        {changed && (
          <Alert variant="outline" color="blue">
            {t("What you changed is saved as a new version first.")}
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
                { value: "last", label: t("The last delivery"), disabled: last === null },
                { value: "own", label: t("My own") },
              ]}
            />
            <Textarea
              label={t("Body as JSON")}
              autosize
              minRows={6}
              maxRows={16}
              readOnly={source !== "own"}
              value={texts[source]}
              onChange={(event) => setOwn(event.currentTarget.value)}
              error={input === undefined ? t("This is not JSON.") : undefined}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            />
          </>
        ) : (
          <Text>{t("The scenario runs once, from its beginning. Its effects are real.")}</Text>
        )}
        {run.error && <Trouble error={run.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => show(null)}>
            {t("Cancel")}
          </Button>
          <Button
            data-autofocus
            loading={run.isPending || save.isPending}
            disabled={needsInput && input === undefined}
            onClick={() => begin().catch(() => {})}
          >
            {t("Run")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The body of the latest delivery of a webhook; null while there is none. */
function useLastBody(webhook: string | null): string | null {
  const found = useQuery<string | null, Error>({
    queryKey: ["deliveries", "last", webhook],
    queryFn: async () => {
      const path = `/webhooks/${part(webhook ?? "")}/deliveries`;
      const [newest] = await get<DeliveryView[]>(path, { limit: 1 });
      if (!newest) return null;
      return (await get<DeliveryView>(`/deliveries/${newest.id}`)).body ?? null;
    },
    enabled: webhook !== null,
    retry: false,
  });
  return found.data ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
