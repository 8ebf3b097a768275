import type { ReactNode } from "react";
import { defaultOf } from "../../parts/schema";
import { TemplateField } from "../mapping/TemplateField";
import { type FieldProps, spokenOf } from "./Field";

/** A field as one text into which values are mapped. */
export function Mapped(props: FieldProps & { aside?: ReactNode }) {
  const { field, value, module, onChange, hideLabel, aside } = props;
  const preset = defaultOf(field);
  const isStructure = value !== null && typeof value === "object";
  return (
    <TemplateField
      label={field.label}
      spoken={spokenOf(props)}
      hideLabel={hideLabel}
      description={field.help || undefined}
      mandatory={field.mandatory}
      module={module}
      value={value == null || isStructure ? "" : String(value)}
      placeholder={preset == null || typeof preset === "object" ? "" : String(preset)}
      onChange={(text) => onChange(text === "" ? undefined : text)}
      aside={aside}
    />
  );
}
