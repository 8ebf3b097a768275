import { Button, Code, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { part, put, remove } from "../../api/client";
import type { WebhookView } from "../../api/schema";
import { useAct } from "../../parts/act";
import { confirm } from "../../parts/Confirm";
import { CopyButton } from "../../parts/Copy";
import { Moment } from "../../parts/Moment";

const USUAL_HOURS = "24";

/** Gives a webhook another secret; for a while the old one is valid too. */
export function ChangeSecret({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<WebhookView | null>(null);
  const change = useAct(
    (keep_old_hours: number) =>
      put<WebhookView>(`/webhooks/${part(webhook.id)}/secret`, { keep_old_hours }),
    { stale: ["webhooks"] },
  );
  const agree = async (hours: number) => {
    setMade(await change.mutateAsync(hours));
    setAsking(false);
  };
  return (
    <>
      <Button variant="default" leftSection={<IconKey size={18} />} onClick={() => setAsking(true)}>
        {t("Change the secret")}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("Change the secret of {{name}}?", { name: webhook.name })}
      >
        <Question
          webhook={webhook}
          pending={change.isPending}
          onAgree={(hours) => agree(hours).catch(() => {})}
          onCancel={() => setAsking(false)}
        />
      </Modal>
      <Modal opened={made !== null} onClose={() => setMade(null)} title={t("The new secret")}>
        {made && <Made webhook={made} />}
      </Modal>
    </>
  );
}

type QuestionProps = {
  webhook: WebhookView;
  pending: boolean;
  onAgree: (hours: number) => void;
  onCancel: () => void;
};

function Question({ webhook, pending, onAgree, onCancel }: QuestionProps) {
  const { t } = useTranslation();
  const [hours, setHours] = useState(USUAL_HOURS);
  return (
    <Stack>
      {webhook.has_secret ? (
        <Select
          label={t("The old secret ends")}
          description={t(
            "Until then both are valid, so that nothing is refused while you tell the service.",
          )}
          value={hours}
          allowDeselect={false}
          onChange={(value) => setHours(value ?? USUAL_HOURS)}
          data={[
            { value: "0", label: t("at once") },
            { value: "1", label: t("in an hour") },
            { value: USUAL_HOURS, label: t("in a day") },
            { value: "168", label: t("in a week") },
          ]}
        />
      ) : (
        <Text>{t("The webhook is open. From now on what comes without a secret is refused.")}</Text>
      )}
      {webhook.old_secret_until && (
        <Text>{t("The secret before the present one ends now; no more than two are valid.")}</Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <Button loading={pending} onClick={() => onAgree(Number(hours))}>
          {t("Change the secret")}
        </Button>
      </Group>
    </Stack>
  );
}

function Made({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const secret = webhook.secret ?? "";
  return (
    <Stack>
      <Text>{t("Enter it in the service as its Secret Auth-Token. It is shown this once.")}</Text>
      <Code block tabIndex={0}>
        {secret}
      </Code>
      {webhook.old_secret_until && <BothValid until={webhook.old_secret_until} />}
      <CopyButton
        text={secret}
        label={t("Copy secret to clipboard")}
        done={t("The secret is on the clipboard")}
      />
    </Stack>
  );
}

/** While two secrets are valid: until when, and the way to end the old one. */
export function OldSecret({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const end = useAct(() => remove(`/webhooks/${part(webhook.id)}/secret/old`), {
    stale: ["webhooks"],
    said: t("Only the new secret is valid now."),
  });
  const ask = async () => {
    const agreed = await confirm({
      title: t("End the old secret of {{name}}?", { name: webhook.name }),
      text: t("What the service still sends with it is refused from now on."),
      action: t("End it now"),
    });
    if (agreed) end.mutate(undefined);
  };
  const until = webhook.old_secret_until;
  if (!until || Date.parse(until) <= Date.now()) return null;
  return (
    <Group gap="xs">
      <BothValid until={until} />
      <Button variant="default" size="compact-sm" loading={end.isPending} onClick={ask}>
        {t("End it now")}
      </Button>
    </Group>
  );
}

function BothValid({ until }: { until: string }) {
  const { t } = useTranslation();
  return (
    <Text size="sm">
      {t("The old secret is valid too, until")} <Moment at={until} />
    </Text>
  );
}
