import { IconPinFilled, IconPlayerTrackNext, IconPlus, IconShieldPlus } from "@tabler/icons-react";
import { Handle, Position } from "@xyflow/react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ModuleCountView } from "../api/schema";
import { AppIcon } from "../parts/AppIcon";
import { addRoute, changeModule, findModule } from "./document";
import { canFail, hasRoutes } from "./kinds";
import { appOf, labelOf, useKnown } from "./known";
import { draw } from "./layout";
import { usePinned } from "./pins";
import { ScheduleClock } from "./ScheduleButton";
import { change, choose, show, useEditor } from "./store";
import { useFollowed } from "./use";

const STEP = 20;
const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** A module as a disc: its number, its faults, and what it did in the run that is followed. */
export function ModuleNode({ data, selected }: { data: { id: number }; selected?: boolean }) {
  const { t } = useTranslation();
  const placed = useEditor((state) => findModule(state.document, data.id));
  const problems = useEditor((state) => state.problems);
  const run = useFollowed();
  const known = useKnown();
  const isPinned = usePinned(data.id) !== undefined;
  const isOnlyChosen = useEditor(({ chosen }) => chosen.size === 1 && chosen.has(data.id));
  const isFirst = useEditor((state) => state.document.flow[0]?.id === data.id);
  const isSaved = useEditor((state) => state.version > 0);
  if (!placed) return null;
  const label = labelOf(placed, known);
  const faults = problems.filter((one) => one.module === placed.id);
  const isFaulty = faults.some((one) => one.severity !== "warning");
  const count = run?.modules?.find((one) => one.module_id === placed.id);
  const said = [
    t("{{label}}, module {{id}}", { label, id: placed.id }),
    faults.length > 0 ? t("{{count}} problems", { count: faults.length }) : "",
    isPinned ? t("pinned") : "",
    count ? spoken(count) : "",
    count?.stood_in === "taken over" ? t("taken over") : "",
  ];
  return (
    <div className={selected ? "module chosen" : "module"}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="module-disc"
        data-heir={isOnlyChosen || undefined}
        aria-label={said.filter(Boolean).join(", ")}
        onDoubleClick={() => show({ kind: "module", id: placed.id })}
        onFocus={(event) => {
          // A pointer chooses by itself, perhaps several.
          if (event.target.matches(":focus-visible")) choose(new Set([placed.id]));
        }}
        onKeyDown={(event) => press(event, placed.id)}
      >
        <AppIcon app={appOf(placed)} size={60} />
      </button>
      <ScheduleClock module={placed.id} />
      {count && <Mark count={count} />}
      {isPinned && (
        <span className="module-pin" title={t("pinned")} aria-hidden>
          <IconPinFilled size={14} />
        </span>
      )}
      {faults.length > 0 && (
        <span className={isFaulty ? "module-fault" : "module-fault warning"} aria-hidden>
          !
        </span>
      )}
      <span className="module-label" aria-hidden>
        {label}
        <br />
        <span className="module-number">{placed.id}</span>
      </span>
      {placed.note && (
        <span className="module-note" title={placed.note}>
          {placed.note}
        </span>
      )}
      {hasRoutes(placed) && (
        <button
          type="button"
          className="add-route nodrag nopan"
          aria-label={t("Add a route to module {{id}}", { id: placed.id })}
          title={t("Add a route")}
          onClick={() => change((document) => addRoute(document, placed.id))}
        >
          <IconPlus size={16} aria-hidden />
        </button>
      )}
      {selected && isSaved && !isFirst && (
        <button
          type="button"
          className="add-route nodrag nopan"
          aria-label={t("Run from module {{id}}", { id: placed.id })}
          title={t("Run from here")}
          onClick={() => show({ kind: "run from", module: placed.id })}
        >
          <IconPlayerTrackNext size={16} aria-hidden />
        </button>
      )}
      {selected && canFail(placed) && !placed.on_error?.length && (
        <button
          type="button"
          className="add-route nodrag nopan"
          aria-label={t("Add an error route to module {{id}}", { id: placed.id })}
          title={t("Add error route")}
          onClick={() => show({ kind: "add", place: { kind: "error", id: placed.id } })}
        >
          <IconShieldPlus size={16} aria-hidden />
        </button>
      )}
      <Handle type="source" id="next" position={Position.Right} isConnectable={false} />
      <Handle type="source" id="error" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

function press(event: KeyboardEvent, id: number): void {
  const by = MOVES[event.key];
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show({ kind: "module", id });
  } else if (by && !event.ctrlKey) {
    event.preventDefault();
    change((document) => {
      const at = draw(document).points.get(id) ?? { x: 0, y: 0 };
      const designer = { x: at.x + by[0], y: at.y + by[1] };
      return changeModule(document, id, (one) => ({ ...one, designer }));
    });
  }
}

function Mark({ count }: { count: ModuleCountView }) {
  const ended = count.states.failed ? "failed" : count.states.done ? "done" : "filtered";
  const kind = count.stood_in ? `${ended} stood-in` : ended;
  const shown = count.states.failed ?? count.states.done ?? count.states.filtered;
  return (
    <span className={`module-mark ${kind}`} aria-hidden>
      {shown}
    </span>
  );
}

function spoken(count: ModuleCountView): string {
  return Object.entries(count.states)
    .map(([state, number]) => `${number} ${state}`)
    .join(", ");
}
