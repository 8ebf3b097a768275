import { Button, Group, Paper, Progress, Text } from "@mantine/core";
import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { confirm } from "../../parts/Confirm";
import { type Action, type Filters, useBulk } from "./many";

type Props = {
  filters: Filters;
  ticked: string[];
  isAll: boolean;
  isMore: boolean;
  onAll: () => void;
  onDone: () => void;
};

/** What can be done with the incomplete executions that are ticked. */
export function Bulk({ filters, ticked, isAll, isMore, onAll, onDone }: Props) {
  const { t } = useTranslation();
  const bulk = useBulk();
  const begin = (action: Action) =>
    bulk.run(action, isAll ? filters : ticked).then(onDone, () => {});
  const giveUp = async () => {
    const agreed = await confirm({
      title: isAll
        ? t("Discard all that match?")
        : t("Discard {{count}} executions?", { count: ticked.length }),
      text: t("What they did stays in history. What they have not done yet is not done any more."),
      action: t("Discard"),
    });
    if (agreed) begin("discard");
  };
  return (
    <Paper withBorder p="xs" mb="sm" component="section" aria-label={t("Ticked executions")}>
      <Group>
        <Text>{isAll ? t("All that match") : t("{{count}} ticked", { count: ticked.length })}</Text>
        {!isAll && isMore && (
          <Button variant="subtle" onClick={onAll}>
            {t("Tick all that match")}
          </Button>
        )}
        <Button
          leftSection={<IconPlayerPlay size={18} />}
          disabled={bulk.progress !== null}
          onClick={() => begin("resume")}
        >
          {t("Resume")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={18} />}
          disabled={bulk.progress !== null}
          onClick={() => giveUp()}
        >
          {t("Discard")}
        </Button>
        {bulk.progress !== null && (
          <Progress w={160} value={bulk.progress} aria-label={t("How far it has come")} />
        )}
      </Group>
    </Paper>
  );
}
