import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useVocabulary } from "../api/queries";
import type { OperatorView } from "../api/schema";

type Props = {
  label: string;
  shownLabel?: string;
  value: string | null;
  onChange: (operator: string) => void;
};

/** One of the operators that compare in filters; `label` is what it is called aloud. */
export function Operators({ label, shownLabel, value, onChange }: Props) {
  const { t } = useTranslation();
  const operators = useVocabulary().data?.operators ?? [];
  const groups = Map.groupBy(operators, (one) => one.group);
  return (
    <Select
      aria-label={label}
      label={shownLabel}
      searchable
      allowDeselect={false}
      value={value}
      onChange={(chosen) => chosen && onChange(chosen)}
      data={[...groups].map(([group, members]) => ({
        group: t(`operators ${group}`, { defaultValue: group }),
        items: members.map((one) => ({ value: one.name, label: spoken(one.name, t) })),
      }))}
    />
  );
}

/** What is known of an operator, if there is one of that name. */
export function useOperator(name: string): OperatorView | undefined {
  return useVocabulary().data?.operators.find((one) => one.name === name);
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
