import { ActionIcon, Button, Fieldset, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { TemplateField } from "../mapping/TemplateField";
import { asText } from "../mapping/text";
import type { FieldProps } from "./Field";

type Pair = { key: number; name: string; value: unknown };

export type PairsState = {
  pairs: Pair[];
  add: (name?: string) => void;
  put: (key: number, part: Partial<Pair>) => void;
  drop: (key: number) => void;
};

let made = 0;
const pair = (name = "", value: unknown = ""): Pair => ({ key: ++made, name, value });

/** Pairs as they are edited: those without a name are kept, and not told. */
export function usePairs(
  value: unknown,
  onChange: (pairs: Record<string, unknown>) => void,
): PairsState {
  const [pairs, setPairs] = useState(() => read(value));
  const tell = (changed: Pair[]) => {
    setPairs(changed);
    const named = changed.filter((one) => one.name !== "");
    onChange(Object.fromEntries(named.map((one) => [one.name, one.value])));
  };
  return {
    pairs,
    add: (name = "") => tell([...pairs, pair(name)]),
    put: (key, part) => tell(pairs.map((one) => (one.key === key ? { ...one, ...part } : one))),
    drop: (key) => tell(pairs.filter((one) => one.key !== key)),
  };
}

/** Field/value pairs: names that are typed, values that are mapped. */
export function Pairs({ field, module, value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const pairs = usePairs(value, (told) =>
    onChange(Object.keys(told).length === 0 ? undefined : told),
  );
  const [whole, setWhole] = useState(typeof value === "string");
  if (whole) {
    return (
      <TemplateField
        label={field.label}
        description={field.help || undefined}
        mandatory={field.mandatory}
        module={module}
        value={typeof value === "string" ? value : ""}
        onChange={(text) => onChange(text === "" ? undefined : text)}
        aside={<SmallButton label={t("One by one")} onClick={() => setWhole(false)} />}
      />
    );
  }
  return (
    <PairRows
      label={field.label}
      mandatory={field.mandatory}
      help={field.help}
      module={module}
      pairs={pairs}
      aside={<SmallButton label={t("Map the whole")} onClick={() => setWhole(true)} />}
    />
  );
}

type RowsProps = {
  label: string;
  mandatory?: boolean;
  help: string;
  module: number;
  pairs: PairsState;
  aside?: ReactNode;
  children?: ReactNode;
};

/** The pairs one below another, and a way to add one. */
export function PairRows(props: RowsProps) {
  const { label, mandatory, help, module, pairs, aside, children } = props;
  const { t } = useTranslation();
  const legend = (
    <Text component="span" size="sm" fw={mandatory ? 700 : 500}>
      {label}
    </Text>
  );
  return (
    <Fieldset legend={legend} p="xs">
      {help && (
        <Text size="xs" c="dimmed" mb="xs">
          {help}
        </Text>
      )}
      {pairs.pairs.map((one, index) => (
        <PairRow key={one.key} {...{ one, number: index + 1, label, module, pairs }} />
      ))}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => pairs.add()}
        >
          {t("Add a pair to {{label}}", { label })}
        </Button>
        {aside}
      </Group>
      {children}
    </Fieldset>
  );
}

type RowProps = { one: Pair; number: number; label: string; module: number; pairs: PairsState };

function PairRow({ one, number, label, module, pairs }: RowProps) {
  const { t } = useTranslation();
  return (
    <Group align="flex-start" wrap="nowrap" mb={6} gap={6}>
      <TextInput
        w="36%"
        aria-label={t("Name {{number}} of {{label}}", { number, label })}
        placeholder={t("Name")}
        value={one.name}
        onChange={(event) => pairs.put(one.key, { name: event.currentTarget.value })}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <TemplateField
          hideLabel
          label={t("Value {{number}} of {{label}}", { number, label })}
          placeholder={t("Value")}
          module={module}
          value={asText(one.value)}
          onChange={(value) => pairs.put(one.key, { value })}
        />
      </div>
      <ActionIcon
        mt={4}
        aria-label={t("Remove pair {{number}} of {{label}}", { number, label })}
        onClick={() => pairs.drop(one.key)}
      >
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  );
}

function SmallButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      {label}
    </Button>
  );
}

function read(value: unknown): Pair[] {
  if (Array.isArray(value)) return value.map((one) => pair(String(one.name), one.value));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).map(([name, one]) => pair(name, one));
}
