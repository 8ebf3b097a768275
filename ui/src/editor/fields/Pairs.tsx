import { ActionIcon, Button, Fieldset, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { TemplateField } from "../mapping/TemplateField";
import { asText } from "../mapping/text";
import type { FieldProps } from "./Field";

type Pair = { key: number; name: string; value: string };

let made = 0;
const pair = (name = "", value = ""): Pair => ({ key: ++made, name, value });

/** Field/value pairs: names that are typed, values that are mapped. */
export function Pairs({ field, module, value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const [pairs, setPairs] = useState(() => read(value));
  const [whole, setWhole] = useState(typeof value === "string");
  const tell = (changed: Pair[]) => {
    setPairs(changed);
    const named = changed.filter((one) => one.name !== "");
    onChange(
      named.length === 0
        ? undefined
        : Object.fromEntries(named.map((one) => [one.name, one.value])),
    );
  };
  const put = (key: number, part: Partial<Pair>) =>
    tell(pairs.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const legend = (
    <Text component="span" size="sm" fw={field.mandatory ? 700 : 500}>
      {field.label}
    </Text>
  );
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
    <Fieldset legend={legend} p="xs">
      {field.help && (
        <Text size="xs" c="dimmed" mb="xs">
          {field.help}
        </Text>
      )}
      {pairs.map((one, index) => (
        <Group key={one.key} align="flex-start" wrap="nowrap" mb={6} gap={6}>
          <TextInput
            w="36%"
            aria-label={t("Name {{number}} of {{label}}", {
              number: index + 1,
              label: field.label,
            })}
            placeholder={t("Name")}
            value={one.name}
            onChange={(event) => put(one.key, { name: event.currentTarget.value })}
          />
          <div style={{ flex: 1, minWidth: 0 }}>
            <TemplateField
              hideLabel
              label={t("Value {{number}} of {{label}}", { number: index + 1, label: field.label })}
              placeholder={t("Value")}
              module={module}
              value={one.value}
              onChange={(text) => put(one.key, { value: text })}
            />
          </div>
          <ActionIcon
            mt={4}
            aria-label={t("Remove pair {{number}} of {{label}}", {
              number: index + 1,
              label: field.label,
            })}
            onClick={() => tell(pairs.filter((other) => other.key !== one.key))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setPairs([...pairs, pair()])}
        >
          {t("Add a pair to {{label}}", { label: field.label })}
        </Button>
        <SmallButton label={t("Map the whole")} onClick={() => setWhole(true)} />
      </Group>
    </Fieldset>
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
  if (Array.isArray(value)) return value.map((one) => pair(String(one.name), asText(one.value)));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).map(([name, one]) => pair(name, asText(one)));
}
