import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { post } from "../api/client";
import type { TryoutView } from "../api/schema";
import { useAct } from "./act";

/** Starts the sandbox, builds what there is to see, and goes there. */
export function TryIt() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const begin = useAct(() => post<TryoutView>("/tryout"), {
    stale: ["scenarios", "connections", "webhooks", "tryout"],
    said: t("The sandbox runs. Answer its survey and see what happens."),
  });
  const start = async () => {
    const { scenario } = await begin.mutateAsync(undefined);
    if (scenario) go(`/scenarios/${scenario}`);
  };
  return (
    <Button
      leftSection={<IconPlayerPlay size={18} />}
      loading={begin.isPending}
      onClick={() => start().catch(() => {})}
    >
      {t("Try it with the sandbox")}
    </Button>
  );
}
