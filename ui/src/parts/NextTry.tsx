import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../i18n/locale";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** When what stopped is tried again by itself, counted down; or that it is not. */
export function NextTry({ at }: { at: string | null }) {
  const { t, i18n } = useTranslation();
  const now = useNow(at !== null);
  if (!at) return <span>{t("Waits for you")}</span>;
  const left = Math.max(1, Math.round((Date.parse(at) - now) / 1000));
  const when = relative(left, localeOf(i18n.language));
  return <time dateTime={at}>{t("Next try {{when}}", { when })}</time>;
}

function useNow(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, [runs]);
  return now;
}

function relative(seconds: number, locale: string | undefined): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  return format.format(Math.round(seconds / length), unit);
}
