import { Button, Checkbox, Chip, Group, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { get } from "../api/client";
import { asCount, useIncomplete, useScenarios } from "../api/queries";
import type { ExecutionView } from "../api/schema";
import { Empty } from "../parts/Empty";
import { asDuration, Moment } from "../parts/Moment";
import { NextTry } from "../parts/NextTry";
import { Origin } from "../parts/Origin";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";
import { Bulk } from "./executions/Bulk";
import type { Filters } from "./executions/many";
import { useTicks } from "./executions/ticks";

const AT_ONCE = 50;
const STATES = ["queued", "running", "done", "warning", "failed", "incomplete", "cancelled"];

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
  const filters = { scenario, state, text: settled };
  const isFiltered = Boolean(scenario || state || settled);
  const stopped = found.filter((one) => one.state === "incomplete").map((one) => one.id);
  const ticks = useTicks(stopped, filters);
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
        <OnlyIncomplete
          isOn={state === "incomplete"}
          onChange={(on) => choose("state", on ? "incomplete" : null)}
        />
      </Group>
      {ticks.ticked.length > 0 && (
        <Bulk
          filters={filters}
          ticked={ticks.ticked}
          isAll={ticks.isAll}
          isMore={state === "incomplete" && executions.hasNextPage}
          onAll={ticks.tickAllThatMatch}
          onDone={ticks.clear}
        />
      )}
      {executions.error && <Trouble error={executions.error} again={executions.refetch} />}
      {executions.data && found.length === 0 ? (
        <Nothing isFiltered={isFiltered} />
      ) : (
        <Rows
          label={t("Executions")}
          before={
            stopped.length > 0 ? (
              <Checkbox
                aria-label={t("Tick all that are shown")}
                checked={ticks.ticked.length === stopped.length}
                indeterminate={ticks.ticked.length > 0 && ticks.ticked.length < stopped.length}
                onChange={(event) => ticks.tickShown(event.currentTarget.checked)}
              />
            ) : undefined
          }
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
            <Row
              key={one.id}
              execution={one}
              tick={
                stopped.length > 0
                  ? { is: ticks.ticked.includes(one.id), set: (on) => ticks.tick(one.id, on) }
                  : undefined
              }
            />
          ))}
        </Rows>
      )}
    </Page>
  );
}

/** The filter for what waits for a person, in reach of one click. */
function OnlyIncomplete({ isOn, onChange }: { isOn: boolean; onChange: (on: boolean) => void }) {
  const { t } = useTranslation();
  const count = asCount(useIncomplete().data);
  return (
    <Chip
      checked={isOn}
      onChange={onChange}
      variant="outline"
      icon={<IconAlertTriangle size={16} aria-hidden />}
    >
      {t("Incomplete: {{number}}", { number: count })}
    </Chip>
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

type Tick = { is: boolean; set: (on: boolean) => void };

function Row({ execution, tick }: { execution: ExecutionView; tick: Tick | undefined }) {
  const { t } = useTranslation();
  const isStopped = execution.state === "incomplete";
  return (
    <Table.Tr>
      {tick && (
        <Table.Td>
          {isStopped && (
            <Checkbox
              aria-label={t("Tick the execution {{id}}", { id: execution.id })}
              checked={tick.is}
              onChange={(event) => tick.set(event.currentTarget.checked)}
            />
          )}
        </Table.Td>
      )}
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
        {isStopped && (
          <Text size="sm" c="dimmed">
            <NextTry at={execution.retry_at} />
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

export function took(execution: ExecutionView): string {
  if (!execution.started_at || !execution.ended_at) return "";
  return asDuration(Date.parse(execution.ended_at) - Date.parse(execution.started_at));
}
