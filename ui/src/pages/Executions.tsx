import { Button, Group, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { get } from "../api/client";
import { useScenarios } from "../api/queries";
import type { ExecutionView } from "../api/schema";
import { Empty } from "../parts/Empty";
import { asDuration, Moment } from "../parts/Moment";
import { Origin } from "../parts/Origin";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";

const AT_ONCE = 50;
const STATES = ["queued", "running", "done", "failed", "cancelled"];

type Filters = { scenario: string; state: string; text: string };

function useFoundExecutions(filters: Filters) {
  return useInfiniteQuery<ExecutionView[], Error>({
    queryKey: ["executions", "list", filters],
    queryFn: ({ pageParam }) =>
      get("/executions", { ...filters, limit: AT_ONCE, before: pageParam as string | null }),
    initialPageParam: null,
    getNextPageParam: (last) => (last.length < AT_ONCE ? undefined : last.at(-1)?.id),
  });
}

export function Executions() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get("text") ?? "");
  const [settled] = useDebouncedValue(text, 250);
  const scenario = params.get("scenario") ?? "";
  const state = params.get("state") ?? "";
  const executions = useFoundExecutions({ scenario, state, text: settled });
  const scenarios = useScenarios();
  const found = executions.data?.pages.flat() ?? [];
  const isFiltered = Boolean(scenario || state || settled);
  const choose = (name: string, value: string | null) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    });
  return (
    <Page title={t("Executions")} about={t("What ran, with what, and how it ended.")}>
      <Group mb="sm" align="flex-end">
        <Select
          label={t("Scenario")}
          placeholder={t("All")}
          clearable
          clearButtonProps={{ "aria-label": t("All scenarios") }}
          searchable
          value={scenario || null}
          onChange={(value) => choose("scenario", value)}
          data={(scenarios.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        />
        <Select
          label={t("State")}
          placeholder={t("All")}
          clearable
          clearButtonProps={{ "aria-label": t("All states") }}
          value={state || null}
          onChange={(value) => choose("state", value)}
          data={STATES.map((one) => ({
            value: one,
            label: t(`state ${one}`, { defaultValue: one }),
          }))}
        />
        <TextInput
          label={t("Search")}
          description={t("An id, a delivery, or part of an error")}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      {executions.error && <Trouble error={executions.error} again={executions.refetch} />}
      {executions.data && found.length === 0 ? (
        <Nothing isFiltered={isFiltered} />
      ) : (
        <Rows
          label={t("Executions")}
          heads={[
            t("State"),
            t("Scenario"),
            t("Started"),
            t("Started by"),
            t("Took"),
            t("Operations"),
            t("Error"),
          ]}
          loading={executions.isLoading}
          more={
            executions.hasNextPage
              ? { load: executions.fetchNextPage, loading: executions.isFetchingNextPage }
              : undefined
          }
        >
          {found.map((one) => (
            <Row key={one.id} execution={one} />
          ))}
        </Rows>
      )}
    </Page>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconHistory size={40} aria-hidden />}
      title={isFiltered ? t("Nothing was found") : t("Nothing has run yet")}
      text={
        isFiltered
          ? t("Choose other filters, or none.")
          : t("As soon as a scenario runs, by hand or because something arrived, it is shown here.")
      }
    >
      {isFiltered ? (
        <Button variant="default" component={Link} href="/executions">
          {t("Without filters")}
        </Button>
      ) : (
        <Button component={Link} href="/scenarios">
          {t("Scenarios")}
        </Button>
      )}
    </Empty>
  );
}

function Row({ execution }: { execution: ExecutionView }) {
  return (
    <Table.Tr>
      <Table.Td>
        <State of={execution.state} />
      </Table.Td>
      <Table.Td>
        <Link href={`/executions/${execution.id}`}>{execution.scenario}</Link>
      </Table.Td>
      <Table.Td>
        <Moment at={execution.started_at ?? execution.created_at} />
      </Table.Td>
      <Table.Td>
        <Origin of={execution.origin} />
      </Table.Td>
      <Table.Td>{took(execution)}</Table.Td>
      <Table.Td>{execution.operations}</Table.Td>
      <Table.Td maw={360}>
        <Text size="sm" lineClamp={1}>
          {execution.error ? String(execution.error.message) : ""}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

export function took(execution: ExecutionView): string {
  if (!execution.started_at || !execution.ended_at) return "";
  return asDuration(Date.parse(execution.ended_at) - Date.parse(execution.started_at));
}
