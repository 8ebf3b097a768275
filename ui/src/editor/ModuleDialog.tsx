import {
  Button,
  Grid,
  Group,
  ScrollArea,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPin, IconPlus, IconShieldOff, IconShieldPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConnections, useWebhooks } from "../api/queries";
import type { PlacedModule } from "../api/schema";
import { confirm } from "../parts/Confirm";
import { ConnectionDialog } from "../parts/ConnectionDialog";
import { CopyButton } from "../parts/Copy";
import { Dialog } from "../parts/Dialog";
import { WebhookDialog } from "../parts/WebhookDialog";
import { changeModule, findModule } from "./document";
import { AnyFields } from "./fields/AnyFields";
import { Field } from "./fields/Field";
import { Gathering } from "./Gathering";
import { canBePinned, canFail, isAggregator, mayBeEmpty } from "./kinds";
import { type Known, labelOf, useKnown } from "./known";
import { useBundles } from "./mapping/bundles";
import { ValuesPanel } from "./mapping/ValuesPanel";
import { change, type Shown, show, useEditor } from "./store";
import { TriggerFields } from "./TriggerFields";

/** A module's dialog: connection or webhook, its fields, and what can be mapped into them. */
export default function ModuleDialog({ id, scenario }: { id: number; scenario: string | null }) {
  const { t } = useTranslation();
  const placed = useEditor((state) => findModule(state.document, id));
  const [draft, setDraft] = useState(placed);
  // Two fields may change before the dialog is drawn again, so changes build on what is.
  const put: Put = (how) => setDraft((before) => before && { ...before, ...how(before) });
  const known = useKnown();
  useBundles(scenario);
  if (!placed || !draft) return null;
  const found = known.get(draft.module);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(placed);
  const close = async () => {
    const agreed =
      !isChanged ||
      (await confirm({
        title: t("Discard what you changed?"),
        text: t("The changes in this dialog are not taken over yet."),
        action: t("Discard"),
      }));
    if (agreed) show(null);
  };
  const take = () => {
    change((document) => changeModule(document, id, () => draft));
    show(null);
  };
  const takeAndShow = (dialog: Shown) => {
    change((document) => changeModule(document, id, () => draft));
    show(dialog);
  };
  const maps = Boolean(
    found &&
      (found.module.fields.length > 0 || found.module.any_field || isAggregator(found.module)),
  );
  return (
    <Dialog
      onClose={close}
      title={`${found ? `${found.app.title}: ` : ""}${labelOf(draft, known)}`}
      size={maps ? 1040 : "md"}
      closeOnClickOutside={false}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: maps ? 7 : 12 }}>
            <ScrollArea.Autosize mah="70vh" offsetScrollbars viewportProps={{ tabIndex: 0 }}>
              <Form draft={draft} found={found} put={put} />
              {found && <TriggerFields draft={draft} found={found} scenario={scenario} put={put} />}
            </ScrollArea.Autosize>
          </Grid.Col>
          {maps && (
            <Grid.Col span={{ base: 12, md: 5 }}>
              <ValuesPanel module={id} />
            </Grid.Col>
          )}
        </Grid>
        <Group justify="space-between" mt="md">
          <Group>
            {canFail(draft) && (
              <ErrorRoute
                draft={draft}
                put={put}
                onAdd={() => takeAndShow({ kind: "add", place: { kind: "error", id } })}
              />
            )}
            {scenario && canBePinned(found?.module) && (
              <Button
                variant="default"
                leftSection={<IconPin size={16} />}
                onClick={() => takeAndShow({ kind: "pin", module: id })}
              >
                {t("Pin a sample")}
              </Button>
            )}
          </Group>
          <Group>
            <Button variant="default" onClick={close}>
              {t("Cancel")}
            </Button>
            <Button type="submit">{t("OK")}</Button>
          </Group>
        </Group>
      </form>
    </Dialog>
  );
}

type Put = (how: (before: PlacedModule) => Partial<PlacedModule>) => void;
type FormProps = { draft: PlacedModule; found: Known | undefined; put: Put };

