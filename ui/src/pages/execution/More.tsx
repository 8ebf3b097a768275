import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconTestPipe } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { get, part } from "../../api/client";
import type { ExecutionView, SavedTest } from "../../api/schema";
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
      </Menu.Dropdown>
    </Menu>
  );
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
