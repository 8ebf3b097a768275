import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowsExchange, IconDots, IconTestPipe } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { get, part, put } from "../../api/client";
import { useScenario } from "../../api/queries";
import type { ExecutionView, SavedTest, ScenarioDocument, ScenarioView } from "../../api/schema";
import { say, useAct } from "../../parts/act";

/** What else can be done with an execution that is over. */
export function More({ execution }: { execution: ExecutionView }) {
  const { t } = useTranslation();
  const save = useAct(async () => {
    const { text } = await get<SavedTest>(`/executions/${part(execution.id)}/test`);
    download(`${execution.scenario.replaceAll(/[/\\]/g, "-")}.test.yaml`, text);
    say(t("Personal data was replaced. Look through the file before you share it."));
  });
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t("More actions")} loading={save.isPending}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTestPipe size={16} />} onClick={() => save.mutate(undefined)}>
          {t("Save as test")}
        </Menu.Item>
        <KeepExchanges scenario={execution.scenario_id} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Whether the scenario keeps what it sends and is answered; saves a new version of it. */
function KeepExchanges({ scenario }: { scenario: string }) {
  const { t } = useTranslation();
  const found = useScenario(scenario).data;
  const document = found?.document as ScenarioDocument | null | undefined;
  const keep = document?.settings?.keep;
  const change = useAct(
    async (exchanges: boolean) => {
      const settings = { ...document?.settings, keep: { ...keep, exchanges } };
      const saved = await put<ScenarioView>(
        `/scenarios/${part(scenario)}`,
        { ...document, settings },
        { "if-match": `"${found?.version}"` },
      );
      say(t("Saved as version {{version}}.", { version: saved.version }));
    },
    { stale: ["scenarios"] },
  );
  if (!document) return null;
  if (document.settings?.confidential) {
    return <Menu.Item disabled>{t("Confidential: nothing that was sent is kept")}</Menu.Item>;
  }
  return (
    <Menu.Item
      leftSection={<IconArrowsExchange size={16} />}
      disabled={change.isPending}
      onClick={() => change.mutate(!keep?.exchanges)}
    >
      {keep?.exchanges
        ? t("Keep HTTP exchanges of runs by hand alone")
        : t("Keep HTTP exchanges of all runs from now on")}
    </Menu.Item>
  );
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
