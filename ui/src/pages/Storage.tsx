import { Alert, Button, Table, Text } from "@mantine/core";
import { IconScissors } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { useStorage } from "../api/queries";
import type { KeepView, ScenarioStorage, StorageView } from "../api/schema";
import { localeOf } from "../i18n/locale";
import { useAct } from "../parts/act";
import { Listed } from "../parts/Listed";
import { Moment } from "../parts/Moment";
import { Rows } from "../parts/Rows";
import { asSize } from "../parts/size";
import { Trouble } from "../parts/Trouble";

/** How large everything is, how much of it is kept, and pruning it now. */
export function Storage() {
  const { t } = useTranslation();
  const storage = useStorage();
  const prune = useAct(() => post("/prune", { compact: false }), { stale: ["storage"] });
  const found = storage.data;
  return (
    <Listed
      title={t("Storage")}
      about={t("How large the history is, and how much of it is kept.")}
      action={
        <Button
          leftSection={<IconScissors size={18} />}
          onClick={() => prune.mutate(undefined)}
          loading={prune.isPending || found?.pruning.under_way}
        >
          {t("Prune now")}
        </Button>
      }
    >
      {storage.error && <Trouble error={storage.error} again={storage.refetch} />}
      {found && <Pruning of={found} />}
      {found && !found.shrinks && (
        <Alert color="orange" variant="outline">
          {t("This file cannot shrink. Run trunkline prune --compact once.")}
        </Alert>
      )}
      <Rows label={t("Storage")} heads={[t("What"), t("Found")]} loading={storage.isLoading}>
        {found && <Facts of={found} />}
      </Rows>
      <Rows
        label={t("History by scenario")}
        heads={[t("Scenario"), t("Executions"), t("Operations"), t("Size"), t("Oldest execution")]}
        loading={storage.isLoading}
      >
        {found?.scenarios.map((one) => (
          <ScenarioRow key={one.scenario} of={one} />
        ))}
      </Rows>
    </Listed>
  );
}

/** What the pass under way has removed, or the last one. */
function Pruning({ of: { pruning } }: { of: StorageView }) {
  const { t } = useTranslation();
  const size = useSize();
  const number = useNumber();
  if (pruning.trouble) {
    return (
      <Alert color="red" variant="outline">
        {pruning.trouble}
      </Alert>
    );
  }
  if (!pruning.under_way && !pruning.looked_at) return null;
  const removed = { executions: number(pruning.executions), size: size(pruning.bytes) };
  return (
    <Text role="status">
      {pruning.under_way
        ? t("Pruning. Executions so far: {{executions}}, {{size}}.", removed)
        : t("Pruned. Executions: {{executions}}, {{size}}.", removed)}
    </Text>
  );
}

function Facts({ of }: { of: StorageView }) {
  const { t } = useTranslation();
  const size = useSize();
  const number = useNumber();
  const last = of.last_pruned;
  return (
    <>
      <Fact name={t("Database")}>{size(of.file_bytes)}</Fact>
      <Fact name={t("Free in the database")}>{size(of.spare_bytes)}</Fact>
      <Fact name={t("Log")}>{size(of.log_bytes)}</Fact>
      <Fact name={t("Free on the disk")}>{size(of.disk_free_bytes)}</Fact>
      <Fact name={t("Kept of each scenario")}>
        <Kept of={of.keep} />
      </Fact>
      <Fact name={t("Oldest execution")}>
        <Moment at={of.oldest} />
      </Fact>
      <Fact name={t("Deliveries no longer kept")}>{number(of.pruned_deliveries)}</Fact>
      <Fact name={t("Pruned last")}>
        <Moment at={last?.at} />
        {last && ` · ${t("Executions")}: ${number(last.executions)} · ${size(last.bytes)}`}
      </Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

function Kept({ of }: { of: KeepView }) {
  const { t } = useTranslation();
  const size = useSize();
  const number = useNumber();
  const bounds = [
    of.days && `${t("Days")}: ${number(of.days)}`,
    of.executions && `${t("Executions")}: ${number(of.executions)}`,
    of.bytes && `${t("Size")}: ${size(of.bytes)}`,
  ].filter(Boolean);
  return <>{bounds.join(" · ") || t("everything")}</>;
}

function ScenarioRow({ of }: { of: ScenarioStorage }) {
  const size = useSize();
  const number = useNumber();
  const about = of.exact ? "" : "≈ ";
  return (
    <Table.Tr>
      <Table.Td>{of.scenario}</Table.Td>
      <Table.Td>{number(of.executions)}</Table.Td>
      <Table.Td>{about + number(of.operations)}</Table.Td>
      <Table.Td>{about + size(of.bytes)}</Table.Td>
      <Table.Td>
        <Moment at={of.oldest} />
      </Table.Td>
    </Table.Tr>
  );
}

function useSize(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return (bytes) => asSize(bytes, i18n.language);
}

function useNumber(): (value: number) => string {
  const { i18n } = useTranslation();
  return (value) => new Intl.NumberFormat(localeOf(i18n.language)).format(value);
}
