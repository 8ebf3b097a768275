import { Button, Group, Modal, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { CycleSettings } from "./CycleSettings";
import { change, show, useEditor } from "./store";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];

export function SettingsDialog() {
  const { t } = useTranslation();
  const document = useEditor((state) => state.document);
  const [name, setName] = useState(document.name);
  const [description, setDescription] = useState(document.description ?? "");
  const [settings, setSettings] = useState(document.settings ?? {});
  const take = (event: FormEvent) => {
    event.preventDefault();
    change((before) => ({ ...before, name: name.trim(), description, settings }));
    show(null);
  };
  return (
    <Modal opened onClose={() => show(null)} title={t("Name and settings")}>
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
          <Switch
            label={t("Sequential processing")}
            description={t("One after another, in the order of arrival; slower.")}
            checked={settings.sequential ?? false}
            onChange={(event) =>
              setSettings({ ...settings, sequential: event.currentTarget.checked })
            }
          />
          <CycleSettings settings={settings} onChange={setSettings} />
          <Select
            label={t("Time zone")}
            description={t("In which the scenario's dates are read and written.")}
            searchable
            allowDeselect={false}
            limit={50}
            data={ZONES}
            value={settings.timezone ?? "UTC"}
            onChange={(timezone) => timezone && setSettings({ ...settings, timezone })}
          />
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
    </Modal>
  );
}
