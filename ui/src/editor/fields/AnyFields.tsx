import { Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PlacedModule } from "../../api/schema";
import { useKnown } from "../known";
import { mappable } from "../mapping/shape";
import { useMapping } from "../mapping/target";
import { upstreamOf } from "../reach";
import { useEditor } from "../store";
import { FieldGroup } from "./FieldGroup";
import { PairRows, usePairs } from "./Pairs";

type Props = {
  placed: PlacedModule;
  /** Fields of its own, which have places of their own. */
  declared: string[];
  onChange: (fields: Record<string, unknown>) => void;
};

/** Fields under names of one's own; those of a failed module are suggested. */
export function AnyFields({ placed, declared, onChange }: Props) {
  const { t } = useTranslation();
  const pairs = usePairs(
    Object.fromEntries(
      Object.entries(placed.map ?? {}).filter(([name]) => !declared.includes(name)),
    ),
    onChange,
  );
  const suggested = useSuggested(placed.id).filter(
    (name) => !pairs.pairs.some((one) => one.name === name),
  );
  const label = t("Fields");
  const within = { module: placed.id, moduleName: placed.module, connection: placed.connection };
  return (
    <FieldGroup label={label} help={t("Name each field, and map its value.")}>
      <PairRows label={label} props={within} pairs={pairs} />
      {suggested.length > 0 && (
        <Group gap={6} role="group" aria-label={t("Fields of the failed module")} mt="xs">
          {suggested.map((name) => (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              leftSection={<IconPlus size={12} />}
              aria-label={t("Add the field {{name}}", { name })}
              onClick={() => pairs.add(name)}
            >
              {name}
            </Button>
          ))}
        </Group>
      )}
    </FieldGroup>
  );
}

/** What the nearest failed module would have given, for what stands in its place. */
function useSuggested(module: number): string[] {
  const known = useKnown();
  const flow = useEditor((state) => state.document.flow);
  const bundles = useMapping((state) => state.bundles);
  const failed = upstreamOf(flow, module)?.findLast((one) => one.failed)?.placed;
  if (!failed) return [];
  const found = known.get(failed.module)?.module;
  const bundle = bundles[failed.id] ?? found?.sample;
  return mappable(found?.output ?? {}, bundle).map((field) => field.name);
}
