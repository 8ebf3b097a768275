import { post } from "../../api/client";
import type { Said, ScenarioDocument } from "../../api/schema";
import { toSave } from "../document";
import { FAILED_SAMPLE, upstreamOf } from "../reach";
import { useEditor } from "../store";

type Bundles = Record<number, unknown>;

/** What the server says of a template at its place: faults, completion, and its value. */
export async function explain(
  template: string,
  module: number | null,
  more: { offset?: number; bundles?: Bundles } = {},
): Promise<Said> {
  const { document } = useEditor.getState();
  const bundles = more.bundles && withErrors(document, module, more.bundles);
  const timezone = document.settings?.timezone ?? "UTC";
  return post<Said>("/templates/explain", {
    template,
    offset: more.offset,
    bundles,
    timezone,
    ...(module === null ? {} : { scenario: toSave(document), module }),
  });
}

/** Of a module that failed, its error stands in place of its last bundle. */
function withErrors(document: ScenarioDocument, module: number | null, bundles: Bundles): Bundles {
  const upstream = module === null ? [] : (upstreamOf(document.flow, module) ?? []);
  const failed = upstream.filter((one) => one.failed);
  return { ...bundles, ...Object.fromEntries(failed.map((one) => [one.placed.id, FAILED_SAMPLE])) };
}

/** Python counts characters and JavaScript halves of them; these lead from one to the other. */
export const toUnits = (text: string, characters: number) =>
  [...text].slice(0, characters).join("").length;
export const toCharacters = (text: string, units: number) => [...text.slice(0, units)].length;
