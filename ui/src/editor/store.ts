import { create } from "zustand";
import type { ExecutionView, Problem, RehearsalView, ScenarioDocument } from "../api/schema";
import { emptyDocument, type Flow, type Place } from "./document";

const MOST_STEPS = 200;

export type Shown =
  | { kind: "module"; id: number }
  | { kind: "filter"; id: number }
  | { kind: "route"; router: number; index: number }
  | { kind: "add"; place: Place }
  | { kind: "settings" }
  | { kind: "interface" }
  | { kind: "schedule" }
  | { kind: "versions" }
  | { kind: "run" }
  | { kind: "run from"; module: number }
  | { kind: "pin"; module: number }
  | { kind: "rehearsed"; view: RehearsalView }
  | { kind: "replayed" }
  | null;

type State = {
  document: ScenarioDocument;
  /** The document as the server has it, to know whether there is something to save. */
  saved: ScenarioDocument | null;
  version: number;
  past: ScenarioDocument[];
  future: ScenarioDocument[];
  chosen: Set<number>;
  copied: Flow;
  dialog: Shown;
  problems: Problem[];
  view: "canvas" | "list";
  run: ExecutionView | null;
  /** The bundles that are pinned to modules, by their numbers. */
  pins: Record<number, unknown[]>;
};

const fresh = (): State => ({
  document: emptyDocument(""),
  saved: null,
  version: 0,
  past: [],
  future: [],
  chosen: new Set(),
  copied: [],
  dialog: null,
  problems: [],
  view: localStorage.getItem("trunkline.view") === "list" ? "list" : "canvas",
  run: null,
  pins: {},
});

export const useEditor = create<State>(fresh);

const set = useEditor.setState;
const now = useEditor.getState;

export function open(document: ScenarioDocument, version: number): void {
  set({ ...fresh(), copied: now().copied, document, saved: version ? document : null, version });
}

/** What the server has taken becomes the state to come back to; undo still goes behind it. */
export function wasSaved(document: ScenarioDocument, version: number): void {
  set({ document, saved: document, version });
}

export function change(how: (document: ScenarioDocument) => ScenarioDocument): void {
  const { document, past } = now();
  const changed = how(document);
  if (changed === document) return;
  set({ document: changed, past: [...past.slice(-MOST_STEPS), document], future: [] });
}

export function undo(): void {
  const { document, past, future } = now();
  const before = past.at(-1);
  if (before) set({ document: before, past: past.slice(0, -1), future: [document, ...future] });
}

export function redo(): void {
  const { document, past, future } = now();
  const [next, ...later] = future;
  if (next) set({ document: next, past: [...past, document], future: later });
}

export const show = (dialog: Shown) => set({ dialog });
export const choose = (chosen: Set<number>) => set({ chosen });
export const copy = (copied: Flow) => set({ copied });
export const tellProblems = (problems: Problem[]) => set({ problems });
export const follow = (run: ExecutionView | null) => set({ run });

export function look(view: State["view"]): void {
  localStorage.setItem("trunkline.view", view);
  set({ view });
}

export const isChanged = (state: State) =>
  state.document !== state.saved && JSON.stringify(state.document) !== JSON.stringify(state.saved);
