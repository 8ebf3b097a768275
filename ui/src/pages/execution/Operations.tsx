import { Grid, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { get, part } from "../../api/client";
import { isUnderWay, useVersion } from "../../api/queries";
import type { ExecutionView, OperationLine, ScenarioDocument } from "../../api/schema";
import { allModules } from "../../editor/document";
import { appOf, labelOf, useKnown } from "../../editor/known";
import { AppIcon } from "../../parts/AppIcon";
import { asDuration } from "../../parts/Moment";
import { State } from "../../parts/State";
import { StoodIn } from "../../parts/StoodIn";
import { Operation } from "./Operation";

const AT_ONCE = 1000;
const ROW = 38;
const TALLEST = 420;

/** The modules of an execution, its operations, and the one that is chosen. */
export function Operations({ execution }: { execution: ExecutionView }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [module, setModule] = useState<string | null>(null);
  const chosen = params.get("operation") ? Number(params.get("operation")) : null;
  const labels = useLabels(execution);
  const lines = useLines(execution, module);
  const choose = (number: number) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set("operation", String(number));
      return after;
    });
  const first = lines.found.find((one) => one.state === "failed") ?? lines.found[0];
  const shown = chosen ?? first?.number ?? null;
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="xs">
          <Modules execution={execution} labels={labels} chosen={module} onChoose={setModule} />
          <List lines={lines} labels={labels} chosen={shown} onChoose={choose} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        {lines.isLoading && <Skeleton h={160} />}
        {shown !== null && <Operation execution={execution.id} number={shown} />}
        {shown === null && !lines.isLoading && (
          <Text c="dimmed">{t("No operation is recorded yet.")}</Text>
        )}
      </Grid.Col>
    </Grid>
  );
}

type Label = { id: number; label: string; app: string };

function useLabels(execution: ExecutionView): Label[] {
  const known = useKnown();
  const version = useVersion(execution.scenario_id, execution.version);
  const document = version.data?.document as ScenarioDocument | undefined;
  if (!document) return [];
  return allModules(document).map((one) => ({
    id: one.id,
    label: labelOf(one, known),
    app: appOf(one),
  }));
}

type ModulesProps = {
  execution: ExecutionView;
  labels: Label[];
  chosen: string | null;
  onChoose: (module: string | null) => void;
};

/** Each module with its bubbles, in the order of the scenario; one can be chosen alone. */
function Modules({ execution, labels, chosen, onChoose }: ModulesProps) {
  const { t } = useTranslation();
  const counts = new Map((execution.modules ?? []).map((one) => [one.module_id, one]));
  return (
    <>
      <ol
        style={{
          listStyle: "none",
          padding: 0,
          margin: 0,
          display: "flex",
          flexWrap: "wrap",
          gap: 12,
        }}
        aria-label={t("Modules")}
      >
        {labels.map((one) => {
          const count = counts.get(one.id);
          const states = Object.entries(count?.states ?? {});
          return (
            <li key={one.id} style={{ textAlign: "center", width: 92, opacity: count ? 1 : 0.75 }}>
              <AppIcon app={one.app} size={40} />
              <Text size="xs">
                {one.id}. {one.label}
              </Text>
              <Text size="xs" fw={700}>
                {states
                  .map(([state, n]) => `${n} ${t(`state ${state}`, { defaultValue: state })}`)
                  .join(", ") || "–"}
              </Text>
              {count && <Text size="xs">{asDuration(count.duration_ms)}</Text>}
            </li>
          );
        })}
      </ol>
      <Select
        label={t("Operations of")}
        placeholder={t("All modules")}
        clearable
        clearButtonProps={{ "aria-label": t("All modules") }}
        value={chosen}
        onChange={onChoose}
        data={labels.map((one) => ({ value: String(one.id), label: `${one.id}. ${one.label}` }))}
      />
    </>
  );
}

function useLines(execution: ExecutionView, module: string | null) {
  const under = isUnderWay(execution);
  const pages = useInfiniteQuery<OperationLine[], Error>({
    queryKey: ["executions", execution.id, "lines", module],
    queryFn: ({ pageParam }) =>
      get(`/executions/${part(execution.id)}/operations`, {
        after: pageParam as number,
        limit: AT_ONCE,
        module,
      }),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.length < AT_ONCE ? undefined : last.at(-1)?.number),
    refetchInterval: under ? 1000 : false,
  });
  return { ...pages, found: pages.data?.pages.flat() ?? [] };
}

type ListProps = {
  lines: ReturnType<typeof useLines>;
  labels: Label[];
  chosen: number | null;
  onChoose: (number: number) => void;
};

/** Only the rows in sight are drawn, however many there are. */
function List({ lines, labels, chosen, onChoose }: ListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const { found, hasNextPage, fetchNextPage, isFetchingNextPage } = lines;
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= found.length - 50) fetchNextPage();
  }, [last, found.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const names = new Map(labels.map((one) => [one.id, one.label]));
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      style={{
        height: Math.min(TALLEST, rows.getTotalSize() + 2),
        overflow: "auto",
        border: "1px solid var(--mantine-color-default-border)",
        borderRadius: 8,
      }}
    >
      <ul
        aria-label={t("Operations")}
        style={{
          height: rows.getTotalSize(),
          position: "relative",
          listStyle: "none",
          margin: 0,
          padding: 0,
        }}
      >
        {items.map((item) => {
          const line = found[item.index];
          if (!line) return null;
          const isChosen = line.number === chosen;
          return (
            <li
              key={line.number}
              aria-setsize={found.length}
              aria-posinset={item.index + 1}
              style={{ position: "absolute", top: item.start, height: ROW, width: "100%" }}
            >
              <button
                type="button"
                className="value-row"
                aria-current={isChosen}
                style={{ background: isChosen ? "var(--mantine-color-default-hover)" : undefined }}
                onClick={() => onChoose(line.number)}
              >
                <StoodIn by={line.stood_in} brief />
                <State of={line.state} />
                <span>
                  {line.number}. {names.get(line.module_id) ?? line.module_id}
                </span>
                <span className="value-sample">
                  {line.path && `${t("bundle {{path}}", { path: line.path })} · `}
                  {asDuration(line.duration_ms)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
