import type { EditorView } from "@codemirror/view";
import { create } from "zustand";

type State = {
  /** The field that was written in last: values chosen in the panel go there. */
  view: EditorView | null;
  /** The last bundle of each module, to try templates on. */
  bundles: Record<number, unknown>;
};

export const useMapping = create<State>(() => ({ view: null, bundles: {} }));

/** Puts a text where the cursor stands, and the cursor `back` places before its end. */
export function insertText(text: string, back = 0): boolean {
  const { view } = useMapping.getState();
  if (!view) return false;
  const { from, to } = view.state.selection.main;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length - back },
    userEvent: "input",
  });
  view.focus();
  return true;
}
