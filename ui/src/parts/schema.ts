import type { FieldView } from "../api/schema";

type Plain = Record<string, unknown>;

/** What a field takes, as far as its form needs to know. */
export type FieldKind =
  | "text"
  | "secret"
  | "number"
  | "boolean"
  | "choice"
  | "options"
  | "pairs"
  | "structure"
  | "any";

/** The one schema that is meant, where there is one besides null. */
function bare(schema: Plain): Plain {
  const several = schema.anyOf as Plain[] | undefined;
  const named = several?.filter((one) => one.type !== "null");
  return named?.length === 1 ? { ...schema, ...named[0] } : schema;
}

/** Whether the members of an array are collections or arrays themselves. */
const isNested = (items: Plain | undefined) => Boolean(items?.$ref) || items?.type === "array";

export function kindOf(field: FieldView): FieldKind {
  const schema = bare(field.schema);
  if (field.options) return "options";
  if (schema.enum) return "choice";
  if (schema.format === "password" || schema.writeOnly) return "secret";
  if (schema.format === "pairs") return "pairs";
  if (schema.type === "array" && isNested(schema.items as Plain | undefined)) return "structure";
  if (schema.type === "boolean") return "boolean";
  if (schema.type === "integer" || schema.type === "number") return "number";
  return schema.type === "string" ? "text" : "any";
}

export function choicesOf(field: FieldView): { value: string; label: string }[] {
  const schema = bare(field.schema);
  const labels = (field.schema.labels ?? {}) as Record<string, string>;
  return ((schema.enum as unknown[]) ?? []).map((value) => ({
    value: String(value),
    label: labels[String(value)] ?? String(value),
  }));
}

export const defaultOf = (field: FieldView): unknown => field.schema.default;
