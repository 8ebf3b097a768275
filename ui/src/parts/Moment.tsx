import { Tooltip } from "@mantine/core";
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

export function asDuration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