function Form({ draft, found, put }: FormProps) {
  const { t } = useTranslation();
  const putField = (name: string, value: unknown) =>
    put((before) => {
      const { [name]: _, ...rest } = before.map ?? {};
      return { map: value === undefined ? rest : { ...rest, [name]: value } };
    });
  const putFields = (fields: Record<string, unknown>) =>
    put((before) => {
      const own = (found?.module.fields ?? [])
        .filter(({ name }) => before.map && name in before.map)
        .map(({ name }) => [name, before.map?.[name]]);
      return { map: { ...Object.fromEntries(own), ...fields } };
    });
  return (
    <Stack pr="xs">
      {found ? (
        <Text c="dimmed">{found.module.description}</Text>
      ) : (
        <Text>{t("No installed app has the module {{name}}.", { name: draft.module })}</Text>
      )}
      {found?.module.kind === "instant trigger" && <WebhookChoice draft={draft} put={put} />}
      {found &&
        found.app.connection_fields.length > 0 &&
        found.module.kind !== "instant trigger" && (
          <ConnectionChoice draft={draft} found={found} put={put} />
        )}
      {isAggregator(found?.module) && (
        <Gathering
          module={draft.id}
          value={draft.aggregate}
          onChange={(how) => put((before) => ({ aggregate: how(before.aggregate) }))}
        />
      )}
      {found?.module.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          module={draft.id}
          moduleName={draft.module}
          connection={draft.connection}
          siblings={draft.map}
          value={draft.map?.[field.name]}
          onChange={(value) => putField(field.name, value)}
        />
      ))}
      {found?.module.any_field && (
        <AnyFields
          placed={draft}
          declared={found.module.fields.map((field) => field.name)}
          onChange={putFields}
        />
      )}
      {mayBeEmpty(found?.module) && (
        <Switch
          label={t("Continue the execution even if the module returns no results")}
          checked={draft.continue_if_empty ?? false}
          onChange={(event) => {
            const continue_if_empty = event.currentTarget.checked;
            put(() => ({ continue_if_empty }));
          }}
        />
      )}
      <TextInput
        label={t("Name on the canvas")}
        placeholder={found?.module.label}
        value={draft.name ?? ""}
        onChange={(event) => {
          const name = event.currentTarget.value;
          put(() => ({ name }));
        }}
      />
      <Textarea
        label={t("Note")}
        autosize
        value={draft.note ?? ""}
        onChange={(event) => {
          const note = event.currentTarget.value;
          put(() => ({ note }));
        }}
      />
    </Stack>
  );
}

type ErrorRouteProps = Omit<FormProps, "found"> & { onAdd: () => void };

/** What happens when the module fails: an error route is added, or taken away. */
function ErrorRoute({ draft, put, onAdd }: ErrorRouteProps) {
  const { t } = useTranslation();
  const has = Boolean(draft.on_error?.length);
  return (
    <Button
      variant="default"
      leftSection={has ? <IconShieldOff size={16} /> : <IconShieldPlus size={16} />}
      onClick={has ? () => put(() => ({ on_error: [] })) : onAdd}
    >
      {has ? t("Remove the error route") : t("Add error route")}
    </Button>
  );
}

function ConnectionChoice({ draft, found, put }: FormProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const connections = useConnections().data ?? [];
  const fitting = connections.filter((one) => one.app === found?.app.key);
  const isMandatory = found?.module.needs_connection ?? false;
  return (
    <Group align="flex-end" wrap="nowrap" gap="xs">
      <Select
        flex={1}
        label={t("Connection")}
        data-autofocus
        required={isMandatory}
        className={isMandatory ? "mandatory" : undefined}
        description={t("Establish a connection to your {{app}} account.", {
          app: found?.app.title,
        })}
        data={withMissing(
          fitting.map((one) => one.name),
          draft.connection,
        )}
        value={draft.connection ?? null}
        clearable={!isMandatory}
        clearButtonProps={{ "aria-label": t("No connection") }}
        onChange={(connection) => put(() => ({ connection }))}
        nothingFoundMessage={t("There is none yet.")}
      />
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => setAdding(true)}
      >
        {t("Create a connection")}
      </Button>
      {adding && (
        <ConnectionDialog
          app={found?.app.key}
          onClose={() => setAdding(false)}
          onDone={(made) => put(() => ({ connection: made.name }))}
        />
      )}
    </Group>
  );
}

function WebhookChoice({ draft, put }: Omit<FormProps, "found">) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const webhooks = useWebhooks().data ?? [];
  const fitting = webhooks.filter((one) => one.module === draft.module);
  const chosen = fitting.find((one) => one.name === draft.webhook);
  return (
    <>
      <Group align="flex-end" wrap="nowrap" gap="xs">
        <Select
          flex={1}
          label={t("Webhook")}
          data-autofocus
          required
          className="mandatory"
          data={withMissing(
            fitting.map((one) => one.name),
            draft.webhook,
          )}
          value={draft.webhook ?? null}
          onChange={(webhook) => put(() => ({ webhook }))}
        />
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
        >
          {t("Create a webhook")}
        </Button>
      </Group>
      {chosen && (
        <Group>
          <CopyButton
            text={chosen.address}
            label={t("Copy address to clipboard")}
            done={t("The address is on the clipboard")}
          />
        </Group>
      )}
      {adding && (
        <WebhookDialog
          module={draft.module}
          onClose={() => setAdding(false)}
          onDone={(made) => put(() => ({ webhook: made.name }))}
        />
      )}
    </>
  );
}

/** A name that is chosen stays in the list, even where what it named is gone. */
function withMissing(names: string[], chosen: string | null | undefined): string[] {
  return chosen && !names.includes(chosen) ? [...names, chosen] : names;
}
