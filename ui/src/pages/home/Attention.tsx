import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { asCount, useDoctor, useIncomplete, useScenarios } from "../../api/queries";
import type { ExecutionView, ScenarioView } from "../../api/schema";
import { Moment } from "../../parts/Moment";
import { NextTry } from "../../parts/NextTry";

/** What does not go well by itself: one place for all of it. */
export function Attention() {
  const { t } = useTranslation();
  const unwell = (useDoctor().data ?? []).filter((one) => !one.well);
  const incomplete = useIncomplete().data ?? [];
  const off = (useScenarios().data ?? []).filter((one) => one.shutdown);
  if (unwell.length + incomplete.length + off.length === 0) return null;
  return (
    <Alert
      component="section"
      role="region"
      aria-label={t("Needs attention")}
      color="orange"
      variant="outline"
      styles={{ title: { color: "var(--mantine-color-text)" } }}
      icon={<IconAlertTriangle aria-hidden />}
      title={t("Needs attention")}
      mb="md"
    >
      <Stack gap="xs">
        <Incomplete found={incomplete} />
        {off.map((one) => (
          <SwitchedOff key={one.id} scenario={one} />
        ))}
        {unwell.map((one) => (
          <Text key={one.name}>
            {t(`check ${one.name}`, { defaultValue: one.name })}: {one.found}. {one.advice}{" "}
            {one.name === "review" && (
              <Link href="/settings?tab=backup">{t("Confirm it here")}</Link>
            )}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function Incomplete({ found }: { found: ExecutionView[] }) {
  const { t } = useTranslation();
  const [newest] = found;
  if (!newest) return null;
  return (
    <Group gap="xs">
      <Link href="/executions?state=incomplete">
        {t("Incomplete executions: {{number}}", { number: asCount(found) })}
      </Link>
      <Text component="span">
        {t("The newest:")} <Link href={`/executions/${newest.id}`}>{newest.scenario}</Link>,{" "}
        <Moment at={newest.ended_at ?? newest.created_at} />. <NextTry at={newest.retry_at} />
      </Text>
    </Group>
  );
}

function SwitchedOff({ scenario }: { scenario: ScenarioView }) {
  const { t } = useTranslation();
  const why = scenario.shutdown;
  return (
    <Text>
      <Link href={`/scenarios/${scenario.id}`}>
        {t("{{scenario}} was switched off", { scenario: scenario.name })}
      </Link>
      : {why?.reason} {t("What arrives meanwhile waits for it.")}{" "}
      {why?.execution && (
        <Link href={`/executions/${why.execution}`}>{t("The last execution")}</Link>
      )}
    </Text>
  );
}
