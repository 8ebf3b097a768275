import type { ScenarioDocument } from "../api/schema";
import { useEditor } from "./store";

type Draft = { version: number; document: ScenarioDocument };

const place = (id: string | null) => `trunkline.draft.${id ?? "new"}`;

/** What was changed and not saved when this tab was last in the scenario. */
export function draftOf(id: string | null): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(id)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

/** Keeps what is changed and not saved for as long as the tab lives. */
export function keepDraft(id: string | null): () => void {
  return useEditor.subscribe(({ document, saved, version }) => {
    const untouched = document === saved || (saved === null && document.flow.length === 0);
    if (untouched) sessionStorage.removeItem(place(id));
    else sessionStorage.setItem(place(id), JSON.stringify({ version, document }));
  });
}
