import { post } from "../../api/client";
import type { Said } from "../../api/schema";
import { toSave } from "../document";
import { useEditor } from "../store";

/** What the server says of a template at its place: faults, completion, and its value. */
export async function explain(
  template: string,
  module: number | null,
  more: { offset?: number; bundles?: Record<number, unknown> } = {},
): Promise<Said> {
  const { document } = useEditor.getState();
  const timezone = document.settings?.timezone ?? "UTC";
  return post<Said>("/templates/explain", {
    template,
    offset: more.offset,
    bundles: more.bundles,
    timezone,
    ...(module === null ? {} : { scenario: toSave(document), module }),
  });
}

/** Python counts characters and JavaScript halves of them; these lead from one to the other. */
export const toUnits = (text: string, characters: number) =>
  [...text].slice(0, characters).join("").length;
export const toCharacters = (text: string, units: number) => [...text.slice(0, units)].length;
