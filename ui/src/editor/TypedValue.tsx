import { NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScenarioField } from "../api/schema";

type Props = {
  label: string;
  /** What it is called aloud, where its label alone does not tell it from others. */
  spoken?: string;
  description?: string;
  required?: boolean;
  type: ScenarioField["type"];
  value: unknown;
  onChange: (value: unknown) => void;
};

/** A plain value of the type that was declared for it; undefined where there is none. */
export function TypedValue({ type, value, onChange, required, spoken, ...named }: Props) {
  const { t } = useTranslation();
  const className = required ? "mandatory" : undefined;
  const shown = { ...named, required, className, "aria-label": spoken };
  switch (type) {
    case "number":
    case "integer":
      return (
        <NumberInput
          {...shown}
          allowDecimal={type === "number"}
          value={typeof value === "number" || typeof value === "string" ? value : ""}
          onChange={(typed) => onChange(typed === "" ? undefined : typed)}
        />
      );
    case "boolean":
      return (
        <Select
          {...shown}
          clearable={!required}
          clearButtonProps={{ "aria-label": t("Clear {{label}}", { label: named.label }) }}
          data={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          onChange={(chosen) => onChange(chosen === null ? undefined : chosen === "true")}
        />
      );
    case "array":
    case "collection":
      return <JsonValue {...{ ...shown, value, onChange }} isList={type === "array"} />;
    default:
      return (
        <TextInput
          {...shown}
          placeholder={type === "date" ? "2026-11-26T09:00:00Z" : undefined}
          value={value == null ? "" : asWritten(value)}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        />
      );
  }
}

const asWritten = (value: unknown) =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

type JsonProps = Omit<Props, "type" | "spoken"> & { isList: boolean };

/** What is not JSON, or of another kind, is kept as it is written, and not told. */
function JsonValue({ value, onChange, isList, ...shown }: JsonProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value == null ? "" : JSON.stringify(value, null, 2));
  const [isWrong, setWrong] = useState(false);
  const take = (typed: string) => {
    setText(typed);
    const given = parsed(typed);
    const fits = typed.trim() === "" || Array.isArray(given) === isList;
    setWrong(!fits || given === undefined);
    onChange(fits && given !== null ? given : undefined);
  };
  const fault = isList ? t("This is not an array in JSON.") : t("This is not an object in JSON.");
  return (
    <Textarea
      {...shown}
      autosize
      minRows={2}
      maxRows={8}
      placeholder={isList ? "[…]" : "{…}"}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={text}
      onChange={(event) => take(event.currentTarget.value)}
      error={isWrong ? fault : undefined}
    />
  );
}

/** A collection or an array; null where nothing is written, undefined where neither is. */
function parsed(text: string): object | null | undefined {
  if (text.trim() === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
