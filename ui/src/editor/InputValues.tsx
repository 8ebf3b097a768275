import type { ScenarioField } from "../api/schema";
import { TypedValue } from "./TypedValue";

type Values = Record<string, unknown>;
type Props = { of: ScenarioField[]; values: Values; onChange: (values: Values) => void };

/** What a scenario is to be given, by the inputs that it declares. */
export function InputValues({ of, values, onChange }: Props) {
  return of.map((field) => (
    <TypedValue
      key={field.name}
      label={field.label || field.name}
      description={field.help || undefined}
      required={field.required}
      type={field.type}
      value={given(field, values)}
      onChange={(value) => onChange({ ...values, [field.name]: value ?? null })}
    />
  ));
}

/** What was given, or else the default. */
const given = (field: ScenarioField, values: Values) =>
  field.name in values ? values[field.name] : field.default;

/** Whether one is missing that has to be given. */
export const isMissing = (fields: ScenarioField[], values: Values) =>
  fields.some((one) => one.required && given(one, values) == null && one.default == null);
