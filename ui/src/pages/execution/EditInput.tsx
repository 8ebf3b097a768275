import { Button, Group, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part } from "../../api/client";
import type { OperationLine, OperationView, StopView } from "../../api/schema";
import { Dialog } from "../../parts/Dialog";
import { Trouble } from "../../parts/Trouble";

const AT_ONCE = 1000;

type Fields = Record<string, unknown>;
type Props = {
  execution: string;
  stop: StopView;
  given: Fields | null;
  onKeep: (input: Fields) => void;
  onClose: () => void;
};

/** The fields that a module was given, to be given others when the execution resumes. */
export function EditInput({ execution, stop, given, onKeep, onClose }: Props) {
  const { t } = useTranslation();
  const failed = useQuery<Fields, Error>({
    queryKey: ["executions", execution, "input", stop.module_id, stop.path],
    queryFn: () => inputOf(execution, stop),
    enabled: given === null,
  });
  const input = given ?? failed.data;
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={t("Edit input of {{module}}", { module: `${stop.module_id}. ${stop.label}` })}
    >
      {failed.error && <Trouble error={failed.error} again={failed.refetch} />}
      {input ? (
        <Form input={input} onKeep={onKeep} onClose={onClose} />
      ) : (
        !failed.error && <Skeleton h={200} />
      )}
    </Dialog>
  );
}

type FormProps = { input: Fields; onKeep: Props["onKeep"]; onClose: () => void };

function Form({ input, onKeep, onClose }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(input, null, 2));
  const fields = parsed(text);
  return (
    <Stack>
      <Text>
        {t("The module is given this instead, as soon as you resume. Other bundles keep theirs.")}
      </Text>
      <Textarea
        label={t("Input as JSON")}
        autosize
        minRows={8}
        maxRows={20}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fields ? undefined : t("This is not a JSON object.")}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button
          disabled={!fields}
          onClick={() => {
            if (fields) onKeep(fields);
            onClose();
          }}
        >
          {t("Keep for resuming")}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the operation that failed was given; nothing where it had not come so far. */
async function inputOf(execution: string, stop: StopView): Promise<Fields> {
  const path = `/executions/${part(execution)}/operations`;
  for (let after = 0; ; ) {
    const lines = await get<OperationLine[]>(path, {
      after,
      limit: AT_ONCE,
      module: stop.module_id,
    });
    const failed = lines.find((one) => one.path === stop.path && one.state === "failed");
    if (failed) return asFields((await get<OperationView>(`${path}/${failed.number}`)).input);
    if (lines.length < AT_ONCE) return {};
    after = lines.at(-1)?.number ?? 0;
  }
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
