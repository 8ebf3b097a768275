import type { Schedule, Window } from "../api/schema";

export type ScheduleType = Schedule["type"];

/** What the dialog holds: the fields of every type at once, so that none is lost on a change. */
export type Form = {
  type: ScheduleType;
  minutes: number | string;
  perMinute: number | string;
  date: string;
  times: string[];
  weekdays: number[];
  monthdays: number[];
  months: number[];
  start: string;
  end: string;
  windows: Window[];
  timezone: string | null;
};

const SECONDS = 60;
const DEFAULT_INTERVAL = 900;

export function toForm(schedule: Schedule): Form {
  const [start, end] = (schedule.between ?? []) as (string | null | undefined)[];
  const isWeekly = schedule.type === "weekly";
  const days = schedule.days ?? [];
  return {
    type: schedule.type,
    minutes: (schedule.interval ?? DEFAULT_INTERVAL) / SECONDS,
    perMinute: schedule.max_runs_per_minute ?? "",
    date: schedule.date ?? "",
    times: timesOf(schedule).length > 0 ? timesOf(schedule) : ["08:00"],
    weekdays: isWeekly ? days : [],
    monthdays: isWeekly ? [] : days,
    months: schedule.months ?? [],
    start: start ?? "",
    end: end ?? "",
    windows: schedule.restrict ?? [],
    timezone: schedule.timezone ?? null,
  };
}

/** A schedule with what its type uses, and nothing else. */
export function toSchedule(form: Form): Schedule {
  const { type } = form;
  if (type === "on-demand") return { type };
  return { type, ...own(form), ...bounds(form) };
}

function own(form: Form): Partial<Schedule> {
  const time = form.times.length === 1 ? (form.times[0] ?? "") : form.times;
  switch (form.type) {
    case "immediately":
      return form.perMinute === "" ? {} : { max_runs_per_minute: Number(form.perMinute) };
    case "indefinitely":
      return { interval: Math.round(Number(form.minutes) * SECONDS) };
    case "once":
      return { date: form.date };
    case "weekly":
      return { days: form.weekdays, time };
    case "monthly":
      return { days: form.monthdays, time };
    case "yearly":
      return { months: form.months, days: form.monthdays, time };
    default:
      return { time };
  }
}

function bounds(form: Form): Partial<Schedule> {
  return {
    ...(form.start || form.end ? { between: [form.start || null, form.end || null] } : {}),
    ...(form.windows.length > 0 ? { restrict: form.windows.map(tidied) } : {}),
    ...(form.timezone ? { timezone: form.timezone } : {}),
  };
}

function tidied({ days, months, time }: Window): Window {
  return {
    ...(days?.length ? { days } : {}),
    ...(months?.length ? { months } : {}),
    ...(time ? { time } : {}),
  };
}

export function timesOf(schedule: Schedule): string[] {
  if (schedule.time == null) return [];
  return typeof schedule.time === "string" ? [schedule.time] : schedule.time;
}

/** The schedule of a scenario that has none of its own. */
export const implied = (instant: boolean): Schedule => ({
  type: instant ? "immediately" : "on-demand",
});
