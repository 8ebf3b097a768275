import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, post } from "../../api/client";
import { queries } from "../../api/queries";
import type { Bulk, ExecutionView, Refusal } from "../../api/schema";
import { complain, say } from "../../parts/act";

/** Few enough that a person sees it go on. */
const AT_ONCE = 50;
const MOST_LISTED = 1000;
const MOST_REASONS = 3;

export type Action = "resume" | "discard";
export type Filters = { scenario: string; state: string; text: string };

/** Resumes or discards many, part by part, and says how many could not and why. */
export function useBulk() {
  const { t } = useTranslation();
  const [progress, setProgress] = useState<number | null>(null);
  const run = async (action: Action, chosen: string[] | Filters) => {
    setProgress(0);
    try {
      const ids = Array.isArray(chosen) ? chosen : await matching(chosen);
      const { done, refused } = await inParts(action, ids, setProgress);
      const said = { count: done };
      if (done)
        say(action === "resume" ? t("{{count}} go on", said) : t("{{count}} discarded", said));
      if (refused.length) {
        complain(
          t("{{count}} could not: {{reasons}}", {
            count: refused.length,
            reasons: reasonsOf(refused),
          }),
        );
      }
    } catch (error) {
      complain((error as Error).message);
    } finally {
      setProgress(null);
      for (const topic of ["executions", "deliveries"]) {
        queries.invalidateQueries({ queryKey: [topic] });
      }
    }
  };
  return { progress, run };
}

async function inParts(
  action: Action,
  ids: string[],
  tell: (percent: number) => void,
): Promise<Bulk> {
  const all: Bulk = { done: 0, refused: [] };
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const executions = ids.slice(at, at + AT_ONCE);
    const part = await post<Bulk>(`/executions/${action}`, { executions });
    all.done += part.done;
    all.refused.push(...part.refused);
    tell((100 * (at + executions.length)) / ids.length);
  }
  return all;
}

/** The ids of all that match, oldest first. */
async function matching(filters: Filters): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await get<ExecutionView[]>("/executions", {
      ...filters,
      limit: MOST_LISTED,
      before: ids.at(-1),
    });
    ids.push(...page.map((one) => one.id));
    if (page.length < MOST_LISTED) return ids.reverse();
  }
}

function reasonsOf(refused: Refusal[]): string {
  const reasons = [...new Set(refused.map((one) => one.reason))];
  const said = reasons.slice(0, MOST_REASONS).join(" ");
  return reasons.length > MOST_REASONS ? `${said} …` : said;
}
