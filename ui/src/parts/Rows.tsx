import { Button, Center, Skeleton, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  label: string;
  heads: string[];
  before?: ReactNode;
  loading?: boolean;
  more?: { load: () => void; loading: boolean };
  children: ReactNode;
};

/** A table with its place kept while it loads, and a button for what follows.
 *
 * `before` heads a column in front that has no name.
 */
export function Rows({ label, heads, before, loading = false, more, children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover verticalSpacing="xs" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {before && <Table.Td w={40}>{before}</Table.Td>}
              {heads.map((head) => (
                <Table.Th key={head} scope="col" style={{ whiteSpace: "nowrap" }}>
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{loading ? <Blank columns={heads.length} /> : children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {more && (
        <Center mt="md">
          <Button variant="default" onClick={more.load} loading={more.loading}>
            {t("Show more")}
          </Button>
        </Center>
      )}
    </>
  );
}

function Blank({ columns }: { columns: number }) {
  return [1, 2, 3].map((row) => (
    <Table.Tr key={row}>
      <Table.Td colSpan={columns}>
        <Skeleton h={22} />
      </Table.Td>
    </Table.Tr>
  ));
}
