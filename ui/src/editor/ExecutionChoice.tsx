import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../api/client";
import { isUnderWay } from "../api/queries";
import type { ExecutionView } from "../api/schema";
import { localeOf } from "../i18n/locale";

const OFFERED = 10;

type Props = {
  label: string;
  of: ExecutionView[];
  chosen: string | null;
  choose: (id: string) => void;
};

/** Which of the latest executions is meant. */
export function ExecutionChoice({ label, of, chosen, choose }: Props) {
  const { t, i18n } = useTranslation();
  const moments = new Intl.DateTimeFormat(localeOf(i18n.language), {
    dateStyle: "medium",
    timeStyle: "medium",
  });
  const named = ({ created_at, id, state }: ExecutionView) => {
    const at = created_at ? moments.format(new Date(created_at)) : id;
    return `${at} · ${t(`state ${state}`, { defaultValue: state })}`;
  };
  return (
    <Select
      label={label}
      data={of.map((one) => ({ value: one.id, label: named(one) }))}
      value={chosen}
      allowDeselect={false}
      onChange={(id) => id && choose(id)}
      nothingFoundMessage={t("None has ended yet.")}
    />
  );
}

/** The latest executions that have ended, the newest first; undefined until they are known. */
export function useEnded(scenario: string): ExecutionView[] | undefined {
  const found = useQuery<ExecutionView[], Error>({
    queryKey: ["executions", "ended", scenario],
    queryFn: () => get("/executions", { scenario, limit: OFFERED }),
  });
  return found.data?.filter((one) => !isUnderWay(one));
}
