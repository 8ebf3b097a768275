import { Button, Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schedule } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { Advanced, MomentField } from "../schedule/Advanced";
import { Monthdays, Months, Weekdays } from "../schedule/Chosen";
import { type Form, implied, type ScheduleType, toForm, toSchedule } from "../schedule/form";
import { NextTimes, useOutlook } from "../schedule/Outlook";
import { Times } from "../schedule/Times";
import { useKnown } from "./known";
import { change, show, useEditor } from "./store";

/** The schedule that is edited: the scenario's own, or what its first module stands for. */
export function useSchedule(): { schedule: Schedule; timezone: string; instant: boolean } {
  const document = useEditor((state) => state.document);
  const known = useKnown();
  const first = document.flow[0];
  const instant = first ? known.get(first.module)?.module.kind === "instant trigger" : false;
  const timezone = document.settings?.timezone ?? "UTC";
  return { schedule: document.schedule ?? implied(instant), timezone, instant };
}

/** When the scenario runs, and what that comes to. */
export default function ScheduleDialog() {
  const { t } = useTranslation();
  const { schedule, timezone, instant } = useSchedule();
  const [form, setForm] = useState(() => toForm(schedule));
  const put = (changed: Partial<Form>) => setForm((before) => ({ ...before, ...changed }));
  const made = useMemo(() => toSchedule(form), [form]);
  const outlook = useOutlook(made, timezone);
  const faults = outlook.data?.faults ?? [];
  const fault = (key: string) =>
    faults
      .filter((one) => one.key === key)
      .map((one) => one.message)
      .join(" ") || undefined;
  const isSound = faults.length === 0 && !outlook.error;
  const take = (event: FormEvent) => {
    event.preventDefault();
    if (!isSound || !outlook.isCurrent) return;
    change((document) => ({ ...document, schedule: made }));
    show(null);
  };
  return (
    <Dialog onClose={() => show(null)} title={t("Schedule")} size="lg">
      <form onSubmit={take} noValidate>
        <Stack>
          <TypeField form={form} instant={instant} error={fault("type")} put={put} />
          <Own form={form} fault={fault} put={put} />
          {form.type !== "on-demand" && (
            <Advanced form={form} timezone={timezone} fault={fault} put={put} />
          )}
          {outlook.error && (
            <Text role="alert" c="var(--mantine-color-error)">
              {outlook.error.message}
            </Text>
          )}
          <NextTimes outlook={outlook.data} schedule={made} timezone={timezone} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => show(null)}>
              {t("Cancel")}
            </Button>
            <Button type="submit" disabled={!isSound || !outlook.isCurrent}>
              {t("OK")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type FieldsProps = {
  form: Form;
  fault: (key: string) => string | undefined;
  put: (changed: Partial<Form>) => void;
};

type TypeProps = Omit<FieldsProps, "fault"> & { instant: boolean; error?: string };

function TypeField({ form, instant, error, put }: TypeProps) {
  const { t } = useTranslation();
  const names: Record<ScheduleType, string> = {
    immediately: t("Immediately as data arrives"),
    indefinitely: t("At regular intervals"),
    once: t("Once"),
    daily: t("Every day"),
    weekly: t("Days of the week"),
    monthly: t("Days of the month"),
    yearly: t("Specified dates"),
    "on-demand": t("On demand"),
  };
  const offered = (Object.keys(names) as ScheduleType[]).filter(
    (type) => type !== "immediately" || instant || form.type === type,
  );
  return (
    <Select
      label={t("Run scenario")}
      data-autofocus
      allowDeselect={false}
      data={offered.map((type) => ({ value: type, label: names[type] }))}
      value={form.type}
      error={error}
      onChange={(type) => type && put({ type: type as ScheduleType })}
    />
  );
}

/** The fields of the chosen type. */
function Own({ form, fault, put }: FieldsProps) {
  const { t } = useTranslation();
  const times = (
    <Times value={form.times} error={fault("time")} onChange={(value) => put({ times: value })} />
  );
  const monthdays = (
    <Monthdays
      label={t("Days")}
      value={form.monthdays}
      error={fault("days")}
      onChange={(days) => put({ monthdays: days })}
    />
  );
  switch (form.type) {
    case "immediately":
      return (
        <NumberInput
          label={t("Max runs to start per minute")}
          description={t("What arrives faster waits for the next minute; empty is without bound.")}
          min={1}
          allowDecimal={false}
          value={form.perMinute}
          error={fault("max_runs_per_minute")}
          onChange={(perMinute) => put({ perMinute })}
        />
      );
    case "indefinitely":
      return (
        <NumberInput
          label={t("Minutes")}
          description={t("How much time passes from one run to the next.")}
          clampBehavior="none"
          value={form.minutes}
          error={fault("interval") && t("From 1 to 527,040 minutes.")}
          onChange={(minutes) => put({ minutes })}
        />
      );
    case "once":
      return (
        <MomentField
          label={t("Date")}
          value={form.date}
          error={fault("date")}
          onChange={(date) => put({ date })}
        />
      );
    case "daily":
      return times;
    case "weekly":
      return (
        <>
          <Weekdays
            label={t("Days")}
            value={form.weekdays}
            error={fault("days")}
            onChange={(days) => put({ weekdays: days })}
          />
          {times}
        </>
      );
    case "monthly":
      return (
        <>
          {monthdays}
          {times}
        </>
      );
    case "yearly":
      return (
        <>
          <Months
            label={t("Months")}
            value={form.months}
            error={fault("months")}
            onChange={(months) => put({ months })}
          />
          {monthdays}
          {times}
        </>
      );
    default:
      return (
        <Text size="sm" c="dimmed">
          {t("It runs when somebody asks: by hand, or over the API.")}
        </Text>
      );
  }
}
