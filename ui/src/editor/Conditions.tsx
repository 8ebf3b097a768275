import { ActionIcon, Button, Fieldset, Group, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Condition, FilterSpec } from "../api/schema";
import { TemplateField } from "./mapping/TemplateField";
import { asText } from "./mapping/text";
import { Operators, useOperator } from "./Operators";

type All = Condition[];

const blank = (): Condition => ({ a: "", o: "text:equal", b: "" });

/** What a filter has to begin with: at least one condition to fill in. */
export function groupsOf(filter: FilterSpec | null | undefined): All[] {
  const conditions = filter?.conditions ?? [];
  return conditions.length > 0 ? conditions.map((group) => [...group]) : [[blank()]];
}

/** The conditions that say something. */
export const filledIn = (groups: All[]) =>
  groups.map((group) => group.filter((one) => one.a !== "")).filter((group) => group.length > 0);

type Props = { groups: All[]; module: number; onChange: (groups: All[]) => void };

/** Alternatives of conditions that must all hold; `module` is the one that maps in them. */
export function Conditions({ groups, module, onChange }: Props) {
  const { t } = useTranslation();
  const put = (at: number, group: All) =>
    onChange(groups.map((one, index) => (index === at ? group : one)).filter((one) => one.length));
  return (
    <>
      {groups.map((group, at) => (
        <Alternative
          // biome-ignore lint/suspicious/noArrayIndexKey: an alternative is known by its place
          key={at}
          number={at + 1}
          group={group}
          module={module}
          onChange={(changed) => put(at, changed)}
        />
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...groups, [blank()]])}
        >
          {t("Add an alternative (or)")}
        </Button>
      </Group>
    </>
  );
}

type AlternativeProps = {
  number: number;
  group: All;
  module: number;
  onChange: (group: All) => void;
};

function Alternative({ number, group, module, onChange }: AlternativeProps) {
  const { t } = useTranslation();
  const put = (at: number, part: Partial<Condition>) =>
    onChange(group.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <Fieldset legend={t("Alternative {{number}}", { number })} p="xs">
      {group.map((condition, at) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is known by its place
          key={at}
          place={`${number}.${at + 1}`}
          condition={condition}
          module={module}
          onChange={(part) => put(at, part)}
          onRemove={() => onChange(group.filter((_, index) => index !== at))}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...group, blank()])}
      >
        {t("Add a condition to alternative {{number}} (and)", { number })}
      </Button>
    </Fieldset>
  );
}

type ConditionProps = {
  place: string;
  condition: Condition;
  module: number;
  onChange: (part: Partial<Condition>) => void;
  onRemove: () => void;
};

function ConditionRow({ place, condition, module, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation();
  const isUnary = useOperator(condition.o)?.unary ?? false;
  return (
    <Group align="flex-start" wrap="nowrap" mb="xs">
      <Stack gap={6} flex={1} miw={0}>
        <TemplateField
          hideLabel
          label={t("Value of condition {{place}}", { place })}
          placeholder={t("Value")}
          module={module}
          value={asText(condition.a)}
          onChange={(a) => onChange({ a })}
        />
        <Operators
          label={t("Operator of condition {{place}}", { place })}
          value={condition.o}
          onChange={(o) => onChange({ o })}
        />
        {!isUnary && (
          <TemplateField
            hideLabel
            label={t("Compared value of condition {{place}}", { place })}
            placeholder={t("Compared with")}
            module={module}
            value={asText(condition.b)}
            onChange={(b) => onChange({ b })}
          />
        )}
      </Stack>
      <ActionIcon aria-label={t("Remove condition {{place}}", { place })} onClick={onRemove}>
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  );
}
