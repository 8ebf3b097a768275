import { Alert, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconEqual } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { part, post } from "../api/client";
import type { Difference, ReplayedExecution } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { Empty } from "../parts/Empty";
import { Json } from "../parts/Json";
import { State } from "../parts/State";
import { Trouble } from "../parts/Trouble";
import { toSave } from "./document";
import { show, useEditor } from "./store";

const EXECUTIONS = 10;

/** What the latest executions would have done on the document as it is in the editor. */
export default function Replayed({ id }: { id: string }) {
  const { t } = useTranslation();
  const document = useEditor((state) => state.document);
  const replayed = useQuery<ReplayedExecution[], Error>({
    queryKey: ["replayed", id, document],
    queryFn: () =>
      post(`/scenarios/${part(id)}/compare`, {
        document: toSave(document),
        executions: EXECUTIONS,
      }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Dialog onClose={() => show(null)} title={t("What would change")} size="xl">
      <Stack>
        <Text>
          {t("The latest executions on what is in the editor, saved or not.")}{" "}
          {t("They are answered as they were answered then: nobody is asked.")}
        </Text>
        {replayed.error && <Trouble error={replayed.error} again={replayed.refetch} />}
        {replayed.isLoading && <Skeleton h={160} />}
        {replayed.data && <Found replayed={replayed.data} />}
      </Stack>
    </Dialog>
  );
}

function Found({ replayed }: { replayed: ReplayedExecution[] }) {
  const { t } = useTranslation();
  const other = replayed.filter(isOther);
  const same = replayed.length - other.length;
  if (other.length === 0) {
    return (
      <Empty
        icon={<IconEqual size={40} stroke={1.2} />}
        title={replayed.length ? t("Nothing would change") : t("Nothing has run yet")}
        text={
          replayed.length
            ? t("{{count}} executions would do the same.", { count: same })
            : t("When the scenario has run, its executions can be tried on what you change.")
        }
      />
    );
  }
  return (
    <>
      {other.map((one) => (
        <Execution key={one.execution} one={one} />
      ))}
      {same > 0 && <Text>{t("{{count}} executions would do the same.", { count: same })}</Text>}
    </>
  );
}

function Execution({ one }: { one: ReplayedExecution }) {
  const { t } = useTranslation();
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={t("Execution {{id}}", { id: one.execution })}
    >
      <Stack>
        <Group>
          <Link href={`/executions/${one.execution}`}>
            {t("Execution {{id}}", { id: one.execution })}
          </Link>
          <State of={one.before} />
          {one.before !== one.after && (
            <>
              <span>→</span>
              <State of={one.after} />
            </>
          )}
        </Group>
        {one.differences.map((difference) => (
          <Sides key={`${difference.module_id} ${difference.path}`} of={difference} />
        ))}
        {one.error && one.before !== one.after && (
          <Alert color="red" variant="outline">
            {String(one.error.type)}: {String(one.error.message)}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

function Sides({ of }: { of: Difference }) {
  const { t } = useTranslation();
  return (
    <div>
      <Title order={3} size="h5">
        {of.module_id}. {of.label}
      </Title>
      <SimpleGrid cols={2}>
        <Side value={differing(of.before, of.after)} label={t("Before")} />
        <Side value={differing(of.after, of.before)} label={t("After")} />
      </SimpleGrid>
    </div>
  );
}

function Side({ value, label }: { value: Record<string, unknown> | null; label: string }) {
  const { t } = useTranslation();
  if (value) return <Json value={value} label={label} />;
  return (
    <div>
      <Text fw={600}>{label}</Text>
      <Text c="dimmed">{t("It does not run.")}</Text>
    </div>
  );
}

type Shown = Difference["before"];

/** What one side has otherwise than the other; all of it where there is no other. */
function differing(one: Shown, other: Shown): Shown {
  if (!one || !other) return one;
  const names = Object.keys(one).filter(
    (name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  );
  return Object.fromEntries(names.map((name) => [name, one[name]]));
}

/** An execution that failed may have been put off since, which is no other outcome. */
function isOther(one: ReplayedExecution): boolean {
  return one.differences.length > 0 || (one.before === "done") !== (one.after === "done");
}
