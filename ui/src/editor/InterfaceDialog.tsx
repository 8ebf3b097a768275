import { Button, Fieldset, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScenarioField } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { type RowsState, useRows } from "./fields/list";
import { type Aiming, RowActs, useAim } from "./fields/RowActs";
import { change, show, useEditor } from "./store";
import { TypedValue } from "./TypedValue";

/** What a scenario is given when it begins, and what it returns to whoever called it. */
export default function InterfaceDialog() {
  const { t } = useTranslation();
  const document = useEditor((state) => state.document);
  const [inputs, setInputs] = useState(document.inputs ?? []);
  const [outputs, setOutputs] = useState(document.outputs ?? []);
  const isDoubled = hasDoubles(inputs) || hasDoubles(outputs);
  const take = (event: FormEvent) => {
    event.preventDefault();
    change((before) => ({ ...before, inputs, outputs }));
    show(null);
  };
  return (
    <Dialog onClose={() => show(null)} title={t("Inputs and outputs")} size="xl">
      <form onSubmit={take}>
        <Stack>
          <Declared
            label={t("Inputs")}
            help={t("What the scenario is given by whoever runs or calls it; map it everywhere.")}
            of={inputs}
            onChange={setInputs}
          />
          <Declared
            label={t("Outputs")}
            help={t("What the module Return data gives to the scenario that called this one.")}
            of={outputs}
            onChange={setOutputs}
          />
          {isDoubled && (
            <Text c="var(--mantine-color-error)" role="alert">
              {t("Two of them have the same name.")}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => show(null)}>
              {t("Cancel")}
            </Button>
            <Button type="submit" disabled={isDoubled}>
              {t("OK")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function hasDoubles(fields: ScenarioField[]): boolean {
  const names = fields.map((one) => one.name).filter(Boolean);
  return new Set(names).size < names.length;
}

type DeclaredProps = {
  label: string;
  help: string;
  of: ScenarioField[];
  onChange: (fields: ScenarioField[]) => void;
};

function Declared({ label, help, of, onChange }: DeclaredProps) {
  const { t } = useTranslation();
  const rows = useRows(of, (list) => onChange(list as ScenarioField[]));
  const [host, aiming] = useAim();
  return (
    <Fieldset legend={label} p="xs">
      <Text size="xs" c="dimmed" mb="xs">
        {help}
      </Text>
      <div ref={host}>
        {rows.rows.map((row, index) => (
          <DeclaredRow key={row.key} {...{ of: label, rows, index, aiming }} />
        ))}
        <Button
          size="xs"
          variant="default"
          data-act="add"
          aria-label={t("Add a row to {{label}}", { label })}
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            aiming({ index: rows.rows.length, act: "fill" }, () =>
              rows.add({ name: "", type: "text" }),
            )
          }
        >
          {t("Add a row")}
        </Button>
      </div>
    </Fieldset>
  );
}

type RowProps = { of: string; rows: RowsState; index: number; aiming: Aiming };

function DeclaredRow({ of, rows, index, aiming }: RowProps) {
  const { t } = useTranslation();
  const types = useTypes();
  const row = t("row {{number}} of {{label}}", { number: index + 1, label: of });
  const field = rows.rows[index]?.value as ScenarioField;
  const put = (part: Partial<ScenarioField>) => rows.put(index, { ...field, ...part });
  const spoken = (label: string) => t("{{label}}, {{of}}", { label, of: row });
  const text = (label: string, key: "name" | "label" | "help", required = false) => (
    <TextInput
      label={label}
      aria-label={spoken(label)}
      required={required}
      className={required ? "mandatory" : undefined}
      value={field[key] ?? ""}
      onChange={(event) => put({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <div className="field-row" data-row>
      <div className="field-cell declared">
        {text(t("Name"), "name", true)}
        <Select
          label={t("Type")}
          aria-label={spoken(t("Type"))}
          allowDeselect={false}
          data={types}
          value={field.type ?? "any"}
          onChange={(type) => put({ type: type as ScenarioField["type"], default: undefined })}
        />
        {text(t("Label"), "label")}
        <TypedValue
          key={field.type}
          label={t("Default")}
          spoken={spoken(t("Default"))}
          type={field.type}
          value={field.default}
          onChange={(preset) => put({ default: preset })}
        />
        {text(t("Help"), "help")}
        <Switch
          mt={26}
          label={t("Required")}
          aria-label={spoken(t("Required"))}
          checked={field.required ?? false}
          onChange={(event) => put({ required: event.currentTarget.checked })}
        />
      </div>
      <RowActs {...{ label: row, rows, index, aiming }} />
    </div>
  );
}

function useTypes(): { value: string; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "text", label: t("Text") },
    { value: "number", label: t("Number") },
    { value: "integer", label: t("Whole number") },
    { value: "boolean", label: t("Yes or no") },
    { value: "date", label: t("Date") },
    { value: "array", label: t("Array") },
    { value: "collection", label: t("Collection") },
    { value: "any", label: t("Anything") },
  ];
}
