import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, part } from "../api/client";
import type { DeliveryView } from "../api/schema";
import { localeOf } from "../i18n/locale";

const OFFERED = 10;

type Props = { of: DeliveryView[]; chosen: string; choose: (id: string) => void };

/** Which of the latest deliveries the scenario should receive. */
export function DeliveryChoice({ of, chosen, choose }: Props) {
  const { t, i18n } = useTranslation();
  const moments = new Intl.DateTimeFormat(localeOf(i18n.language), {
    dateStyle: "medium",
    timeStyle: "medium",
  });
  const label = (one: DeliveryView) => {
    const at = one.received_at ? moments.format(new Date(one.received_at)) : one.id;
    return one.event ? `${at} · ${one.event}` : at;
  };
  return (
    <Select
      label={t("Delivery")}
      data={of.map((one) => ({ value: one.id, label: label(one) }))}
      value={chosen}
      allowDeselect={false}
      onChange={(id) => id && choose(id)}
    />
  );
}

/** The latest deliveries of a webhook, the newest first. */
export function useDeliveries(webhook: string | null): DeliveryView[] {
  const found = useQuery<DeliveryView[], Error>({
    queryKey: ["deliveries", "latest", webhook],
    queryFn: () => get(`/webhooks/${part(webhook ?? "")}/deliveries`, { limit: OFFERED }),
    enabled: webhook !== null,
    retry: false,
  });
  return found.data ?? [];
}
