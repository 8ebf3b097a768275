import { Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part, post } from "../api/client";
import { useApps } from "../api/queries";
import type { BeginningView, ScenarioView } from "../api/schema";
import { useAct } from "./act";
import { BeginningDialog } from "./BeginningDialog";

/** Switches a scenario on and off; one that looks for news asks first where to start. */
export function ActiveSwitch({ scenario, label }: { scenario: ScenarioView; label?: string }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const polls = usePolls(scenario.modules[0]);
  const path = `/scenarios/${part(scenario.id)}`;
  const change = useAct(
    async (active: boolean) => {
      if (active && polls) {
        const { looked } = await get<BeginningView>(`${path}/beginning`);
        if (!looked) return setAsks(true);
      }
      await post(`${path}/${active ? "activate" : "deactivate"}`);
    },
    { stale: ["scenarios", "webhooks"] },
  );
  return (
    <>
      <Switch
        checked={change.isPending ? change.variables : scenario.active}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
        label={label}
        aria-label={label ? undefined : t("{{name}} is active", { name: scenario.name })}
        disabled={change.isPending}
      />
      {asks && (
        <BeginningDialog
          scenario={scenario.id}
          action={t("Activate")}
          onClose={() => setAsks(false)}
          onDone={() => {
            setAsks(false);
            change.mutate(true);
          }}
        />
      )}
    </>
  );
}

/** Whether a scenario that begins with this module looks for news by itself. */
function usePolls(first: string | undefined): boolean {
  const modules = useApps().data?.flatMap((app) => app.modules) ?? [];
  return modules.find((one) => one.name === first)?.kind === "trigger";
}
