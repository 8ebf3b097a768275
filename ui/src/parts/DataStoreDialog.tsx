import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { part, patch, post } from "../api/client";
import type { DataStoreView, FieldSpec } from "../api/schema";
import { useAct } from "./act";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

const MEGABYTE = 1_000_000;
const DEFAULT_LIMIT = 100;
const TYPES = ["any", "text", "number", "boolean", "date", "array", "collection"] as const;

type Row = FieldSpec & { id: number };

/** The name, the limit and the structure of a data store, new or known. */
export function DataStoreDialog({
  store,
  onClose,
}: {
  store?: DataStoreView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState(store?.name ?? "");
  const [limit, setLimit] = useState<number | string>(
    store ? store.limit_bytes / MEGABYTE : DEFAULT_LIMIT,
  );
  const [fields, setFields] = useState<Row[]>(
    (store?.structure ?? []).map((one, id) => ({ ...one, id })),
  );
  const save = useAct(
    () => {
      const structure = fields.map(({ id, ...field }) => field);
      const given = { name, structure, limit_bytes: Math.round(Number(limit) * MEGABYTE) };
      return store
        ? patch<DataStoreView>(`/data-stores/${part(store.id)}`, given)
        : post<DataStoreView>("/data-stores", given);
    },
    { stale: ["data stores"], quiet: true, said: t("Saved.") },
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const saved = await save.mutateAsync(undefined);
    onClose();
    if (!store) go(`/datastores/${saved.id}`);
  };
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={store ? t("Change the data store") : t("Create a data store")}
    >
      <form onSubmit={(event) => submit(event).catch(() => {})}>
        <Stack>
          <TextInput
            label={t("Data store name")}
            required
            className="mandatory"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <NumberInput
            label={t("Limit in MB")}
            description={t("How much its records may take together.")}
            min={0.001}
            value={limit}
            onChange={setLimit}
          />
          <Fields fields={fields} onChange={setFields} />
          {save.error && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!name || !Number(limit)}>
              {t("Save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** The fields that each record has; without any, records are free. */
function Fields({ fields, onChange }: { fields: Row[]; onChange: (fields: Row[]) => void }) {
  const { t } = useTranslation();
  const change = (id: number, changed: Partial<FieldSpec>) =>
    onChange(fields.map((one) => (one.id === id ? { ...one, ...changed } : one)));
  const add = () => {
    const id = Math.max(-1, ...fields.map((one) => one.id)) + 1;
    onChange([...fields, { id, name: "", type: "text", required: false }]);
  };
  return (
    <Fieldset legend={t("Structure")}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t("Fields that are checked and converted. Records may have others too.")}
        </Text>
        {fields.map((one, index) => (
          <Group key={one.id} wrap="nowrap">
            <TextInput
              aria-label={t("Name of field {{number}}", { number: index + 1 })}
              placeholder={t("Name")}
              value={one.name}
              onChange={(event) => change(one.id, { name: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <Select
              aria-label={t("Type of field {{number}}", { number: index + 1 })}
              allowDeselect={false}
              value={one.type ?? "any"}
              data={TYPES.map((type) => ({
                value: type,
                label: t(`type ${type}`, { defaultValue: type }),
              }))}
              onChange={(type) => change(one.id, { type: type as FieldSpec["type"] })}
              w={130}
            />
            <Checkbox
              label={t("Mandatory")}
              checked={one.required ?? false}
              onChange={(event) => change(one.id, { required: event.currentTarget.checked })}
            />
            <ActionIcon
              variant="subtle"
              aria-label={t("Remove field {{number}}", { number: index + 1 })}
              onClick={() => onChange(fields.filter((other) => other.id !== one.id))}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            {t("Add a field")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
