import {
  Button,
  Checkbox,
  Code,
  Group,
  PasswordInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { useApps } from "../api/queries";
import type { WebhookView } from "../api/schema";
import { useAct } from "./act";
import { CopyButton } from "./Copy";
import { Dialog } from "./Dialog";
import { revealing } from "./revealing";
import { Trouble } from "./Trouble";

type Props = {
  /** The trigger, where it is known already. */
  module?: string;
  onClose: () => void;
  onDone?: (webhook: WebhookView) => void;
};

/** *Webhook Name*, *Save*, *Copy address to clipboard*, *OK*. */
export function WebhookDialog({ module, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [made, setMade] = useState<WebhookView | null>(null);
  return (
    <Dialog onClose={onClose} title={t("Create a webhook")}>
      {made ? (
        <Address webhook={made} onClose={onClose} />
      ) : (
        <Form
          module={module}
          onClose={onClose}
          onMade={(webhook) => {
            setMade(webhook);
            onDone?.(webhook);
          }}
        />
      )}
    </Dialog>
  );
}

function Form(props: {
  module?: string;
  onClose: () => void;
  onMade: (webhook: WebhookView) => void;
}) {
  const { t } = useTranslation();
  const apps = useApps().data ?? [];
  const [name, setName] = useState("");
  const [module, setModule] = useState(props.module ?? null);
  const [secret, setSecret] = useState("");
  const [open, setOpen] = useState(false);
  const triggers = apps.flatMap((app) =>
    app.modules
      .filter((one) => one.kind === "instant trigger")
      .map((one) => ({ value: one.name, label: `${app.title}: ${one.label}` })),
  );
  const save = useAct(
    () => post<WebhookView>("/webhooks", { name, module, secret: secret || null, open }),
    { stale: ["webhooks"], quiet: true },
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    props.onMade(await save.mutateAsync(undefined));
  };
  return (
    <form onSubmit={(event) => submit(event).catch(() => {})}>
      <Stack>
        {!props.module && (
          <Select
            label={t("Trigger")}
            required
            value={module}
            onChange={setModule}
            data={triggers}
          />
        )}
        <TextInput
          label={t("Webhook Name")}
          description={t("Enter a name for the webhook.")}
          required
          className="mandatory"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <PasswordInput
          label={t("Secret Auth-Token")}
          description={t("Left empty, one is made. Enter the same one in the service.")}
          value={secret}
          disabled={open}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="off"
          visibilityToggleButtonProps={revealing(t("Show the secret"))}
        />
        <Checkbox
          label={t("No secret: whoever knows the address may send")}
          checked={open}
          onChange={(event) => setOpen(event.currentTarget.checked)}
        />
        {save.error && <Trouble error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t("Cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name || !module}>
            {t("Save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Address({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text>{t("Enter this address in the service, as the destination of its webhook:")}</Text>
      <Code block tabIndex={0}>
        {webhook.address}
      </Code>
      <CopyButton
        text={webhook.address}
        label={t("Copy address to clipboard")}
        done={t("The address is on the clipboard")}
      />
      {webhook.secret && (
        <>
          <Text>
            {t(
              "And this as its Secret Auth-Token. It is shown this once; it can be changed later.",
            )}
          </Text>
          <Code block tabIndex={0}>
            {webhook.secret}
          </Code>
          <CopyButton
            text={webhook.secret}
            label={t("Copy secret to clipboard")}
            done={t("The secret is on the clipboard")}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("OK")}</Button>
      </Group>
    </Stack>
  );
}
