import { Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import type { Outlook, Schedule } from "../api/schema";
import { localeOf } from "../i18n/locale";

const WITHOUT_TIMES = new Set(["immediately", "on-demand"]);

/** When a schedule would run, or what is wrong with it, a moment after it was changed. */
export function useOutlook(schedule: Schedule, timezone: string) {
  const [settled] = useDebouncedValue(schedule, 250);
  const found = useQuery<Outlook, Error>({
    queryKey: ["outlook", settled, timezone],
    queryFn: () => post<Outlook>("/scenarios/outlook", { schedule: settled, timezone }),
    retry: false,
    placeholderData: (before) => before,
  });
  const isSettled = JSON.stringify(settled) === JSON.stringify(schedule);
  return { ...found, isCurrent: isSettled && !found.isFetching };
}

type Props = { outlook: Outlook | undefined; schedule: Schedule; timezone: string };

/** The next five times, here and where the schedule is. */
export function NextTimes({ outlook, schedule, timezone }: Props) {
  const { t, i18n } = useTranslation();
  if (!outlook || outlook.faults.length > 0 || WITHOUT_TIMES.has(schedule.type)) return null;
  const zone = schedule.timezone ?? timezone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(localeOf(i18n.language), {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    });
  if (outlook.times.length === 0) {
    return <Text role="status">{t("This schedule is never due.")}</Text>;
  }
  return (
    <Table aria-label={t("The next five times")} verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t("Here ({{zone}})", { zone: here })}</Table.Th>
          <Table.Th scope="col">{zone}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {outlook.times.map((moment) => (
          <Table.Tr key={moment}>
            <Table.Td>
              <time dateTime={moment}>{format(here).format(new Date(moment))}</time>
            </Table.Td>
            <Table.Td>{format(zone).format(new Date(moment))}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
