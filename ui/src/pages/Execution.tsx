import { Button, Group, Paper, Skeleton, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { part, post } from "../api/client";
import { isUnderWay, useExecution } from "../api/queries";
import type { Begun, ExecutionView } from "../api/schema";
import { useAct } from "../parts/act";
import { CopyButton } from "../parts/Copy";
import { Fact } from "../parts/Fact";
import { Moment } from "../parts/Moment";
import { Origin } from "../parts/Origin";
import { Page } from "../parts/Page";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";
import { took } from "./Executions";
import { More } from "./execution/More";
import { Operations } from "./execution/Operations";
import { isStopped, Stopped } from "./execution/Stopped";

export default function Execution({ id }: { id: string }) {
  const { t } = useTranslation();
  const execution = useExecution(id);
  if (execution.error) return <Trouble error={execution.error} again={execution.refetch} />;
  if (!execution.data) return <Skeleton h={240} m="md" />;
  return (
    <Page
      title={t("Execution of {{scenario}}", { scenario: execution.data.scenario })}
      actions={<Actions execution={execution.data} />}
    >
      <Facts execution={execution.data} />
      {isStopped(execution.data) && <Stopped key={id} execution={execution.data} />}
      <Operations execution={execution.data} />
    </Page>
  );
}

function Actions({ execution }: { execution: ExecutionView }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const path = `/executions/${part(execution.id)}`;
  const stop = useAct(() => post(`${path}/cancel`), { stale: ["executions"] });
  const again = useAct(() => post<Begun>(`${path}/rerun`), { stale: ["executions"] });
  const rerun = async () => go(`/executions/${(await again.mutateAsync(undefined)).execution}`);
  return (
    <>
      <CopyButton
        text={window.location.href}
        label={t("Copy the link")}
        done={t("The link is on the clipboard")}
      />
      <Button
        variant="default"
        component={Link}
        href={`/scenarios/${execution.scenario_id}`}
        leftSection={<IconPlayerPlay size={18} />}
      >
        {t("Scenario")}
      </Button>
      {isUnderWay(execution) ? (
        <Button
          leftSection={<IconPlayerStop size={18} />}
          loading={stop.isPending}
          onClick={() => stop.mutate(undefined)}
        >
          {t("Stop")}
        </Button>
      ) : execution.state === "incomplete" ? null : (
        <Button
          variant={isStopped(execution) ? "default" : undefined}
          leftSection={<IconRefresh size={18} />}
          loading={again.isPending}
          onClick={() => rerun().catch(() => {})}
        >
          {t("Run it again")}
        </Button>
      )}
      {!isUnderWay(execution) && <More execution={execution} />}
    </>
  );
}

function Facts({ execution }: { execution: ExecutionView }) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" mb="md">
      <Group gap="xl">
        <State of={execution.state} />
        <Fact name={t("Started")}>
          <Moment at={execution.started_at ?? execution.created_at} />
        </Fact>
        <Fact name={t("Started by")}>
          <Origin of={execution.origin} />
        </Fact>
        <Fact name={t("Took")}>{took(execution) || "–"}</Fact>
        <Fact name={t("Operations")}>{execution.operations}</Fact>
        <Fact name={t("Attempts")}>{execution.attempts}</Fact>
        <Fact name={t("Version")}>{execution.version}</Fact>
        {execution.delivery && <Fact name={t("Delivery")}>{execution.delivery}</Fact>}
      </Group>
      {execution.error && !isStopped(execution) && (
        <Text mt="sm" c="var(--mantine-color-error)" style={{ whiteSpace: "pre-wrap" }}>
          {String(execution.error.type)}: {String(execution.error.message)}
        </Text>
      )}
    </Paper>
  );
}
