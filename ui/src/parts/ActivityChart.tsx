import { Box, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ActivityView } from "../api/schema";
import { localeOf } from "../i18n/locale";

const HEIGHT = 120;
const WIDTH = 480;

/** Deliveries as bars, failed executions as marks on them; a table says the same. */
export function ActivityChart({ stretches }: { stretches: ActivityView[] }) {
  const { t, i18n } = useTranslation();
  const most = Math.max(
    1,
    ...stretches.map((one) => Math.max(one.deliveries, one.done + one.failed)),
  );
  const width = WIDTH / Math.max(stretches.length, 1);
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), {
    timeStyle: "short",
    dateStyle: "short",
  });
  const heard = stretches.filter((one) => one.deliveries + one.done + one.failed > 0);
  return (
    <Box>
      <svg
        className="bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {stretches.map((one, index) => {
          const tall = (one.deliveries / most) * (HEIGHT - 4);
          const failed = (one.failed / most) * (HEIGHT - 4);
          return (
            <g key={one.begins_at}>
              <title>{`${time.format(new Date(one.begins_at ?? 0))}: ${one.deliveries} / ${one.failed}`}</title>
              <rect
                x={index * width + 1}
                y={HEIGHT - tall}
                width={width - 2}
                height={tall}
                fill="#1098ad"
              />
              <rect
                x={index * width + 1}
                y={HEIGHT - failed}
                width={width - 2}
                height={failed}
                fill="#e03131"
              />
            </g>
          );
        })}
        <line
          x1="0"
          x2={WIDTH}
          y1={HEIGHT - 0.5}
          y2={HEIGHT - 0.5}
          stroke="currentColor"
          opacity="0.3"
        />
      </svg>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {stretches[0]?.begins_at && time.format(new Date(stretches[0].begins_at))}
        </Text>
        <Group gap="md">
          <Legend color="#1098ad" text={t("Deliveries")} />
          <Legend color="#e03131" text={t("Failed executions")} />
        </Group>
        <Text size="sm" c="dimmed">
          {t("now")}
        </Text>
      </Group>
      <VisuallyHidden>
        <Table aria-label={t("Deliveries and failed executions")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("From")}</Table.Th>
              <Table.Th>{t("Deliveries")}</Table.Th>
              <Table.Th>{t("Failed executions")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {heard.map((one) => (
              <Table.Tr key={one.begins_at}>
                <Table.Td>{time.format(new Date(one.begins_at ?? 0))}</Table.Td>
                <Table.Td>{one.deliveries}</Table.Td>
                <Table.Td>{one.failed}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </Box>
  );
}

function Legend({ color, text }: { color: string; text: string }) {
  return (
    <Group gap={4}>
      <span aria-hidden style={{ width: 10, height: 10, background: color }} />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
