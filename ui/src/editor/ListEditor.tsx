import { ActionIcon, Badge, Button, Group, Paper, Text, Tooltip } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconFilter,
  IconFilterPlus,
  IconPinFilled,
  IconPlayerTrackNext,
  IconPlus,
  IconRoute,
  IconShieldHalf,
  IconShieldPlus,
  IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedModule, Route } from "../api/schema";
import { AppIcon } from "../parts/AppIcon";
import {
  addRoute,
  type Flow,
  moveModule,
  type Place,
  removeErrorRoute,
  removeModules,
  removeRoute,
} from "./document";
import { canFail, endsFlow, hasRoutes, isIfElse, isMerge } from "./kinds";
import { appOf, labelOf, useAddLabel, useKnown, useRouteName } from "./known";
import { routeLink } from "./layout";
import { usePinned } from "./pins";
import { change, show, useEditor } from "./store";
import { useFollowed } from "./use";

/** The scenario as nested lists: everything that the canvas can do, by keyboard alone. */
export function ListEditor() {
  const { t } = useTranslation();
  const flow = useEditor((state) => state.document.flow);
  const followed = useFollowed() !== null;
  return (
    <div style={{ maxWidth: 900, margin: "0 auto", padding: 16, paddingTop: followed ? 64 : 16 }}>
      <FlowList flow={flow} label={t("Modules in their order")} start={{ kind: "first" }} />
    </div>
  );
}

type FlowProps = {
  flow: Flow;
  label: string;
  start: Place;
  /** A condition stands in front of it instead of a filter. */
  isBranch?: boolean;
};

function FlowList({ flow, label, start, isBranch }: FlowProps) {
  const begins = start.kind === "first" || isBranch === true;
  const last = flow.at(-1);
  const end: Place = last ? { kind: "after", id: last.id } : start;
  return (
    <>
      <ol className="list-flow" aria-label={label}>
        {flow.map((placed, index) => (
          <li key={placed.id}>
            <Item
              placed={placed}
              begins={begins && index === 0}
              isFirst={index === 0}
              isLast={index === flow.length - 1}
            />
          </li>
        ))}
      </ol>
      {!(last && endsFlow(last)) && <AddHere place={end} />}
    </>
  );
}

function AddHere({ place }: { place: Place }) {
  const label = useAddLabel()(place);
  return (
    <Button
      mt="xs"
      size="xs"
      variant="default"
      leftSection={<IconPlus size={16} />}
      onClick={() => show({ kind: "add", place })}
    >
      {label}
    </Button>
  );
}

type ItemProps = {
  placed: PlacedModule;
  /** It is the first of the scenario or of a branch, in front of which no filter stands. */
  begins: boolean;
  isFirst: boolean;
  isLast: boolean;
};

function Item({ placed, begins, isFirst, isLast }: ItemProps) {
  const { t } = useTranslation();
  const known = useKnown();
  const isSaved = useEditor((state) => state.version > 0);
  const label = labelOf(placed, known);
  const name = { label, id: placed.id };
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <AppIcon app={appOf(placed)} size={30} />
          <Button
            variant="subtle"
            size="compact-md"
            color="gray"
            c="var(--mantine-color-text)"
            onClick={() => show({ kind: "module", id: placed.id })}
          >
            {placed.id}. {label}
          </Button>
          <Marks placed={placed} />
        </Group>
        <Group gap={2} wrap="nowrap">
          {((!begins && !isMerge(placed)) || placed.filter) && (
            <Tool
              label={
                placed.filter
                  ? t("Filter {{name}} before module {{id}}", {
                      name: placed.filter.name || t("filter"),
                      id: placed.id,
                    })
                  : t("Set a filter before module {{id}}", { id: placed.id })
              }
              onClick={() => show({ kind: "filter", id: placed.id })}
            >
              {placed.filter ? <IconFilter size={18} /> : <IconFilterPlus size={18} />}
            </Tool>
          )}
          {canFail(placed) && !placed.on_error?.length && (
            <Tool
              label={t("Add an error route to module {{id}}", { id: placed.id })}
              onClick={() => show({ kind: "add", place: { kind: "error", id: placed.id } })}
            >
              <IconShieldPlus size={18} />
            </Tool>
          )}
          {isSaved && !(begins && isFirst) && (
            <Tool
              label={t("Run from module {{id}}", { id: placed.id })}
              onClick={() => show({ kind: "run from", module: placed.id })}
            >
              <IconPlayerTrackNext size={18} />
            </Tool>
          )}
          <Tool
            label={t("Move {{label}} up", name)}
            disabled={isFirst}
            onClick={() => change((document) => moveModule(document, placed.id, -1))}
          >
            <IconArrowUp size={18} />
          </Tool>
          <Tool
            label={t("Move {{label}} down", name)}
            disabled={isLast}
            onClick={() => change((document) => moveModule(document, placed.id, 1))}
          >
            <IconArrowDown size={18} />
          </Tool>
          <Tool
            label={t("Remove {{label}}, module {{id}}", name)}
            onClick={() => change((document) => removeModules(document, new Set([placed.id])))}
          >
            <IconTrash size={18} />
          </Tool>
        </Group>
      </Group>
      {placed.note && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-wrap" }}>
          {placed.note}
        </Text>
      )}
      {hasRoutes(placed) && <Routes router={placed} />}
      {placed.on_error && placed.on_error.length > 0 && (
        <ErrorRoute id={placed.id} flow={placed.on_error} />
      )}
    </Paper>
  );
}

