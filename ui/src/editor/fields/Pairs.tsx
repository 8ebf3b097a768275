import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FieldView } from "../../api/schema";
import { Field, type FieldProps } from "./Field";

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
  value: Record<string, unknown>,
  onChange: (pairs: Record<string, unknown>) => void,
): PairsState {
  const [pairs, setPairs] = useState(() =>
    Object.entries(value).map(([name, one]) => pair(name, one)),
  );
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

/** Where the pairs belong: what a value in them can be mapped from. */
type Within = Pick<FieldProps, "module" | "moduleName" | "connection">;
type RowsProps = { label: string; props: Within; pairs: PairsState };

/** Names that are typed and values that are mapped, and a way to add a pair. */
export function PairRows({ label, props, pairs }: RowsProps) {
  const { t } = useTranslation();
  return (
    <div className="pairs">
      {pairs.pairs.map((one, index) => (
        <PairRow key={one.key} {...{ one, number: index + 1, label, props, pairs }} />
      ))}
      <Button
        size="xs"
        variant="default"
        aria-label={t("Add a pair to {{label}}", { label })}
        leftSection={<IconPlus size={14} />}
        onClick={() => pairs.add()}
      >
        {t("Add a pair")}
      </Button>
    </div>
  );
}

type RowProps = RowsProps & { one: Pair; number: number };

function PairRow({ one, number, label, props, pairs }: RowProps) {
  const { t } = useTranslation();
  const { module, moduleName, connection } = props;
  const name = t("Value {{number}} of {{label}}", { number, label });
  return (
    <Group className="pair-row" align="flex-start" wrap="nowrap" mb={6} gap={6}>
      <TextInput
        w="36%"
        aria-label={t("Name {{number}} of {{label}}", { number, label })}
        placeholder={t("Name")}
        value={one.name}
        onChange={(event) => pairs.put(one.key, { name: event.currentTarget.value })}
      />
      <div className="field-cell">
        <Field
          {...{ module, moduleName, connection }}
          field={anything(name)}
          spoken={name}
          hideLabel
          value={one.value}
          onChange={(value) => pairs.put(one.key, { value: value ?? "" })}
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

/** A field that takes any value. */
const anything = (label: string): FieldView => ({
  name: "",
  label,
  mandatory: false,
  help: "",
  schema: {},
  options: null,
  depends_on: null,
});
