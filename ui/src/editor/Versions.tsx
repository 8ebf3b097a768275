import { Badge, Button, Drawer, Group, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part, post } from "../api/client";
import { queries, useVersions } from "../api/queries";
import type { Comparison, ScenarioDocument, ScenarioView } from "../api/schema";
import { useAct } from "../parts/act";
import { useFocusBack } from "../parts/Dialog";
import { Diff } from "../parts/Diff";
import { Moment } from "../parts/Moment";
import { open, show } from "./store";

/** What the scenario was: every version, what it changed, and the way back. */
export function Versions({ id }: { id: string }) {
  const { t } = useTranslation();
  const versions = useVersions(id);
  const [shown, setShown] = useState<number | null>(null);
  useFocusBack();
  const number = shown ?? versions.data?.[0]?.number ?? null;
  return (
    <Drawer opened onClose={() => show(null)} position="right" size="xl" title={t("Versions")}>
      <Group justify="space-between" mb="md">
        <Text>{t("What is in the editor can be tried on the latest executions.")}</Text>
        <Button variant="default" onClick={() => show({ kind: "replayed" })}>
          {t("What would change")}
        </Button>
      </Group>
      <Group align="flex-start" wrap="nowrap">
        <Stack gap={2} miw={190} component="nav" aria-label={t("Versions")}>
          {versions.isLoading && <Skeleton h={120} />}
          {versions.data?.map((one) => (
            <NavLink
              key={one.number}
              component="button"
              active={one.number === number}
              variant="filled"
              onClick={() => setShown(one.number)}
              label={t("Version {{version}}", { version: one.number })}
              description={<Moment at={one.created_at} />}
              rightSection={
                one.current && (
                  <Badge variant="default" tt="none">
                    {t("current")}
                  </Badge>
                )
              }
              styles={{ description: { color: "inherit" } }}
            />
          ))}
        </Stack>
        {number !== null && (
          <Compared id={id} number={number} current={versions.data?.[0]?.number ?? number} />
        )}
      </Group>
    </Drawer>
  );
}

function Compared({ id, number, current }: { id: string; number: number; current: number }) {
  const { t } = useTranslation();
  const isCurrent = number === current;
  const [before, after] = isCurrent ? [number - 1, number] : [number, current];
  const comparison = useQuery<Comparison, Error>({
    queryKey: ["scenarios", id, "diff", before, after],
    queryFn: () => get(`/scenarios/${part(id)}/versions/${after}/diff`, { before }),
    enabled: before > 0,
  });
  const restore = useAct(
    () => post<ScenarioView>(`/scenarios/${part(id)}/versions/${number}/restore`),
    { stale: ["scenarios"], said: t("Version {{version}} is back.", { version: number }) },
  );
  const bringBack = async () => {
    const saved = await restore.mutateAsync(undefined);
    queries.setQueryData(["scenarios", id], saved);
    open(saved.document as unknown as ScenarioDocument, saved.version);
  };
  return (
    <Stack flex={1} miw={0}>
      <Group justify="space-between">
        <Text fw={600}>
          {before > 0
            ? t("From version {{before}} to {{after}}", { before, after })
            : t("The first version")}
        </Text>
        {!isCurrent && (
          <Button onClick={() => bringBack().catch(() => {})} loading={restore.isPending}>
            {t("Bring version {{version}} back", { version: number })}
          </Button>
        )}
      </Group>
      {comparison.data && <Diff lines={comparison.data.lines} />}
    </Stack>
  );
}
