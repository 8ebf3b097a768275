import { Tooltip } from "@mantine/core";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { localeOf } from "../i18n/locale";

/** A moment in the viewer's zone; the exact one, and UTC, are a hover away. */
export function Moment({ at, empty = "–" }: { at: string | null | undefined; empty?: string }) {
  const { i18n } = useTranslation();
  if (!at) return <span>{empty}</span>;
  const moment = new Date(at);
  const short = new Intl.DateTimeFormat(localeOf(i18n.language), {
    dateStyle: isToday(moment) ? undefined : "medium",
    timeStyle: "medium",
  }).format(moment);
  const long = new Intl.DateTimeFormat(localeOf(i18n.language), {
    dateStyle: "full",
    timeStyle: "long",
  }).format(moment);
  return (
    <Tooltip label={`${long} · ${at}`}>
      <time dateTime={at}>{short}</time>
    </Tooltip>
  );
}

function isToday(moment: Date): boolean {
  return moment.toDateString() === new Date().toDateString();
}

/** Milliseconds in the unit that fits, as the language writes it. */
export function asDuration(ms: number): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(localeOf(i18next.language), {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  if (ms < 1) return `${number(ms, 2)} ms`;
  if (ms < 1000) return `${number(ms, 0)} ms`;
  return `${number(ms / 1000, ms < 60_000 ? 1 : 0)} s`;
}
