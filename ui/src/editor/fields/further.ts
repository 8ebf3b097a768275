import { useQuery } from "@tanstack/react-query";
import { part, post } from "../../api/client";
import type { FieldView, ScenarioField } from "../../api/schema";
import { useKnown } from "../known";
import { useEditor } from "../store";
import { type FieldProps, isTemplate } from "./Field";

type Further = {
  fields: FieldView[];
  isAsked: boolean;
  error: Error | null;
};

/** The fields of a collection that depend on what is filled in before. */
export function useFurther({ field, moduleName, connection, siblings }: FieldProps): Further {
  const known = useKnown();
  const outputs = useEditor((state) => state.document.outputs);
  const on = field.depends_on ?? [];
  const filled = Object.fromEntries(on.map((name) => [name, siblings?.[name]]));
  const path = `/modules/${part(moduleName)}/fields/${part(field.name)}/further`;
  const found = useQuery<FieldView[], Error>({
    queryKey: ["further", moduleName, field.name, connection, filled],
    queryFn: () => post(path, { connection, fields: filled }),
    enabled: on.length > 0 && on.every((name) => isConstant(filled[name])),
    retry: false,
    staleTime: 30_000,
  });
  const returns = known.get(moduleName)?.module.kind === "returner" && field.name === "data";
  const own = returns ? (outputs ?? []).map(asField) : [];
  return { fields: found.data ?? own, isAsked: found.isFetching, error: found.error };
}

const isConstant = (value: unknown) => value != null && value !== "" && !isTemplate(value);

const TYPES: Partial<Record<NonNullable<ScenarioField["type"]>, Record<string, unknown>>> = {
  text: { type: "string" },
  number: { type: "number" },
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date-time" },
  array: { type: "array" },
  collection: { type: "object" },
};

/** An output of the scenario as a field of the module that returns it. */
const asField = (field: ScenarioField): FieldView => ({
  name: field.name,
  label: field.label || field.name,
  mandatory: field.required ?? false,
  help: field.help ?? "",
  schema: TYPES[field.type ?? "any"] ?? {},
  options: null,
  depends_on: null,
});
