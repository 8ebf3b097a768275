import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { get, post } from "../../api/client";
import { useDelivery } from "../../api/queries";
import type { ExecutionView, Replayed } from "../../api/schema";
import { useAct } from "../../parts/act";
import { Json } from "../../parts/Json";
import { Moment } from "../../parts/Moment";
import { State } from "../../parts/State";
import { Trouble } from "../../parts/Trouble";

type Props = { id: string | null; onClose: () => void };

/** One delivery as it came, and what can be done with it. */
export function Delivery({ id, onClose }: Props) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const delivery = useDelivery(id);
  const replay = useAct(() => post<Replayed>(`/deliveries/${id}/replay`), {
    stale: ["executions"],
  });
  const again = async () => {
    const { execution } = await replay.mutateAsync(undefined);
    go(`/executions/${execution}`);
  };
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="lg" title={t("Delivery")}>
      {delivery.error && <Trouble error={delivery.error} />}
      {delivery.data && (
        <Stack>
          <Group>
            <State of={delivery.data.state} />
            <Moment at={delivery.data.received_at} />
            <Link href={`/executions?text=${delivery.data.id}`}>{t("Its executions")}</Link>
          </Group>
          {delivery.data.outcome === "incomplete" ? (
            <GoOn delivery={delivery.data.id} />
          ) : (
            <Group>
              <Button
                leftSection={<IconPlayerPlay size={18} />}
                loading={replay.isPending}
                onClick={() => again().catch(() => {})}
              >
                {t("Run it again")}
              </Button>
            </Group>
          )}
          <Json value={asJson(delivery.data.body)} label={t("Body")} />
          <Json value={delivery.data.headers} label={t("Headers")} />
          {Object.keys(delivery.data.query).length > 0 && (
            <Json value={delivery.data.query} label={t("Query")} />
          )}
        </Stack>
      )}
    </Drawer>
  );
}

/** Instead of running again: what it started is incomplete, and can go on. */
function GoOn({ delivery }: { delivery: string }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const found = useQuery<ExecutionView[], Error>({
    queryKey: ["executions", "of", delivery],
    queryFn: () => get("/executions", { text: delivery, state: "incomplete", limit: 1 }),
  });
  const id = found.data?.[0]?.id;
  const resume = useAct(() => post(`/executions/${id}/resume`), {
    stale: ["executions", "deliveries"],
  });
  if (!id) return null;
  return (
    <Stack gap="xs">
      <Text>
        {t("What it started is incomplete. Resume it, so that nothing is done twice.")}{" "}
        <Link href={`/executions/${id}`}>{t("The execution")}</Link>
      </Text>
      <Group>
        <Button
          leftSection={<IconPlayerPlay size={18} />}
          loading={resume.isPending}
          onClick={() =>
            resume.mutateAsync(undefined).then(
              () => go(`/executions/${id}`),
              () => {},
            )
          }
        >
          {t("Resume")}
        </Button>
      </Group>
    </Stack>
  );
}

function asJson(body: string | null | undefined): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return body;
  }
}
