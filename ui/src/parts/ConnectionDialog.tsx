import {
  Accordion,
  Alert,
  Button,
  Group,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { part, patch, post } from "../api/client";
import { useApps } from "../api/queries";
import type { ConnectionView, FieldView } from "../api/schema";
import { useAct } from "./act";
import { Dialog } from "./Dialog";
import { revealing } from "./revealing";
import { choicesOf, kindOf } from "./schema";
import { Trouble } from "./Trouble";

type Props = {
  /** The app, where it is known already. */
  app?: string;
  /** The connection whose values are to be changed; without it a new one is made. */
  changing?: ConnectionView;
  onClose: () => void;
  onDone?: (connection: ConnectionView) => void;
};

/** *Create a connection*: a name, the app's fields, *Continue*. */
export function ConnectionDialog({ app, changing, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const apps = useApps().data ?? [];
  const [chosen, setChosen] = useState(app ?? changing?.app ?? null);
  const [name, setName] = useState("");
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [address, setAddress] = useState(changing?.base_url ?? "");
  const [made, setMade] = useState<ConnectionView | null>(null);
  const found = apps.find((one) => one.key === chosen);
  const save = useAct(
    () =>
      changing
        ? patch<ConnectionView>(`/connections/${part(changing.id)}`, {
            fields: values,
            base_url: address || null,
          })
        : post<ConnectionView>("/connections", {
            name,
            app: chosen,
            fields: values,
            base_url: address || null,
          }),
    { stale: ["connections"], quiet: true },
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const connection = await save.mutateAsync(undefined);
    setMade(connection);
    onDone?.(connection);
  };
  const missing = found?.connection_fields.some((one) => one.mandatory && !values[one.name]);
  const isComplete = changing ? Boolean(found) : Boolean(name && found && !missing);
  return (
    <Dialog
      onClose={onClose}
      title={changing ? t("Change {{name}}", { name: changing.name }) : t("Create a connection")}
    >
      {made ? (
        <Established connection={made} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => submit(event).catch(() => {})}>
          <Stack>
            {!app && !changing && (
              <Select
                label={t("App")}
                required
                value={chosen}
                onChange={setChosen}
                data={apps
                  .filter((one) => one.connection_fields.length > 0)
                  .map((one) => ({ value: one.key, label: one.title }))}
              />
            )}
            {!changing && (
              <TextInput
                label={t("Connection name")}
                required
                className="mandatory"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                data-autofocus
              />
            )}
            {found?.connection_fields.map((field) => (
              <PlainField
                key={field.name}
                field={field}
                optional={Boolean(changing)}
                value={values[field.name] ?? changing?.fields[field.name]}
                onChange={(value) => setValues({ ...values, [field.name]: value })}
              />
            ))}
            {found?.connection_help && (
              <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
                {found.connection_help}
              </Text>
            )}
            <Advanced address={address} onChange={setAddress} />
            {save.error && <Trouble error={save.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t("Cancel")}
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!isComplete}>
                {t("Continue")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function Established({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="green" variant="outline" icon={<IconCheck />} role="status">
        <Text>{t("The connection has been established.")}</Text>
        {connection.label && <Text>{t("Account: {{label}}", { label: connection.label })}</Text>}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("OK")}
        </Button>
      </Group>
    </Stack>
  );
}

function Advanced({ address, onChange }: { address: string; onChange: (to: string) => void }) {
  const { t } = useTranslation();
  return (
    <Accordion variant="contained">
      <Accordion.Item value="advanced">
        <Accordion.Control>{t("Advanced settings")}</Accordion.Control>
        <Accordion.Panel>
          <TextInput
            label={t("Address of the service")}
            description={t("Only where it is not the usual one, such as that of a sandbox.")}
            placeholder="http://127.0.0.1:8790"
            value={address}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

type PlainProps = {
  field: FieldView;
  optional?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
};

/** A field that nothing can be mapped into. */
function PlainField({ field, optional = false, value, onChange }: PlainProps) {
  const { t } = useTranslation();
  const isMandatory = field.mandatory && !optional;
  const common = {
    label: field.label,
    description: field.help || undefined,
    required: isMandatory,
    className: isMandatory ? "mandatory" : undefined,
  };
  const text = value == null ? "" : String(value);
  switch (kindOf(field)) {
    case "secret":
      return (
        <PasswordInput
          {...common}
          value={text}
          placeholder={optional ? t("Unchanged") : undefined}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
          visibilityToggleButtonProps={revealing(t("Show {{label}}", { label: field.label }))}
        />
      );
    case "boolean":
      return (
        <Switch
          {...common}
          checked={Boolean(value ?? field.schema.default)}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={choicesOf(field)}
          value={text || null}
          onChange={(chosen) => onChange(chosen)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
