import { ActionIcon, Button, Fieldset, Group, Select, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useVocabulary } from "../api/queries";
import type { Condition, FilterSpec } from "../api/schema";
import { TemplateField } from "./mapping/TemplateField";
import { asText } from "./mapping/text";

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
  const operators = useVocabulary().data?.operators ?? [];
  const groups = Map.groupBy(operators, (one) => one.group);
  const isUnary = operators.find((one) => one.name === condition.o)?.unary ?? false;
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
        <Select
          aria-label={t("Operator of condition {{place}}", { place })}
          searchable
          allowDeselect={false}
          value={condition.o}
          onChange={(o) => o && onChange({ o })}
          data={[...groups].map(([group, members]) => ({
            group: t(`operators ${group}`, { defaultValue: group }),
            items: members.map((one) => ({ value: one.name, label: spoken(one.name, t) })),
          }))}
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

type Translate = (key: string, options?: Record<string, unknown>) => string;

const WORDS: Record<string, string> = {
  exist: "exists",
  notexist: "does not exist",
  equal: "equal to",
  notequal: "not equal to",
  contain: "contains",
  notcontain: "does not contain",
  startwith: "starts with",
  notstartwith: "does not start with",
  endwith: "ends with",
  notendwith: "does not end with",
  pattern: "matches pattern",
  notpattern: "does not match pattern",
  greater: "greater than",
  less: "less than",
  greaterorequal: "greater than or equal to",
  lessorequal: "less than or equal to",
};

/** An operator in words: the group, what is compared, and how letters count. */
function spoken(name: string, t: Translate): string {
  const [group, what, manner] = name.includes(":") ? name.split(":") : ["", name, ""];
  const word = t(WORDS[what ?? ""] ?? what ?? name);
  const kind = group ? `${t(`operators ${group}`, { defaultValue: group })}: ` : "";
  return `${kind}${word}${manner === "ci" ? ` ${t("(case insensitive)")}` : ""}`;
}
