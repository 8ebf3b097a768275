import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { part, put, remove } from "../api/client";
import type { RecordView } from "../api/schema";
import { useAct } from "./act";
import { confirm } from "./Confirm";
import { Dialog } from "./Dialog";
import { Moment } from "./Moment";
import { Trouble } from "./Trouble";

/** One record, new or known, written as JSON. */
export function RecordDialog(props: {
  store: string;
  record: RecordView | null;
  onClose: () => void;
}) {
  const { store, record, onClose } = props;
  const { t } = useTranslation();
  const [key, setKey] = useState(record?.key ?? "");
  const [text, setText] = useState(JSON.stringify(record?.data ?? {}, null, 2));
  const { data, fault } = read(text);
  const path = (known: string) => `/data-stores/${part(store)}/record?key=${part(known)}`;
  const stale = ["data stores", "records"];
  const save = useAct(() => put(`${path(key)}&overwrite=${record !== null}`, data), {
    stale,
    quiet: true,
    said: t("Saved."),
  });
  const discard = useAct(() => remove(path(key)), { stale, said: t("The record was deleted.") });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await save.mutateAsync(undefined);
    onClose();
  };
  const askDelete = async () => {
    const agreed = await confirm({
      title: t("Delete {{name}}?", { name: key }),
      text: t("Scenarios will not find the record any more."),
      action: t("Delete"),
    });
    if (!agreed) return;
    await discard.mutateAsync(undefined);
    onClose();
  };
  const said =
    fault === null
      ? undefined
      : fault === ""
        ? t("A record is a JSON object, such as {{example}}.", { example: '{"name": "Ada"}' })
        : t("This is not JSON: {{reason}}", { reason: fault });
  return (
    <Dialog onClose={onClose} size="lg" title={record ? t("Record") : t("Add a record")}>
      <form onSubmit={(event) => submit(event).catch(() => {})}>
        <Stack>
          <TextInput
            label={t("Key")}
            description={record ? undefined : t("Left empty, one is made.")}
            value={key}
            disabled={record !== null}
            onChange={(event) => setKey(event.currentTarget.value)}
            data-autofocus={record ? undefined : true}
          />
          <Textarea
            label={t("Data")}
            autosize
            minRows={6}
            maxRows={20}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            value={text}
            error={said}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {record && <Origin record={record} />}
          {save.error && <Trouble error={save.error} />}
          <Group justify="space-between">
            {record ? (
              <Button
                variant="default"
                leftSection={<IconTrash size={18} />}
                onClick={() => askDelete().catch(() => {})}
              >
                {t("Delete")}
              </Button>
            ) : (
              <span />
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                {t("Cancel")}
              </Button>
              <Button type="submit" loading={save.isPending} disabled={fault !== null}>
                {t("Save")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Origin({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  return (
    <Text size="sm">
      {t("Changed")} <Moment at={record.updated_at} />
      {record.written_by && (
        <>
          {" · "}
          <Link href={`/executions/${record.written_by}`}>{t("by this execution")}</Link>
        </>
      )}
    </Text>
  );
}

/** The data, or why it is none; an empty reason says that it is no object. */
function read(text: string): { data?: unknown; fault: string | null } {
  try {
    const data: unknown = JSON.parse(text);
    const isObject = data !== null && typeof data === "object" && !Array.isArray(data);
    return isObject ? { data, fault: null } : { fault: "" };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
