import { Button, Table } from "@mantine/core";
import { IconDatabase, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useDataStores } from "../api/queries";
import { DataStoreDialog } from "../parts/DataStoreDialog";
import { Empty } from "../parts/Empty";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { asSize } from "../parts/size";
import { Trouble } from "../parts/Trouble";

export function DataStores() {
  const { t, i18n } = useTranslation();
  const [adding, setAdding] = useState(false);
  const stores = useDataStores();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
      {t("Create a data store")}
    </Button>
  );
  return (
    <Page
      title={t("Data stores")}
      about={t("Records that scenarios keep, and find again by their keys.")}
      actions={stores.data?.length === 0 ? undefined : add}
    >
      {stores.error && <Trouble error={stores.error} again={stores.refetch} />}
      {stores.data?.length === 0 ? (
        <Empty
          icon={<IconDatabase size={40} aria-hidden />}
          title={t("No data store yet")}
          text={t("Create one, and let a scenario remember who answered, and how often.")}
        >
          {add}
        </Empty>
      ) : (
        <Rows
          label={t("Data stores")}
          heads={[t("Name"), t("Records"), t("Size"), t("Limit"), t("Used by")]}
          loading={stores.isLoading}
        >
          {stores.data?.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Link href={`/datastores/${one.id}`}>{one.name}</Link>
              </Table.Td>
              <Table.Td>{one.records}</Table.Td>
              <Table.Td>{asSize(one.bytes, i18n.language)}</Table.Td>
              <Table.Td>{asSize(one.limit_bytes, i18n.language)}</Table.Td>
              <Table.Td>{one.used_by.join(", ")}</Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      {adding && <DataStoreDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}