/** What a bundle takes when the module fails. */
function ErrorRoute({ id, flow }: { id: number; flow: Flow }) {
  const { t } = useTranslation();
  const label = t("Error route of module {{id}}", { id });
  return (
    <section className="list-error-route" aria-label={label}>
      <Group gap={4}>
        <IconShieldHalf size={16} aria-hidden />
        <Text size="sm">{t("on error")}</Text>
        <Tool
          label={t("Remove the error route of module {{id}}", { id })}
          onClick={() => change((document) => removeErrorRoute(document, id))}
        >
          <IconTrash size={18} />
        </Tool>
      </Group>
      <FlowList flow={flow} label={label} start={{ kind: "error", id }} />
    </section>
  );
}

function Marks({ placed }: { placed: PlacedModule }) {
  const { t } = useTranslation();
  const problems = useEditor((state) => state.problems);
  const run = useFollowed();
  const faults = problems.filter((one) => one.module === placed.id);
  const count = run?.modules?.find((one) => one.module_id === placed.id);
  const isPinned = usePinned(placed.id) !== undefined;
  return (
    <Group gap={4}>
      {isPinned && (
        <Badge variant="default" tt="none" leftSection={<IconPinFilled size={12} aria-hidden />}>
          {t("pinned")}
        </Badge>
      )}
      {count?.stood_in === "taken over" && (
        <Badge variant="default" tt="none">
          {t("taken over")}
        </Badge>
      )}
      {placed.filter && (
        <Badge variant="default" tt="none">
          {placed.filter.name || t("filter")}
        </Badge>
      )}
      {faults.length > 0 && (
        <Badge color="red.9" tt="none">
          {t("{{count}} problems", { count: faults.length })}
        </Badge>
      )}
      {Object.entries(count?.states ?? {}).map(([state, number]) => (
        <Badge key={state} variant="default" tt="none">
          {number} {t(`state ${state}`, { defaultValue: state })}
        </Badge>
      ))}
    </Group>
  );
}

function Routes({ router }: { router: PlacedModule }) {
  const { t } = useTranslation();
  return (
    <>
      <ol className="list-flow" aria-label={t("Routes of module {{id}}", { id: router.id })}>
        {(router.routes ?? []).map((route, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a route is known by its place
          <li key={index}>
            <RouteItem router={router} route={route} index={index} />
          </li>
        ))}
      </ol>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => change((document) => addRoute(document, router.id))}
      >
        {t("Add a route")}
      </Button>
    </>
  );
}

function RouteItem(props: { router: PlacedModule; route: Route; index: number }) {
  const { t } = useTranslation();
  const { router, route, index } = props;
  const name = useRouteName()(routeLink(router, route, index));
  return (
    <>
      <Group gap={4}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          leftSection={<IconRoute size={16} />}
          onClick={() => show({ kind: "route", router: router.id, index })}
        >
          {name}
        </Button>
        {isIfElse(router) && route.merge === false && (
          <Badge variant="default" tt="none">
            {t("does not come back")}
          </Badge>
        )}
        <Tool
          label={t("Remove {{name}} of module {{id}}", { name, id: router.id })}
          onClick={() => change((document) => removeRoute(document, router.id, index))}
        >
          <IconTrash size={18} />
        </Tool>
      </Group>
      <FlowList
        flow={route.flow}
        label={t("Modules of {{name}}", { name })}
        start={{ kind: "route", router: router.id, index }}
        isBranch={isIfElse(router)}
      />
    </>
  );
}

type ToolProps = { label: string; onClick: () => void; disabled?: boolean; children: ReactNode };

function Tool({ label, onClick, disabled, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick} disabled={disabled}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
