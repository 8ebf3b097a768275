import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ScenarioView } from "../api/schema";
import { useWords } from "../schedule/words";
import { Moment } from "./Moment";

/** When a scenario runs, in words, and when it runs next. */
export function Plan({ scenario }: { scenario: ScenarioView }) {
  const { t } = useTranslation();
  const inWords = useWords();
  const [next] = scenario.next_runs;
  return (
    <>
      <Text size="sm">{inWords(scenario.schedule, scenario.timezone)}</Text>
      {next && (
        <Text size="xs" c="dimmed">
          {t("next:")} <Moment at={next} />
        </Text>
      )}
    </>
  );
}
