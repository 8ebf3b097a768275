import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from "@codemirror/autocomplete";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { Candidate } from "../../api/schema";
import { explain, toCharacters, toUnits } from "./explain";

const LINT_DELAY = 300;
const KINDS: Record<string, string> = {
  field: "property",
  module: "namespace",
  function: "function",
  variable: "variable",
  keyword: "keyword",
};

/** Completion and faults, as the server sees them: one language, spoken in one place. */
export function language(module: () => number | null): Extension {
  return [
    autocompletion({
      override: [(context) => complete(context, module())],
      activateOnTyping: true,
      icons: false,
    }),
    linter(
      async (view) => {
        const text = view.state.doc.toString();
        if (!text.includes("{{")) return [];
        const said = await explain(text, module()).catch(() => null);
        return (said?.diagnostics ?? []).map((one): Diagnostic => {
          const from = toUnits(text, one.position);
          const to = Math.max(from + 1, toUnits(text, one.position + one.length));
          return {
            from: Math.min(from, text.length),
            to: Math.min(to, text.length),
            severity: one.severity === "warning" ? "warning" : "error",
            message: one.message,
          };
        });
      },
      { delay: LINT_DELAY },
    ),
  ];
}

async function complete(
  context: CompletionContext,
  module: number | null,
): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const opened = text.lastIndexOf("{{", context.pos - 1);
  if (opened < 0 || text.slice(opened, context.pos).includes("}}")) return null;
  const said = await explain(text, module, { offset: toCharacters(text, context.pos) }).catch(
    () => null,
  );
  const found = said?.completion;
  if (!found || found.candidates.length === 0) return null;
  const from = toUnits(text, found.position);
  return {
    from,
    to: Math.max(context.pos, from + found.length),
    filter: false,
    options: found.candidates.map((one) => option(one)),
  };
}

function option(one: Candidate) {
  return {
    label: one.label,
    detail: one.detail || one.type,
    info: one.help || undefined,
    type: KINDS[one.kind],
    apply: (
      view: Parameters<typeof startCompletion>[0],
      _completion: unknown,
      from: number,
      to: number,
    ) => {
      view.dispatch({
        changes: { from, to, insert: one.insert },
        selection: { anchor: from + toUnits(one.insert, one.cursor) },
        userEvent: "input.complete",
      });
      if (one.kind === "module" || one.insert.endsWith(".")) startCompletion(view);
    },
  };
}
