import { Paper, Select, Skeleton, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useGaps } from "../../api/queries";
import type { Gap, GapDay, GapReport, WebhookView } from "../../api/schema";
import { localeOf } from "../../i18n/locale";
import { Empty } from "../../parts/Empty";
import { Moment } from "../../parts/Moment";
import { Rows } from "../../parts/Rows";
import { Trouble } from "../../parts/Trouble";

const SPANS = [7, 28, 90];
const HEIGHT = 96;
const WIDTH = 640;
const LEAST_DAYS = 14;

/** Where answers may have been lost. */
export function Gaps({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(28);
  const report = useGaps(webhook.id, days);
  return (
    <Stack>
      <Select
        label={t("Look back")}
        value={String(days)}
        allowDeselect={false}
        onChange={(value) => setDays(Number(value))}
        data={SPANS.map((one) => ({
          value: String(one),
          label: t("{{count}} days", { count: one }),
        }))}
        maw={180}
      />
      {report.error && <Trouble error={report.error} again={report.refetch} />}
      {report.isLoading && <Skeleton h={240} />}
      {report.data && <Report report={report.data} />}
    </Stack>
  );
}

function Report({ report }: { report: GapReport }) {
  const { t } = useTranslation();
  return (
    <>
      <Paper withBorder p="md">
        <Text mb="sm">
          <Rhythm report={report} />
        </Text>
        <Days days={report.days} />
      </Paper>
      {report.gaps.length === 0 ? (
        <Empty
          icon={<IconCircleCheck size={40} aria-hidden />}
          title={t("No gap is known")}
          text={t("Nothing was refused, a server always ran, and it was never unusually quiet.")}
        />
      ) : (
        <>
          <Text size="sm">
            {t(
              "What was lost cannot be seen from here: compare these times with the answers in the service.",
            )}
          </Text>
          <Rows
            label={t("Gaps")}
            heads={[t("What happened"), t("From"), t("Until"), t("Deliveries")]}
          >
            {report.gaps.map((one) => (
              <Line key={`${one.kind} ${one.begins_at} ${one.reason}`} gap={one} />
            ))}
          </Rows>
        </>
      )}
    </>
  );
}

function Rhythm({ report }: { report: GapReport }) {
  const { t } = useTranslation();
  const count = Math.round(report.usual_per_day);
  switch (report.rhythm) {
    case "week":
      return t("{{count}} come on a usual day, compared with the same hours of other weeks.", {
        count,
      });
    case "day":
      return t("{{count}} come on a usual day, compared with the same hours of other days.", {
        count,
      });
    default:
      return t("Too little is known yet to tell an unusual silence; that takes three days.");
  }
}

function Line({ gap }: { gap: Gap }) {
  const { t } = useTranslation();
  const reason = gap.reason && t(`refusal ${gap.reason}`, { defaultValue: gap.reason });
  const said = {
    silence: t("Unusually quiet"),
    outage: t("No server ran"),
    refusals: t("Refused: {{reason}}", { reason }),
  }[gap.kind];
  const count = Math.round(gap.deliveries);
  const number = {
    silence: t("usually {{count}}", { count }),
    outage: count > 0 ? t("usually {{count}}", { count }) : "–",
    refusals: t("{{count}} refused", { count }),
  }[gap.kind];
  return (
    <Table.Tr>
      <Table.Td>{said}</Table.Td>
      <Table.Td>
        <Moment at={gap.begins_at} />
      </Table.Td>
      <Table.Td>
        <Moment at={gap.ends_at} />
      </Table.Td>
      <Table.Td>{number}</Table.Td>
    </Table.Tr>
  );
}

/** What came each day as bars, what usually comes as a stroke; a table says the same. */
function Days({ days }: { days: GapDay[] }) {
  const { t, i18n } = useTranslation();
  const most = Math.max(
    1,
    ...days.map((one) => Math.max(one.deliveries + one.refused, one.expected)),
  );
  const width = WIDTH / Math.max(days.length, LEAST_DAYS);
  const tall = (number: number) => (number / most) * (HEIGHT - 4);
  const format = new Intl.DateTimeFormat(localeOf(i18n.language), {
    dateStyle: "medium",
    timeZone: "UTC",
  });
  const name = (one: GapDay) => format.format(new Date(one.day));
  const first = days[0];
  return (
    <>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {days.map((one, index) => (
          <g key={one.day}>
            <title>{`${name(one)}: ${one.deliveries} / ${one.refused}`}</title>
            <rect
              x={index * width + 1}
              y={HEIGHT - tall(one.deliveries)}
              width={width - 2}
              height={tall(one.deliveries)}
              fill="#1098ad"
            />
            <rect
              x={index * width + 1}
              y={HEIGHT - tall(one.deliveries + one.refused)}
              width={width - 2}
              height={tall(one.refused)}
              fill="#e03131"
            />
            {one.expected > 0 && (
              <line
                x1={index * width}
                x2={(index + 1) * width}
                y1={HEIGHT - tall(one.expected)}
                y2={HEIGHT - tall(one.expected)}
                stroke="currentColor"
                strokeDasharray="3 2"
              />
            )}
          </g>
        ))}
      </svg>
      <Text size="sm" c="dimmed">
        {first && t("Since {{date}}, day by day (UTC).", { date: name(first) })}{" "}
        {t("Dashed: what usually comes. Red: what was refused.")}
      </Text>
      <VisuallyHidden>
        <Table aria-label={t("Deliveries by day")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("Day")}</Table.Th>
              <Table.Th>{t("Deliveries")}</Table.Th>
              <Table.Th>{t("Usually")}</Table.Th>
              <Table.Th>{t("Refused")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.map((one) => (
              <Table.Tr key={one.day}>
                <Table.Td>{name(one)}</Table.Td>
                <Table.Td>{one.deliveries}</Table.Td>
                <Table.Td>{one.expected}</Table.Td>
                <Table.Td>{one.refused}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </>
  );
}
