import { Accordion, Button, Fieldset, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Window } from "../api/schema";
import { Months, Weekdays } from "./Chosen";
import type { Form } from "./form";

export const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];

type Props = {
  form: Form;
  /** The scenario's zone, which holds where the schedule has none. */
  timezone: string;
  fault: (key: string) => string | undefined;
  put: (changed: Partial<Form>) => void;
};

/** *Advanced*: start and end, windows, time zone. */
export function Advanced({ form, timezone, fault, put }: Props) {
  const { t } = useTranslation();
  const isUsed = Boolean(form.start || form.end || form.windows.length || form.timezone);
  const [opened, setOpened] = useState(isUsed ? "advanced" : null);
  return (
    <Accordion value={opened} onChange={setOpened} variant="contained" order={3}>
      <Accordion.Item value="advanced">
        <Accordion.Control>{t("Advanced")}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Group grow align="flex-start">
              <MomentField
                label={t("Start")}
                value={form.start}
                error={fault("between")}
                onChange={(start) => put({ start })}
              />
              <MomentField
                label={t("End")}
                value={form.end}
                error={fault("between")}
                onChange={(end) => put({ end })}
              />
            </Group>
            <Windows value={form.windows} fault={fault} onChange={(windows) => put({ windows })} />
            <Select
              label={t("Time zone")}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("The scenario's time zone") }}
              limit={50}
              placeholder={t("{{timezone}}, as the scenario", { timezone })}
              data={ZONES}
              value={form.timezone}
              error={fault("timezone")}
              onChange={(zone) => put({ timezone: zone })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

type MomentProps = {
  label: string;
  value: string;
  required?: boolean;
  error?: string;
  onChange: (value: string) => void;
};

/** A date and a time; what a file says in another way is shown as the text it is. */
export function MomentField({ value, onChange, ...rest }: MomentProps) {
  const isPlain = value === "" || /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value);
  return (
    <TextInput
      {...rest}
      type={isPlain ? "datetime-local" : "text"}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type WindowsProps = {
  value: Window[];
  fault: (key: string) => string | undefined;
  onChange: (value: Window[]) => void;
};

/** Parts of a week in which runs may start; without any, they always may. */
function Windows({ value, fault, onChange }: WindowsProps) {
  const { t } = useTranslation();
  const put = (at: number, changed: Partial<Window>) =>
    onChange(value.map((one, index) => (index === at ? { ...one, ...changed } : one)));
  return (
    <Stack gap="xs">
      <Text size="sm">
        {value.length === 0
          ? t("Runs may start at any time.")
          : t("Runs start within one of these windows; what is left out admits everything.")}
      </Text>
      {value.map((window, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a window is known by its place
        <Fieldset key={at} legend={t("Window {{number}}", { number: at + 1 })}>
          <OneWindow
            window={window}
            fault={(key) => fault(`restrict.${at}.${key}`)}
            onChange={(changed) => put(at, changed)}
            onRemove={() => onChange(value.filter((_, index) => index !== at))}
          />
        </Fieldset>
      ))}
      {fault("restrict") && (
        <Text size="sm" c="var(--mantine-color-error)">
          {fault("restrict")}
        </Text>
      )}
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, { days: [], time: ["09:00", "17:00"] }])}
        >
          {t("Add a window")}
        </Button>
      </Group>
    </Stack>
  );
}

type OneProps = {
  window: Window;
  fault: (key: string) => string | undefined;
  onChange: (changed: Partial<Window>) => void;
  onRemove: () => void;
};

function OneWindow({ window, fault, onChange, onRemove }: OneProps) {
  const { t } = useTranslation();
  const [from, to] = (window.time ?? ["", ""]) as string[];
  const putTime = (start: string, end: string) =>
    onChange({ time: start || end ? [start, end] : null });
  return (
    <Stack gap="xs">
      <Group align="flex-start">
        <TextInput
          type="time"
          label={t("From")}
          value={from}
          error={fault("time")}
          onChange={(event) => putTime(event.currentTarget.value, to ?? "")}
        />
        <TextInput
          type="time"
          label={t("To")}
          value={to}
          error={fault("time")}
          onChange={(event) => putTime(from ?? "", event.currentTarget.value)}
        />
      </Group>
      <Weekdays
        label={t("Days")}
        value={window.days ?? []}
        error={fault("days")}
        onChange={(days) => onChange({ days })}
      />
      <Months
        label={t("Months")}
        value={window.months ?? []}
        error={fault("months")}
        onChange={(months) => onChange({ months })}
      />
      <Group>
        <Button size="compact-sm" variant="default" onClick={onRemove}>
          {t("Remove the window")}
        </Button>
      </Group>
    </Stack>
  );
}
