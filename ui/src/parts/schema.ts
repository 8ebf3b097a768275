import type { FieldView } from "../api/schema";

type Plain = Record<string, unknown>;

/** What a field takes, as far as its form needs to know. */
export type FieldKind =
  | "text"
  | "secret"
  | "number"
  | "boolean"
  | "choice"
  | "operator"
  | "options"
  | "pairs"
  | "collection"
  | "list"
  | "any";

/** The one schema that is meant, where there is one besides null, or behind a reference. */
function bare(schema: Plain): Plain {
  const several = schema.anyOf as Plain[] | undefined;
  const named = several?.filter((one) => one.type !== "null");
  const meant = named?.length === 1 ? { ...schema, ...named[0] } : schema;
  return meant.$ref ? { ...meant, ...defined(meant) } : meant;
}

function defined(schema: Plain): Plain | undefined {
  const name = String(schema.$ref).split("/").at(-1) ?? "";
  return (schema.$defs as Record<string, Plain> | undefined)?.[name];
}

export function kindOf(field: FieldView): FieldKind {
  const schema = bare(field.schema);
  if (field.options && schema.type !== "array") return "options";
  if (schema.enum) return "choice";
  if (schema.format === "operator") return "operator";
  if (schema.format === "password" || schema.writeOnly) return "secret";
  if (schema.type === "array") return "list";
  if (schema.type === "object") return schema.properties ? "collection" : "pairs";
  if (schema.type === "boolean") return "boolean";
  if (schema.type === "integer" || schema.type === "number") return "number";
  return schema.type === "string" ? "text" : "any";
}

/** What each member of a list takes; choices are those of the list. */
export function itemOf({ name, schema, options }: FieldView): FieldView {
  const { items, $defs } = bare(schema);
  return { ...fieldOf(name, { ...(items as Plain | undefined), $defs }, false), options };
}

/** The fields that a collection declares. */
export function membersOf(field: FieldView): FieldView[] {
  const { properties, required, $defs } = bare(field.schema);
  const mandatory = (required as string[] | undefined) ?? [];
  return Object.entries((properties as Record<string, Plain> | undefined) ?? {}).map(
    ([name, schema]) => fieldOf(name, { ...schema, $defs }, mandatory.includes(name)),
  );
}

/** Whether a collection takes fields besides those that it declares. */
export const takesMore = (field: FieldView) => Boolean(bare(field.schema).additionalProperties);

function fieldOf(name: string, schema: Plain, mandatory: boolean): FieldView {
  const help = String(schema.description ?? "");
  const label = String(schema.title ?? name);
  return { name, label, mandatory, help, schema, options: null, depends_on: null };
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
