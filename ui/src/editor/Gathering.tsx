import { Fieldset, Select, Stack, Switch } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Aggregation } from "../api/schema";
import { labelOf, useKnown } from "./known";
import { TemplateField } from "./mapping/TemplateField";
import { asText } from "./mapping/text";
import { upstreamOf } from "./reach";
import { useEditor } from "./store";

type Props = {
  module: number;
  value: Aggregation | null | undefined;
  onChange: (how: (before: Aggregation | null | undefined) => Aggregation | null) => void;
};

/** What an aggregator gathers: of which module, in which groups. */
export function Gathering({ module, value, onChange }: Props) {
  const { t } = useTranslation();
  const sources = useSources(module);
  const put = (part: Partial<Aggregation>) =>
    onChange((before) => (before ? { ...before, ...part } : null));
  return (
    <Fieldset legend={t("What it gathers")} p="xs">
      <Stack gap="sm">
        <Select
          label={t("Source module")}
          description={t("All bundles that come of one bundle of it are gathered.")}
          required
          className="mandatory"
          allowDeselect={false}
          data={sources}
          value={value ? String(value.source) : null}
          onChange={(source) =>
            source && onChange((before) => ({ ...before, source: Number(source) }))
          }
        />
        {value && (
          <>
            <TemplateField
              label={t("Group by")}
              description={t("One bundle for each value that this has; without it, one of all.")}
              module={module}
              value={asText(value.group_by)}
              onChange={(text) => put({ group_by: text === "" ? null : text })}
            />
            <Switch
              label={t("Stop processing after an empty aggregation")}
              description={t("Otherwise it gives an empty bundle where nothing came.")}
              checked={value.stop_if_empty ?? false}
              onChange={(event) => put({ stop_if_empty: event.currentTarget.checked })}
            />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

/** The modules that can be gathered, nearest first. */
function useSources(module: number): { value: string; label: string }[] {
  const known = useKnown();
  const flow = useEditor((state) => state.document.flow);
  return useMemo(
    () =>
      (upstreamOf(flow, module) ?? [])
        .filter((one) => !one.failed)
        .reverse()
        .map(({ placed }) => ({
          value: String(placed.id),
          label: `${placed.id}. ${labelOf(placed, known)}`,
        })),
    [flow, module, known],
  );
}
