import { Button, Group, Radio, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part, post, put } from "../api/client";
import type { Beginning, BeginningView, Choice, Expectation } from "../api/schema";
import { useAct } from "./act";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

type Start = BeginningView["offers"][number];

type Props = {
  /** The scenario's id. */
  scenario: string;
  action: string;
  onClose: () => void;
  onDone: () => void;
};

export const useBeginning = (scenario: string | null) =>
  useQuery<BeginningView, Error>({
    queryKey: ["scenarios", scenario, "beginning"],
    queryFn: () => get(`/scenarios/${part(scenario ?? "")}/beginning`),
    enabled: scenario !== null,
    retry: false,
  });

/** *Choose where to start*: it first says how many records that would take. */
export function BeginningDialog({ scenario, action, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const where = useBeginning(scenario);
  const [start, setStart] = useState<Start>("now");
  const [date, setDate] = useState("");
  const [key, setKey] = useState<string | null>(null);
  const beginning = chosen(start, date, key);
  const choose = useAct(
    () => put<BeginningView>(`/scenarios/${part(scenario)}/beginning`, beginning),
    { stale: ["scenarios"], quiet: true },
  );
  const take = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    await choose.mutateAsync(undefined);
    onDone();
  };
  const names: Record<Start, string> = {
    now: t("From now on"),
    date: t("Since a specific date"),
    all: t("All"),
    record: t("Choose manually from the list of records"),
  };
  return (
    <Dialog onClose={onClose} title={t("Choose where to start")} size="lg">
      <form onSubmit={(event) => take(event).catch(() => {})}>
        <Stack>
          {where.error && <Trouble error={where.error} again={where.refetch} />}
          {where.data ? <Where of={where.data} /> : <Skeleton h={24} />}
          <Radio.Group
            label={t("Records that the trigger takes")}
            description={t("With its fields as they are saved.")}
            value={start}
            onChange={(value) => setStart(value as Start)}
          >
            <Stack gap="xs" mt="xs">
              {(where.data?.offers ?? []).map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={names[one]}
                  data-autofocus={one === "now" || undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
          {start === "date" && (
            <TextInput
              type="datetime-local"
              label={t("Date")}
              required
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
            />
          )}
          {start === "record" && <Records scenario={scenario} value={key} onChange={setKey} />}
          <Expected scenario={scenario} beginning={beginning} />
          {choose.error && <Trouble error={choose.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={choose.isPending} disabled={beginning === null}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** A beginning, once all it needs is there. A date is one in the viewer's zone. */
function chosen(start: Start, date: string, key: string | null): Beginning | null {
  if (start === "record") return key === null ? null : { start, at: key };
  if (start !== "date") return { start };
  const moment = new Date(date);
  return Number.isNaN(moment.getTime()) ? null : { start, at: moment.toISOString() };
}

/** Where a trigger is now. */
export function Where({ of }: { of: BeginningView }) {
  const { t } = useTranslation();
  if (!of.looked) return <Text size="sm">{t("It has not looked yet.")}</Text>;
  return (
    <Text size="sm">
      {of.mark == null
        ? t("It takes every record that it has not taken before.")
        : t("It takes what comes after {{mark}}.", { mark: String(of.mark) })}
    </Text>
  );
}

function Expected({ scenario, beginning }: { scenario: string; beginning: Beginning | null }) {
  const { t } = useTranslation();
  const [settled] = useDebouncedValue(beginning, 300);
  const expected = useQuery<Expectation, Error>({
    queryKey: ["expected", scenario, settled],
    queryFn: () => post(`/scenarios/${part(scenario)}/beginning/expect`, settled),
    enabled: settled !== null,
    staleTime: 0,
    retry: false,
  });
  if (settled === null) return null;
  if (expected.error) return <Trouble error={expected.error} again={expected.refetch} />;
  if (!expected.data) return <Text role="status">{t("Asking the service …")}</Text>;
  const { records: count, more, first } = expected.data;
  return (
    <div role="status">
      <Text>
        {more
          ? t("It would take more than {{count}} records.", { count })
          : t("It would take {{count}} records.", { count })}
      </Text>
      {first.length > 0 && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {t("The first: {{record}}", { record: described(first[0]) })}
        </Text>
      )}
    </div>
  );
}

type RecordsProps = {
  scenario: string;
  value: string | null;
  onChange: (key: string | null) => void;
};

function Records({ scenario, value, onChange }: RecordsProps) {
  const { t } = useTranslation();
  const choices = useQuery<Choice[], Error>({
    queryKey: ["choices", scenario],
    queryFn: () => get(`/scenarios/${part(scenario)}/beginning/choices`),
    retry: false,
  });
  if (choices.error) return <Trouble error={choices.error} again={choices.refetch} />;
  return (
    <Select
      label={t("The first record to be taken")}
      required
      searchable
      value={value}
      onChange={onChange}
      nothingFoundMessage={
        choices.isFetching ? t("Asking the service …") : t("Nothing of that name.")
      }
      data={(choices.data ?? []).map((one) => ({
        value: one.key,
        label: one.mark == null ? described(one.record) : `${one.mark} · ${described(one.record)}`,
      }))}
    />
  );
}

const SHOWN = 3;
const MOST = 120;
const TECHNICAL = /^([0-9a-f-]{24,36}|\d{4}-\d\d-\d\d.*)$/i;

/** A few of a record's values, by which a person knows it: ids and dates only if need be. */
function described(record: unknown): string {
  const values = [...scalarsOf(record)];
  const telling = values.filter((one) => !TECHNICAL.test(one));
  return [...telling, ...values].slice(0, SHOWN).join(" · ").slice(0, MOST);
}

function* scalarsOf(value: unknown): Generator<string> {
  if (value && typeof value === "object") {
    for (const one of Object.values(value)) yield* scalarsOf(one);
  } else if ((typeof value === "string" && value) || typeof value === "number") {
    yield String(value);
  }
}
