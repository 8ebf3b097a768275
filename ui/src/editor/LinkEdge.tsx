import { IconFilter, IconFilterFilled, IconPlus, IconShieldHalf } from "@tabler/icons-react";
import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  getSmoothStepPath,
} from "@xyflow/react";
import { useTranslation } from "react-i18next";
import type { PlacedModule } from "../api/schema";
import { useAddLabel, useRouteName } from "./known";
import type { Link, RouteLink } from "./layout";
import { show } from "./store";

const BEFORE_MERGE = 50;

/** A line between modules, with its route, its filter, and a way to add in between. */
export function LinkEdge(props: EdgeProps & { data?: { link: Link } }) {
  const link = props.data?.link;
  if (!link) return null;
  const [path, x, y] = pathOf(props, link);
  return (
    <>
      <BaseEdge path={path} className={classOf(link)} />
      <EdgeLabelRenderer>
        <div
          className="link-label nodrag nopan"
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {link.isError && <ErrorMark module={link.from} />}
          {link.route && <RouteName route={link.route} before={link.filtered} />}
          <span className="link-tools">
            {link.filtered && <Filter placed={link.filtered} route={link.route} />}
            <Between link={link} />
          </span>
        </div>
      </EdgeLabelRenderer>
    </>
  );
}

/** The line, and where what is written on it stands. */
function pathOf(props: EdgeProps, link: Link): [path: string, x: number, y: number] {
  if (link.comesBack) {
    const centerX = props.targetX - BEFORE_MERGE;
    const [path] = getSmoothStepPath({ ...props, centerX });
    return [path, (props.sourceX + centerX) / 2, props.sourceY];
  }
  const [path, x, y] = link.isError ? getSmoothStepPath(props) : getBezierPath(props);
  return [path, x, y];
}

function classOf(link: Link): string {
  const isLoose = link.to.startsWith("end-") && !(link.comesBack && link.from.startsWith("end-"));
  return `link ${link.isError ? "error" : isLoose ? "loose" : ""}`;
}

function ErrorMark({ module }: { module: string }) {
  const { t } = useTranslation();
  return (
    <span
      className="error-mark"
      role="img"
      aria-label={t("Error route of module {{id}}", { id: module })}
    >
      <IconShieldHalf size={14} aria-hidden /> {t("on error")}
    </span>
  );
}

function RouteName({ route, before }: { route: RouteLink; before: PlacedModule | null }) {
  const { t } = useTranslation();
  const name = useRouteName()(route);
  return (
    <button
      type="button"
      aria-label={
        before
          ? t("{{name}}, before module {{id}}", { name, id: before.id })
          : t("{{name}} of module {{id}}", { name, id: route.router })
      }
      onClick={() => show({ kind: "route", router: route.router, index: route.index })}
    >
      {name}
    </button>
  );
}

/** The routes of an if-else have conditions instead; a filter there is shown if it is. */
function Filter({ placed, route }: { placed: PlacedModule; route: RouteLink | undefined }) {
  const { t } = useTranslation();
  const { filter, id } = placed;
  const isBranch = route?.kind === "condition" || route?.kind === "else";
  if (isBranch && !filter) return null;
  const name = filter ? filter.name || t("filter") : "";
  return (
    <button
      type="button"
      aria-label={
        filter
          ? t("Filter {{name}} before module {{id}}", { name, id })
          : t("Set a filter before module {{id}}", { id })
      }
      title={filter ? t("Filter") : t("Set a filter")}
      onClick={() => show({ kind: "filter", id })}
    >
      {filter ? <IconFilterFilled size={14} aria-hidden /> : <IconFilter size={14} aria-hidden />}
      {name}
    </button>
  );
}

/** Adds in between; where the line leads to an end, that end adds, but for a branch. */
function Between({ link }: { link: Link }) {
  const { t } = useTranslation();
  const named = useAddLabel();
  const end = `end-${Object.values(link.place).join("-")}`;
  if (link.to === end || link.from === end || (link.route && link.filtered)) return null;
  const label = link.filtered
    ? t("Add a module before module {{id}}", { id: link.filtered.id })
    : named(link.place);
  return (
    <button
      type="button"
      aria-label={label}
      title={t("Add a module here")}
      onClick={() => show({ kind: "add", place: link.place })}
    >
      <IconPlus size={14} aria-hidden />
    </button>
  );
}
