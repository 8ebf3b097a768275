import {
  Button,
  Fieldset,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Keep, ScenarioSettings } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { Counters } from "./Counters";
import { CycleSettings } from "./CycleSettings";
import { change, show, useEditor } from "./store";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];

export function SettingsDialog({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const document = useEditor((state) => state.document);
  const [name, setName] = useState(document.name);
  const [description, setDescription] = useState(document.description ?? "");
  const [settings, setSettings] = useState(document.settings ?? {});
  const put = (part: Partial<ScenarioSettings>) =>
    setSettings((before) => ({ ...before, ...part }));
  const take = (event: FormEvent) => {
    event.preventDefault();
    change((before) => ({ ...before, name: name.trim(), description, settings }));
    show(null);
  };
  return (
    <Dialog onClose={() => show(null)} title={t("Name and settings")} size="lg">
      <form onSubmit={take}>
        <Stack>
          <TextInput
            label={t("Name of the scenario")}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            label={t("Description")}
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Bounds settings={settings} put={put} />
          <CycleSettings settings={settings} onChange={setSettings} />
          <Select
            label={t("Time zone")}
            description={t("In which the scenario's dates are read and written.")}
            searchable
            allowDeselect={false}
            limit={50}
            data={ZONES}
            value={settings.timezone ?? "UTC"}
            onChange={(timezone) => timezone && put({ timezone })}
          />
          <Retention settings={settings} put={put} />
          {id && <Counters id={id} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => show(null)}>
              {t("Cancel")}
            </Button>
            <Button type="submit" disabled={!name.trim()}>
              {t("OK")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type Props = {
  settings: ScenarioSettings;
  put: (part: Partial<ScenarioSettings>) => void;
};

/** How executions run, and what happens when they fail. */
function Bounds({ settings, put }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        label={t("Sequential processing")}
        description={t("One after another, in the order of arrival; slower.")}
        checked={settings.sequential ?? false}
        onChange={(event) => put({ sequential: event.currentTarget.checked })}
      />
      <Count
        label={t("Most executions at once")}
        help={t("What arrives beyond that waits for its turn; 0 is without limit.")}
        value={settings.max_running ?? 0}
        onChange={(max_running) => put({ max_running: max_running ?? 0 })}
      />
      <Switch
        label={t("Store incomplete executions")}
        description={t(
          "A bundle that failed is kept to be resumed later; otherwise the execution fails.",
        )}
        checked={settings.dlq ?? true}
        onChange={(event) => put({ dlq: event.currentTarget.checked })}
      />
      <Switch
        label={t("Auto commit")}
        description={t(
          "Each write to a data store stands at once; otherwise all are taken back if the execution fails.",
        )}
        checked={settings.auto_commit ?? true}
        onChange={(event) => put({ auto_commit: event.currentTarget.checked })}
      />
      <Count
        label={t("Number of consecutive errors")}
        help={t("After so many failed executions in a row the scenario is switched off.")}
        least={1}
        value={settings.max_errors ?? 3}
        onChange={(max_errors) => put({ max_errors: max_errors ?? 3 })}
      />
      <Count
        label={t("Longest execution (seconds)")}
        help={t("An execution that takes longer is stopped.")}
        least={1}
        value={settings.max_seconds ?? 2400}
        onChange={(max_seconds) => put({ max_seconds: max_seconds ?? 2400 })}
      />
      <Count
        label={t("Most operations")}
        help={t("An execution that needs more operations is stopped; 0 is without limit.")}
        value={settings.max_operations ?? 0}
        onChange={(max_operations) => put({ max_operations: max_operations ?? 0 })}
      />
      <Count
        label={t("Most megabytes")}
        help={t("An execution whose bundles take more at once is stopped; 0 is without limit.")}
        value={settings.max_megabytes ?? 100}
        onChange={(max_megabytes) => put({ max_megabytes: max_megabytes ?? 100 })}
      />
    </>
  );
}

/** How much history stays, where it is not as the installation has it. */
function Retention({ settings, put }: Props) {
  const { t } = useTranslation();
  const keep = settings.keep ?? {};
  const putKeep = (part: Partial<Keep>) => put({ keep: { ...keep, ...part } });
  return (
    <Fieldset legend={t("History that is kept")} p="sm">
      <Stack gap="sm">
        <Count
          label={t("Days")}
          help={t("Older executions are removed; empty is as the server has it, 0 without limit.")}
          value={keep.days}
          onChange={(days) => putKeep({ days })}
        />
        <Count
          label={t("Executions")}
          help={t("The oldest beyond this number are removed.")}
          value={keep.executions}
          onChange={(executions) => putKeep({ executions })}
        />
        <Count
          label={t("Megabytes")}
          help={t("The oldest that take more room than this are removed.")}
          value={keep.megabytes}
          onChange={(megabytes) => putKeep({ megabytes })}
        />
        <Switch
          label={t("Keep what is sent")}
          description={t(
            "What each operation sent and was answered stays in the history, without secrets; runs by hand always keep it.",
          )}
          checked={keep.exchanges ?? false}
          onChange={(event) => putKeep({ exchanges: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}

type CountProps = {
  label: string;
  help: string;
  least?: number;
  value: number | null | undefined;
  onChange: (value: number | null) => void;
};

/** A whole number; null where the field is empty. */
function Count({ label, help, least = 0, value, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      description={help}
      min={least}
      max={1_000_000_000}
      allowDecimal={false}
      hideControls
      value={value ?? ""}
      onChange={(typed) => onChange(typed === "" ? null : Number(typed))}
    />
  );
}
