import { Alert, Button, Group, Text } from "@mantine/core";
import { IconPlugOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { part, post } from "../api/client";
import type { ScenarioView } from "../api/schema";
import { useAct } from "../parts/act";
import { Moment } from "../parts/Moment";

/** That a scenario was switched off by itself, why, and the way back. */
export function Shutdown({ scenario }: { scenario: ScenarioView }) {
  const { t } = useTranslation();
  const activate = useAct(() => post(`/scenarios/${part(scenario.id)}/activate`), {
    stale: ["scenarios", "webhooks"],
  });
  const { shutdown } = scenario;
  if (!shutdown || scenario.active) return null;
  return (
    <Alert
      variant="outline"
      color="red"
      icon={<IconPlugOff size={20} aria-hidden />}
      title={t("{{name}} was switched off by itself", { name: scenario.name })}
      mb="sm"
      role="group"
    >
      <Text size="sm">
        {shutdown.at && (
          <>
            <Moment at={shutdown.at} />
            {": "}
          </>
        )}
        {shutdown.reason}
      </Text>
      <Group gap="sm" mt="xs">
        <Button
          size="xs"
          variant="default"
          loading={activate.isPending}
          onClick={() => activate.mutate(undefined)}
        >
          {t("Switch on again")}
        </Button>
        {shutdown.execution && (
          <Link href={`/executions/${shutdown.execution}`}>{t("Look at the execution")}</Link>
        )}
      </Group>
    </Alert>
  );
}
