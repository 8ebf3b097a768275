import { Button, Code, FileButton, Group, Skeleton, Table, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconDatabase,
  IconDownload,
  IconEdit,
  IconEraser,
  IconPlus,
  IconSearch,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { get, part, post, remove } from "../api/client";
import { useDataStore } from "../api/queries";
import type { DataStoreView, ImportView, RecordView } from "../api/schema";
import { say, useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { DataStoreDialog } from "../parts/DataStoreDialog";
import { Empty } from "../parts/Empty";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { RecordDialog } from "../parts/RecordDialog";
import { Rows } from "../parts/Rows";
import { asSize } from "../parts/size";
import { Trouble } from "../parts/Trouble";

const AT_ONCE = 50;
const EXCERPT = 200;

export function DataStore({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const store = useDataStore(id);
  if (store.error) return <Trouble error={store.error} again={store.refetch} />;
  if (!store.data) return <Skeleton h={200} m="md" />;
  const { name, records, bytes, limit_bytes } = store.data;
  return (
    <Page
      title={name}
      about={t("{{count}} records, {{size}} of {{limit}}", {
        count: records,
        size: asSize(bytes, i18n.language),
        limit: asSize(limit_bytes, i18n.language),
      })}
      actions={<Actions store={store.data} />}
    >
      <Records store={store.data} />
    </Page>
  );
}

function Actions({ store }: { store: DataStoreView }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [changing, setChanging] = useState(false);
  const path = `/data-stores/${part(store.id)}`;
  const stale = ["data stores", "records"];
  const clear = useAct(() => remove(`${path}/records`), {
    stale,
    said: t("All records were deleted."),
  });
  const discard = useAct(() => remove(path), { stale, said: t("The data store was removed.") });
  const askClear = async () => {
    const agreed = await confirm({
      title: t("Delete all records of {{name}}?", { name: store.name }),
      text: t("They cannot be brought back, but from an export."),
      action: t("Delete all records"),
    });
    if (agreed) await clear.mutateAsync(undefined);
  };
  const askRemove = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: store.name }),
      text: t("Its records go with it."),
      action: t("Remove"),
    });
    if (!agreed) return;
    await discard.mutateAsync(undefined);
    go("/datastores");
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconEdit size={18} />}
        onClick={() => setChanging(true)}
      >
        {t("Change")}
      </Button>
      <Button
        variant="default"
        component="a"
        href={`/api/v1${path}/export`}
        download={`${store.name}.jsonl`}
        leftSection={<IconDownload size={18} />}
      >
        {t("Export")}
      </Button>
      <Import path={path} />
      <Button
        variant="default"
        leftSection={<IconEraser size={18} />}
        disabled={store.records === 0}
        onClick={() => askClear().catch(() => {})}
      >
        {t("Delete all records")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconTrash size={18} />}
        onClick={() => askRemove().catch(() => {})}
      >
        {t("Remove")}
      </Button>
      {changing && <DataStoreDialog store={store} onClose={() => setChanging(false)} />}
    </>
  );
}

function Import({ path }: { path: string }) {
  const { t } = useTranslation();
  const take = useAct(async (file: File) => post<ImportView>(`${path}/import`, await file.text()), {
    stale: ["data stores", "records"],
  });
  const choose = async (file: File | null) => {
    if (!file) return;
    const { imported } = await take.mutateAsync(file);
    say(t("{{count}} records were imported.", { count: imported }));
  };
  return (
    <FileButton
      onChange={(file) => choose(file).catch(() => {})}
      inputProps={{ "aria-label": t("File to import") }}
    >
      {(props) => (
        <Button
          {...props}
          variant="default"
          loading={take.isPending}
          leftSection={<IconUpload size={18} />}
        >
          {t("Import")}
        </Button>
      )}
    </FileButton>
  );
}

function Records({ store }: { store: DataStoreView }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [settled] = useDebouncedValue(text, 300);
  const [shown, setShown] = useState<RecordView | "new" | null>(null);
  const records = useRecords(store.id, settled);
  const found = records.data?.pages.flat() ?? [];
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setShown("new")}>
      {t("Add a record")}
    </Button>
  );
  const isEmpty = records.data && found.length === 0;
  return (
    <>
      <Group mb="sm" align="flex-end" justify="space-between">
        <TextInput
          label={t("Search")}
          description={t("In keys and data")}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {!(isEmpty && !settled) && add}
      </Group>
      {records.error && <Trouble error={records.error} again={records.refetch} />}
      {isEmpty ? (
        <Empty
          icon={<IconDatabase size={40} aria-hidden />}
          title={settled ? t("Nothing was found") : t("No record yet")}
          text={t("Scenarios add records with the app Data store; you can add one by hand.")}
        >
          {!settled && add}
        </Empty>
      ) : (
        <Rows
          label={t("Records")}
          heads={[t("Key"), t("Data"), t("Changed"), t("Actions")]}
          loading={records.isLoading}
          more={
            records.hasNextPage
              ? { load: records.fetchNextPage, loading: records.isFetchingNextPage }
              : undefined
          }
        >
          {found.map((one) => (
            <Row key={one.key} record={one} onEdit={() => setShown(one)} />
          ))}
        </Rows>
      )}
      {shown && (
        <RecordDialog
          store={store.id}
          record={shown === "new" ? null : shown}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

/** A page may be shorter than asked for where records are large; the last one is empty. */
function useRecords(store: string, text: string) {
  return useInfiniteQuery<RecordView[], Error>({
    queryKey: ["records", store, text],
    queryFn: ({ pageParam }) =>
      get(`/data-stores/${part(store)}/records`, {
        limit: AT_ONCE,
        text,
        after: pageParam as string,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => (isLast(last) ? undefined : last.at(-1)?.key),
  });
}

const LARGE_PAGE = 4_000_000;

function isLast(page: RecordView[]): boolean {
  const size = page.reduce((total, one) => total + one.bytes, 0);
  return page.length < AT_ONCE && size <= LARGE_PAGE;
}

function Row({ record, onEdit }: { record: RecordView; onEdit: () => void }) {
  const { t } = useTranslation();
  const text = JSON.stringify(record.data);
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{record.key}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Code>{text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text}</Code>
      </Table.Td>
      <Table.Td>
        <Moment at={record.updated_at} />
      </Table.Td>
      <Table.Td>
        <Button
          variant="default"
          size="xs"
          aria-label={t("Edit {{name}}", { name: record.key })}
          onClick={onEdit}
        >
          {t("Edit")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
