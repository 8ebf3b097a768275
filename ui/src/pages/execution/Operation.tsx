import { Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useOperation } from "../../api/queries";
import type { OperationView } from "../../api/schema";
import { Fact } from "../../parts/Fact";
import { Json } from "../../parts/Json";
import { asDuration, Moment } from "../../parts/Moment";
import { State } from "../../parts/State";
import { StoodIn } from "../../parts/StoodIn";
import { Trouble } from "../../parts/Trouble";
import { Exchanges } from "./Exchanges";

type Props = { execution: string; number: number };

/** One operation with its data. */
export function Operation({ execution, number }: Props) {
  const { t } = useTranslation();
  const operation = useOperation(execution, number);
  if (operation.error) return <Trouble error={operation.error} />;
  if (!operation.data) return <Skeleton h={200} />;
  const one = operation.data;
  return (
    <Paper withBorder p="md" component="section" aria-label={t("Operation {{number}}", { number })}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {one.number}. {one.label}
          </Title>
          <Group gap="xs">
            <StoodIn by={one.stood_in} />
            <State of={one.state} />
          </Group>
        </Group>
        <Group gap="xl">
          <Fact name={t("Started")}>
            <Moment at={one.started_at} />
          </Fact>
          <Fact name={t("Took")}>{asDuration(one.duration_ms)}</Fact>
          <Fact name={t("Attempts")}>{one.attempts}</Fact>
          <Fact name={t("Bundles")}>{one.bundles}</Fact>
        </Group>
        {one.error && (
          <Text c="var(--mantine-color-error)" style={{ whiteSpace: "pre-wrap" }}>
            {String(one.error.type)}: {String(one.error.message)}
          </Text>
        )}
        {one.warnings.map((warning) => (
          <Text key={warning}>{warning}</Text>
        ))}
        <Data operation={one} />
      </Stack>
    </Paper>
  );
}

function Data({ operation }: { operation: OperationView }) {
  const { t } = useTranslation();
  return (
    <>
      <Exchanges operation={operation} />
      {operation.input != null && <Json value={operation.input} label={t("Input")} />}
      {operation.output.length > 0 && (
        <Json
          value={operation.output.length === 1 ? { Bundle: operation.output[0] } : operation.output}
          label={t("Output")}
        />
      )}
    </>
  );
}
