import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldView } from "../../api/schema";
import { kindOf, membersOf, takesMore } from "../../parts/schema";
import { Field, type FieldProps, spokenOf } from "./Field";
import { FieldGroup } from "./FieldGroup";
import { useFurther } from "./further";
import { PairRows, usePairs } from "./Pairs";

/** A collection by the fields it declares, and by pairs of names and values. */
export function Collection(props: FieldProps) {
  const { field, value, onChange, hideLabel } = props;
  const { t } = useTranslation();
  const further = useFurther(props);
  const members = [...membersOf(field), ...further.fields];
  const tell = (told: Plain) => onChange(Object.keys(told).length === 0 ? undefined : told);
  const inner = (
    <Inner key={names(members).join()} {...{ props, members }} value={asPlain(value)} tell={tell} />
  );
  return (
    <FieldGroup
      label={field.label}
      spoken={spokenOf(props)}
      mandatory={field.mandatory}
      help={field.help}
      hideLabel={hideLabel}
    >
      {further.isAsked && (
        <Text size="sm" c="dimmed" role="status">
          {t("Asking for the fields …")}
        </Text>
      )}
      {further.error && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t("The fields are not known: {{reason}}", { reason: further.error.message })}
        </Text>
      )}
      {inner}
    </FieldGroup>
  );
}

type Plain = Record<string, unknown>;
type InnerProps = {
  props: FieldProps;
  members: FieldView[];
  value: Plain;
  tell: (told: Plain) => void;
};

function Inner({ props, members, value, tell }: InnerProps) {
  const { t } = useTranslation();
  const declared = names(members);
  const isOwn = ([name]: [string, unknown]) => declared.includes(name);
  const own = Object.fromEntries(Object.entries(value).filter(isOwn));
  const rest = Object.fromEntries(Object.entries(value).filter((one) => !isOwn(one)));
  const pairs = usePairs(rest, (told) => tell({ ...own, ...told }));
  const label = spokenOf(props);
  const put = (name: string, given: unknown) => {
    const { [name]: _, ...others } = value;
    tell(given === undefined ? others : { ...others, [name]: given });
  };
  const takesPairs = kindOf(props.field) !== "collection" || takesMore(props.field);
  return (
    <div className="field-members">
      {members.map((member) => (
        <Field
          key={member.name}
          {...props}
          hideLabel={false}
          field={member}
          spoken={props.spoken && t("{{label}}, {{of}}", { label: member.label, of: label })}
          value={value[member.name]}
          onChange={(given) => put(member.name, given)}
        />
      ))}
      {takesPairs && <PairRows label={label} props={props} pairs={pairs} />}
    </div>
  );
}

const names = (members: FieldView[]) => members.map((one) => one.name);

/** Pairs may be a list of records, as in blueprints. */
function asPlain(value: unknown): Plain {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.map((one) => [String(one?.name ?? ""), one?.value]));
  }
  return value !== null && typeof value === "object" ? (value as Plain) : {};
}
