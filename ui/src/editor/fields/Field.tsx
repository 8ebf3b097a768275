import type { FieldView } from "../../api/schema";
import { kindOf } from "../../parts/schema";
import { Choosing } from "./Choosing";
import { Viewed } from "./Viewed";

export type FieldProps = {
  field: FieldView;
  module: number;
  moduleName: string;
  connection: string | null | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
  /** The values of the fields beside it, on which its own may depend. */
  siblings?: Record<string, unknown>;
  /** What it is called aloud, where its label alone does not tell it from others. */
  spoken?: string;
  /** Within a row that says what it is. */
  hideLabel?: boolean;
};

const SELECTABLE = new Set(["choice", "options", "operator", "boolean"]);

/** One field of a module's dialog: select or map, by itself or within a list. */
export function Field(props: FieldProps) {
  return SELECTABLE.has(kindOf(props.field)) ? <Choosing {...props} /> : <Viewed {...props} />;
}

export const spokenOf = ({ field, spoken }: FieldProps) => spoken ?? field.label;

export const isTemplate = (value: unknown) => typeof value === "string" && value.includes("{{");
