import {
  Alert,
  Button,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { get, remove } from "../api/client";
import { useActivity, useBalance, useScenarios, useTryout } from "../api/queries";
import type { ExecutionView, ScenarioView } from "../api/schema";
import { ActivityChart } from "../parts/ActivityChart";
import { useAct } from "../parts/act";
import { Empty } from "../parts/Empty";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { Scores } from "../parts/Scores";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";
import { TryIt } from "../parts/TryIt";
import { Attention } from "./home/Attention";

const LATEST = 6;
const NEXT = 5;

export function Home() {
  const { t } = useTranslation();
  const scenarios = useScenarios();
  if (scenarios.error) return <Trouble error={scenarios.error} again={scenarios.refetch} />;
  return (
    <Page title={t("Home")}>
      {scenarios.data?.length === 0 && <Start />}
      <Attention />
      <Sandbox />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Activity />
        <BalanceCard />
        <Next scenarios={scenarios.data ?? []} />
        <Latest title={t("Ran lately")} query="" />
        <Latest title={t("Failed lately")} query="&state=failed" />
        <Scores />
      </SimpleGrid>
    </Page>
  );
}

function Card({
  title,
  children,
  aside,
}: {
  title: string;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="xs">
        <div style={{ display: "flex", justifyContent: "space-between", alignItems: "center" }}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {aside}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}

function Start() {
  const { t } = useTranslation();
  return (
    <div style={{ marginBottom: 16 }}>
      <Empty
        icon={<IconRocket size={40} aria-hidden />}
        title={t("Nothing is set up yet")}
        text={t(
          "Try Trunkline with the sandbox, a Refiner that needs no account; or connect your own Refiner and build a scenario.",
        )}
      >
        <TryIt />
        <Button component={Link} href="/connections" variant="default">
          {t("Connect your Refiner")}
        </Button>
        <Button component={Link} href="/scenarios/new" variant="default">
          {t("Create a scenario")}
        </Button>
      </Empty>
    </div>
  );
}

/** The sandbox, while it runs: where to answer its survey, and how to end it. */
function Sandbox() {
  const { t } = useTranslation();
  const tryout = useTryout().data;
  const end = useAct(() => remove("/tryout"), { stale: ["tryout"] });
  if (!tryout?.address) return null;
  return (
    <Alert variant="outline" title={t("The sandbox runs")} mb="md" icon={<IconRocket />}>
      <Text mb="xs">
        {t("Answer its survey as a customer would, and watch the scenario work.")}
      </Text>
      <Group>
        <Button component="a" href={`${tryout.address}/surveys`} target="_blank" rel="noreferrer">
          {t("Answer a survey")}
        </Button>
        {tryout.scenario && (
          <Button variant="default" component={Link} href={`/scenarios/${tryout.scenario}`}>
            {t("Look at the scenario")}
          </Button>
        )}
        <Button variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
          {t("Stop the sandbox")}
        </Button>
      </Group>
    </Alert>
  );
}

function Activity() {
  const { t } = useTranslation();
  const [hours, setHours] = useState("24");
  const activity = useActivity(Number(hours));
  return (
    <Card
      title={t("Deliveries and errors")}
      aside={
        <Select
          aria-label={t("Period")}
          size="xs"
          w={130}
          value={hours}
          allowDeselect={false}
          onChange={(value) => setHours(value ?? "24")}
          data={[
            { value: "1", label: t("1 hour") },
            { value: "24", label: t("1 day") },
            { value: "168", label: t("1 week") },
          ]}
        />
      }
    >
      {activity.data ? <ActivityChart stretches={activity.data} /> : <Skeleton h={150} />}
    </Card>
  );
}

function BalanceCard() {
  const { t } = useTranslation();
  const balance = useBalance().data;
  if (!balance) return <Skeleton h={150} />;
  const states = Object.entries(balance.states);
  const sum = states.reduce((total, [, count]) => total + count, 0);
  return (
    <Card title={t("Balance")}>
      <Text size="xl" fw={700}>
        {t("{{count}} accepted", { count: balance.accepted })} ={" "}
        {states
          .map(([name, count]) => `${count} ${t(`state ${name}`, { defaultValue: name })}`)
          .join(" + ") || "0"}
      </Text>
      <Text c={sum === balance.accepted ? "dimmed" : "red"}>
        {sum === balance.accepted
          ? t("Every delivery that was accepted is in exactly one of these states.")
          : t("Deliveries are missing; please report it.")}
      </Text>
    </Card>
  );
}

/** What runs next by its schedule; nothing where nothing does. */
function Next({ scenarios }: { scenarios: ScenarioView[] }) {
  const { t } = useTranslation();
  const next = scenarios
    .flatMap((one) => one.next_runs.slice(0, 1).map((at) => ({ ...one, at })))
    .sort((one, other) => one.at.localeCompare(other.at))
    .slice(0, NEXT);
  if (next.length === 0) return null;
  return (
    <Card title={t("Runs next")}>
      {next.map((one) => (
        <Group key={one.id} gap="sm" justify="space-between">
          <Link href={`/scenarios/${one.id}`}>{one.name}</Link>
          <Text size="sm" c="dimmed">
            <Moment at={one.at} />
          </Text>
        </Group>
      ))}
    </Card>
  );
}

function Latest({ title, query }: { title: string; query: string }) {
  const { t } = useTranslation();
  const latest = useQuery<ExecutionView[], Error>({
    queryKey: ["executions", "latest", query],
    queryFn: () => get(`/executions?limit=${LATEST}${query}`),
  });
  return (
    <Card title={title}>
      {latest.data?.length === 0 && <Text c="dimmed">{t("Nothing.")}</Text>}
      {latest.data?.map((one) => (
        <div key={one.id} style={{ display: "flex", gap: 12, alignItems: "center" }}>
          <State of={one.state} />
          <Link href={`/executions/${one.id}`}>{one.scenario}</Link>
          <Text size="sm" c="dimmed" ml="auto">
            <Moment at={one.started_at ?? one.created_at} />
          </Text>
        </div>
      ))}
    </Card>
  );
}
