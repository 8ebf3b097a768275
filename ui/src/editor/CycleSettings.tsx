import { NumberInput, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ScenarioSettings } from "../api/schema";

type Props = { settings: ScenarioSettings; onChange: (settings: ScenarioSettings) => void };

/** How often one run looks for more, and whether what it held is kept. */
export function CycleSettings({ settings, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <NumberInput
        label={t("Max number of cycles")}
        description={t("How many times one run takes what its trigger finds, while there is more.")}
        min={1}
        allowDecimal={false}
        value={settings.roundtrips ?? 1}
        onChange={(cycles) => onChange({ ...settings, roundtrips: Number(cycles) || 1 })}
      />
      <Switch
        label={t("Data is confidential")}
        description={t("What bundles held is removed when an execution has ended.")}
        checked={settings.confidential ?? false}
        onChange={(event) => onChange({ ...settings, confidential: event.currentTarget.checked })}
      />
    </>
  );
}
