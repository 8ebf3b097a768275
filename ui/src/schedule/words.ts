import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Schedule } from "../api/schema";
import { localeOf } from "../i18n/locale";
import { timesOf } from "./form";

const SPANS: [number, (t: TFunction, count: number) => string][] = [
  [86_400, (t, count) => t("Every {{count}} days", { count })],
  [3600, (t, count) => t("Every {{count}} hours", { count })],
  [60, (t, count) => t("Every {{count}} minutes", { count })],
  [1, (t, count) => t("Every {{count}} seconds", { count })],
];

/** Says a schedule in the language that is shown, such as *Mondays and Fridays at 08:00, UTC*. */
export function useWords(): (schedule: Schedule, timezone: string) => string {
  const { t, i18n } = useTranslation();
  return (schedule, timezone) => inWords(schedule, timezone, t, localeOf(i18n.language));
}

function inWords(schedule: Schedule, timezone: string, t: TFunction, locale: string): string {
  const hasWall = timesOf(schedule).length + (schedule.restrict?.length ?? 0) > 0;
  const isDated = Boolean(schedule.date || schedule.between);
  const parts = [
    when(schedule, t, locale),
    ...bounds(schedule, t, locale),
    hasWall || isDated ? (schedule.timezone ?? timezone) : "",
  ].filter(Boolean);
  const said = parts.join(", ");
  return said.charAt(0).toLocaleUpperCase(locale) + said.slice(1);
}

function when(schedule: Schedule, t: TFunction, locale: string): string {
  const list = (words: string[]) => new Intl.ListFormat(locale).format(words);
  const times = list(timesOf(schedule));
  const days = list(sorted(schedule.days).map(String));
  switch (schedule.type) {
    case "immediately":
      return t("Immediately as data arrives");
    case "indefinitely":
      return interval(schedule.interval ?? 900, t);
    case "once":
      return t("Once on {{date}}", { date: wall(schedule.date ?? "", locale) });
    case "daily":
      return t("Every day at {{times}}", { times });
    case "weekly": {
      const names = everyWeekday(t);
      const week = sorted(schedule.days, (day) => (day + 6) % 7);
      return t("{{days}} at {{times}}", { days: list(week.map((day) => names[day] ?? "")), times });
    }
    case "monthly":
      return t("Day {{days}} of the month at {{times}}", { days, times });
    case "yearly": {
      const months = list(sorted(schedule.months).map((month) => nameOfMonth(month, locale)));
      return t("Day {{days}} of {{months}} at {{times}}", { days, months, times });
    }
    default:
      return t("On demand");
  }
}

function interval(seconds: number, t: TFunction): string {
  const found = SPANS.find(([size]) => seconds % size === 0) ?? SPANS[SPANS.length - 1];
  return found ? found[1](t, seconds / found[0]) : "";
}

function bounds(schedule: Schedule, t: TFunction, locale: string): string[] {
  const [start, end] = (schedule.between ?? []) as (string | null | undefined)[];
  const most = schedule.max_runs_per_minute;
  const windows = schedule.restrict?.length ?? 0;
  return [
    most == null ? "" : t("at most {{count}} a minute", { count: most }),
    windows > 0 ? t("within {{count}} windows", { count: windows }) : "",
    start ? t("from {{date}}", { date: wall(start, locale) }) : "",
    end ? t("until {{date}}", { date: wall(end, locale) }) : "",
  ];
}

/** A date as the clock on the wall shows it; one with a zone of its own is left as it is. */
function wall(text: string, locale: string): string {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text)) return text;
  const options = { dateStyle: "medium", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(
    locale,
    text.includes("T") ? { ...options, timeStyle: "short" } : options,
  ).format(new Date(text.includes("T") ? `${text}Z` : text));
}

export const everyWeekday = (t: TFunction): string[] => [
  t("Sundays"),
  t("Mondays"),
  t("Tuesdays"),
  t("Wednesdays"),
  t("Thursdays"),
  t("Fridays"),
  t("Saturdays"),
];

// 2 January 2000 was a Sunday.
export const nameOfWeekday = (day: number, locale: string, weekday: "long" | "short" = "long") =>
  new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(Date.UTC(2000, 0, 2 + day));

export const nameOfMonth = (month: number, locale: string) =>
  new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(
    Date.UTC(2000, month - 1, 1),
  );

function sorted(numbers: number[] = [], by: (one: number) => number = (one) => one): number[] {
  return [...new Set(numbers)].sort((one, other) => by(one) - by(other));
}
