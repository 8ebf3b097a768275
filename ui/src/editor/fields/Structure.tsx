import { Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldProps, spokenOf } from "./Field";

/** A collection or an array, written as JSON; its texts may map values. */
export function Structure(props: FieldProps) {
  const { field, value, onChange, hideLabel } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(() => (value == null ? "" : JSON.stringify(value, null, 2)));
  const [example] = (field.schema.examples as unknown[] | undefined) ?? [];
  const [fault, setFault] = useState("");
  const take = (typed: string) => {
    setText(typed);
    if (typed.trim() === "") return onChange(undefined);
    try {
      onChange(JSON.parse(typed));
      setFault("");
    } catch (error) {
      setFault(t("This is not JSON: {{reason}}", { reason: (error as Error).message }));
    }
  };
  return (
    <div className="field-cell">
      <Textarea
        label={hideLabel ? undefined : field.label}
        aria-label={spokenOf(props)}
        description={field.help || undefined}
        required={field.mandatory}
        className={field.mandatory ? "mandatory" : undefined}
        autosize
        minRows={3}
        maxRows={14}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        placeholder={example === undefined ? undefined : JSON.stringify(example)}
        value={text}
        onChange={(event) => take(event.currentTarget.value)}
        error={fault || undefined}
      />
      <Text size="xs" c="dimmed">
        {t("A value as JSON; texts in it may map values.")}
      </Text>
    </div>
  );
}
