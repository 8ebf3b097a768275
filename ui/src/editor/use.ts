import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { part, post, put } from "../api/client";
import { isUnderWay, queries, useExecution } from "../api/queries";
import type {
  ByHand,
  ExecutionView,
  RehearsalView,
  ScenarioDocument,
  ScenarioView,
  Trial,
} from "../api/schema";
import { complain, say, useAct } from "../parts/act";
import { isTyping } from "../shell/Shortcuts";
import {
  chosenOf,
  endOf,
  insertModules,
  nextId,
  type Place,
  removeModules,
  renumbered,
  toSave,
} from "./document";
import {
  change,
  choose,
  copy,
  follow,
  isChanged,
  look,
  redo,
  show,
  undo,
  useEditor,
  wasSaved,
} from "./store";

/** Saves what is edited as a new version; a new scenario then has an address. */
export function useSave(id: string | null) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  return useAct(async () => {
    const { document, version } = useEditor.getState();
    const tidy = toSave(document);
    const saved = id
      ? await put<ScenarioView>(`/scenarios/${part(id)}`, tidy, { "if-match": `"${version}"` })
      : await post<ScenarioView>("/scenarios", tidy);
    wasSaved(saved.document as unknown as ScenarioDocument, saved.version);
    queries.setQueryData(["scenarios", saved.id], saved);
    queries.invalidateQueries({ queryKey: ["scenarios"] });
    say(t("Saved as version {{version}}.", { version: saved.version }));
    if (!id) go(`/scenarios/${saved.id}`, { replace: true });
    return saved;
  });
}

/** Begins a run of the saved version and follows it on the modules. */
export function useRun(id: string) {
  return useAct((byHand: ByHand) =>
    post<ExecutionView>(`/scenarios/${part(id)}/run`, byHand, { wait: false }).then((begun) => {
      follow(begun);
      return begun;
    }),
  );
}

/** Tries what is in the editor, saved or not, and shows what it would do. */
export function useRehearsal(id: string) {
  return useAct(
    async (given: Omit<Trial, "document">) => {
      const document = toSave(useEditor.getState().document);
      const trial = { ...given, document };
      const view = await post<RehearsalView>(`/scenarios/${part(id)}/rehearse`, trial);
      show({ kind: "rehearsed", view });
    },
    { quiet: true },
  );
}

/** Keeps the execution that is followed as it is now; called once, by the editor. */
export function useFollowing(): void {
  const id = useEditor((state) => state.run?.id ?? null);
  const seen = useExecution(id).data;
  useEffect(() => {
    if (seen && seen.id === id) follow(seen);
  }, [seen, id]);
}

export const useFollowed = () => useEditor((state) => state.run);

export async function stopRun(run: ExecutionView): Promise<void> {
  if (!isUnderWay(run)) return;
  try {
    await post(`/executions/${run.id}/cancel`);
  } catch (error) {
    complain((error as Error).message);
  }
  await queries.invalidateQueries({ queryKey: ["executions"] });
}

export function removeChosen(): void {
  const { chosen } = useEditor.getState();
  if (chosen.size === 0) return;
  change((document) => removeModules(document, chosen));
  choose(new Set());
}

export function copyChosen(): void {
  const { document, chosen } = useEditor.getState();
  if (chosen.size === 0) return;
  const copied = chosenOf(document, chosen);
  copy(copied);
  navigator.clipboard?.writeText(JSON.stringify(copied, null, 2)).catch(() => {});
}

/** Puts what was copied behind what is chosen, or behind everything. */
export function paste(): void {
  const { document, chosen, copied } = useEditor.getState();
  if (copied.length === 0) return;
  const added = renumbered(copied, nextId(document));
  change((before) => insertModules(before, nextPlace(document, chosen), added));
  choose(new Set(added.map((one) => one.id)));
}

export function addAtEnd(): void {
  const { document, chosen } = useEditor.getState();
  show({ kind: "add", place: nextPlace(document, chosen) });
}

/** Opens a dialog for the one module that is chosen, where it stands behind another. */
function forChosen(kind: "run from" | "pin", id: string | null): void {
  const { document, chosen } = useEditor.getState();
  const [module] = chosen;
  if (id === null || module === undefined || chosen.size > 1) return;
  const isFirst = document.flow[0]?.id === module;
  if (kind === "pin" || !isFirst) show({ kind, module });
}

/** Behind what was chosen last, or behind everything. */
function nextPlace(document: ScenarioDocument, chosen: Set<number>): Place {
  const id = [...chosen].at(-1);
  return id === undefined ? endOf(document.flow) : { kind: "after", id };
}

export function useShortcuts(id: string | null): void {
  const save = useSave(id);
  useEffect(() => {
    const plain: Record<string, () => void> = {
      a: addAtEnd,
      Delete: removeChosen,
      Backspace: removeChosen,
      r: () => forChosen("run from", id),
      p: () => forChosen("pin", id),
      l: () => look(useEditor.getState().view === "canvas" ? "list" : "canvas"),
    };
    const withControl: Record<string, () => void> = {
      z: undo,
      Z: redo,
      y: redo,
      c: copyChosen,
      v: paste,
    };
    const press = (event: KeyboardEvent) => {
      if (useEditor.getState().dialog !== null) return;
      const control = event.ctrlKey || event.metaKey;
      if (control && event.key === "s") {
        event.preventDefault();
        save.mutate(undefined);
        return;
      }
      if (control && event.key === "Enter" && id) {
        event.preventDefault();
        show({ kind: "run" });
        return;
      }
      const target = event.target as HTMLElement;
      if (target.closest("input, textarea, [contenteditable=true], [role=dialog]")) return;
      const run = control ? withControl[event.key] : isTyping(event) ? undefined : plain[event.key];
      if (!run) return;
      if (!(control && event.key === "c")) event.preventDefault();
      run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [id, save]);
}

/** Asks before a change is lost with the page. */
export function useLeaving(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isChanged(useEditor.getState())) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
