import { Alert, Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RehearsalView, RehearsedOperation } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { Json } from "../parts/Json";
import { State } from "../parts/State";
import { show } from "./store";

const SHOWN = 50;

/** What a dry run found: each operation, and what it would have sent. */
export default function Rehearsed({ view }: { view: RehearsalView }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(SHOWN);
  const more = view.operations.length - shown;
  return (
    <Dialog onClose={() => show(null)} title={t("Dry run")} size="xl">
      <Stack>
        <Alert variant="outline" color="blue">
          {t("Services were only read from: nothing was changed, and nothing of this is stored.")}
        </Alert>
        <Group>
          <State of={view.state} />
          <Fault error={view.error} />
        </Group>
        {view.operations.slice(0, shown).map((one) => (
          <Operation key={one.number} one={one} />
        ))}
        {more > 0 && (
          <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
            {t("{{count}} more", { count: more })}
          </Button>
        )}
      </Stack>
    </Dialog>
  );
}

function Operation({ one }: { one: RehearsedOperation }) {
  const { t } = useTranslation();
  const name = `${one.number}. ${one.label}`;
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {name}
          </Title>
          <State of={one.state} />
        </Group>
        <Fault error={one.error} />
        {one.input != null && <Json value={one.input} label={t("Input")} />}
        {one.request && <Request of={one.request} />}
        {one.output.length > 0 && (
          <Json
            value={one.output.length === 1 ? one.output[0] : one.output}
            label={
              one.pinned
                ? t("Output, as it is pinned")
                : one.invented
                  ? t("Output, from the sample")
                  : t("Output")
            }
          />
        )}
      </Stack>
    </Paper>
  );
}

function Request({ of }: { of: Record<string, unknown> }) {
  const { t } = useTranslation();
  return (
    <>
      <Text fw={600}>{t("What it would send")}</Text>
      <Code block>{`${of.method} ${of.url}`}</Code>
      {of.body !== "" && <Json value={readable(of.body)} label={t("Body")} />}
    </>
  );
}

function Fault({ error }: { error: Record<string, unknown> | null }) {
  if (!error) return null;
  return (
    <Text c="var(--mantine-color-error)" style={{ whiteSpace: "pre-wrap" }}>
      {String(error.type)}: {String(error.message)}
    </Text>
  );
}

/** A body as what it says where it is JSON, and as it is where it is not. */
function readable(body: unknown): unknown {
  try {
    return JSON.parse(String(body)) as unknown;
  } catch {
    return body;
  }
}
