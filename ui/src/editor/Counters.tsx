import { Button, Fieldset, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, part, remove } from "../api/client";
import type { CounterView } from "../api/schema";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";

/** The numbers that a scenario's executions count on together, where there are any. */
export function Counters({ id }: { id: string }) {
  const { t } = useTranslation();
  const counters = useQuery<CounterView[], Error>({
    queryKey: ["scenarios", id, "counters"],
    queryFn: () => get(`/scenarios/${part(id)}/counters`),
  }).data;
  if (!counters?.length) return null;
  return (
    <Fieldset legend={t("Counters that are never reset")} p="sm">
      <Stack gap="xs">
        {counters.map((one) => (
          <Counter key={one.name} id={id} counter={one} />
        ))}
      </Stack>
    </Fieldset>
  );
}

function Counter({ id, counter }: { id: string; counter: CounterView }) {
  const { t } = useTranslation();
  const name = counter.name || t("(without a name)");
  const reset = useAct(
    () => remove(`/scenarios/${part(id)}/counters?counter=${part(counter.name)}`),
    { stale: ["scenarios"], said: t("It begins anew: its next number is 1.") },
  );
  const ask = async () => {
    const agreed = await confirm({
      title: t("Let {{name}} begin anew?", { name }),
      text: t("Its next number is 1. The number that it has reached is lost."),
      action: t("Begin anew"),
    });
    if (agreed) reset.mutate(undefined);
  };
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text style={{ overflowWrap: "anywhere" }}>
        {name}: {counter.value}
      </Text>
      <Button
        variant="default"
        size="xs"
        loading={reset.isPending}
        onClick={ask}
        aria-label={t("Let {{name}} begin anew", { name })}
      >
        {t("Begin anew")}
      </Button>
    </Group>
  );
}
