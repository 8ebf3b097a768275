import { Group, Paper, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useScores } from "../api/queries";
import type { ScoreView } from "../api/schema";

const DAYS = 30;
const WIDTH = 480;
const HEIGHT = 90;
const SHOWN = 3;

/** What people answered: net promoter scores and averages, once there are any. */
export function Scores() {
  const { t } = useTranslation();
  const scores = useScores(DAYS).data ?? [];
  if (scores.length === 0) return null;
  const title = t("Scores of the last {{count}} days", { count: DAYS });
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack>
        <Title order={2} size="h4">
          {title}
        </Title>
        {scores.slice(0, SHOWN).map((one) => (
          <Score key={one.name} score={one} />
        ))}
      </Stack>
    </Paper>
  );
}

function Score({ score }: { score: ScoreView }) {
  const { t } = useTranslation();
  const kinds = {
    nps: t("net promoter score"),
    csat: t("satisfied, of a hundred"),
    average: t("average"),
  };
  return (
    <div>
      <Group justify="space-between">
        <Text fw={600}>
          {score.name}: {score.value}
        </Text>
        <Text size="sm" c="dimmed">
          {kinds[score.kind]}, {t("{{count}} answers", { count: score.count })}
        </Text>
      </Group>
      <Line score={score} />
      <VisuallyHidden>
        <Table aria-label={t("{{name}} by day", { name: score.name })}>
          <Table.Tbody>
            {score.days.map((one) => (
              <Table.Tr key={one.day}>
                <Table.Th scope="row">{one.day}</Table.Th>
                <Table.Td>{one.value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </div>
  );
}

/** A line over the days, with a point for each day that has answers. */
function Line({ score }: { score: ScoreView }) {
  const values = score.days.map((one) => one.value);
  const scales = { nps: [-100, 100], csat: [0, 100], average: [0, Math.max(1, ...values)] };
  const [low = 0, high = 1] = scales[score.kind];
  const last = Date.now();
  const points = score.days.map((one) => {
    const age = (last - Date.parse(one.day)) / (DAYS * 86_400_000);
    return {
      ...one,
      x: Math.max(4, WIDTH - 4 - age * (WIDTH - 8)),
      y: HEIGHT - 6 - ((one.value - low) / (high - low)) * (HEIGHT - 12),
    };
  });
  const zero = HEIGHT - 6 - ((0 - low) / (high - low)) * (HEIGHT - 12);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={zero} y2={zero} stroke="currentColor" opacity="0.3" />
      <polyline
        points={points.map((one) => `${one.x},${one.y}`).join(" ")}
        fill="none"
        stroke="#1098ad"
        strokeWidth="2"
      />
      {points.map((one) => (
        <circle key={one.day} cx={one.x} cy={one.y} r="4" fill="#1098ad">
          <title>{`${one.day}: ${one.value} (${one.count})`}</title>
        </circle>
      ))}
    </svg>
  );
}
