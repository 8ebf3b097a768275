import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FilterSpec } from "../api/schema";
import { Dialog } from "../parts/Dialog";
import { Conditions, filledIn, groupsOf } from "./Conditions";
import { changeModule, findModule } from "./document";
import { useBundles } from "./mapping/bundles";
import { ValuesPanel } from "./mapping/ValuesPanel";
import { change, show, useEditor } from "./store";

/** A gate in front of a module: alternatives of conditions that must all hold. */
export default function FilterDialog({ id, scenario }: { id: number; scenario: string | null }) {
  const { t } = useTranslation();
  const placed = useEditor((state) => findModule(state.document, id));
  const [name, setName] = useState(placed?.filter?.name ?? "");
  const [groups, setGroups] = useState(() => groupsOf(placed?.filter));
  useBundles(scenario);
  if (!placed) return null;
  const store = (filter: FilterSpec | null) => {
    change((document) => changeModule(document, id, (one) => ({ ...one, filter })));
    show(null);
  };
  const take = () => {
    const conditions = filledIn(groups);
    store(conditions.length > 0 || name ? { name, conditions } : null);
  };
  return (
    <Dialog
      onClose={() => show(null)}
      title={t("Filter before module {{id}}", { id })}
      size={1040}
      closeOnClickOutside={false}
    >
      <Group align="flex-start" wrap="nowrap" gap="lg">
        <Stack flex={7} miw={0}>
          <TextInput
            label={t("Label")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Text size="sm">{t("A bundle goes on if one of these alternatives holds:")}</Text>
          <Conditions groups={groups} module={id} onChange={setGroups} />
        </Stack>
        <div style={{ flex: 5, minWidth: 0 }}>
          <ValuesPanel module={id} />
        </div>
      </Group>
      <Group justify="space-between" mt="md">
        <Button variant="default" disabled={!placed.filter} onClick={() => store(null)}>
          {t("Remove the filter")}
        </Button>
        <Group>
          <Button variant="default" onClick={() => show(null)}>
            {t("Cancel")}
          </Button>
          <Button onClick={take}>{t("OK")}</Button>
        </Group>
      </Group>
    </Dialog>
  );
}
