import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import { Conditions, filledIn, groupsOf } from "./Conditions";
import { changeRoute, findModule } from "./document";
import { useBundles } from "./mapping/bundles";
import { ValuesPanel } from "./mapping/ValuesPanel";
import { useDiscardRoute } from "./RouteDialog";
import { change, show, useEditor } from "./store";

type Props = { router: number; index: number; scenario: string | null };

/** One way out of an if-else: its condition, and whether it comes back to the merge. */
export default function BranchDialog({ router, index, scenario }: Props) {
  const { t } = useTranslation();
  const routes = useEditor((state) => findModule(state.document, router)?.routes);
  const route = routes?.[index];
  const [name, setName] = useState(route?.name || route?.condition?.name || "");
  const [isElse, setIsElse] = useState(route !== undefined && !route.condition);
  const [groups, setGroups] = useState(() => groupsOf(route?.condition));
  const [merge, setMerge] = useState(route?.merge !== false);
  const discard = useDiscardRoute(router, index);
  useBundles(scenario);
  if (!routes || !route) return null;
  const isLast = index === routes.length - 1;
  const take = () => {
    const condition = isElse ? null : { name: "", conditions: filledIn(groups) };
    change((document) =>
      changeRoute(document, router, index, (one) => ({ ...one, name, condition, merge })),
    );
    show(null);
  };
  return (
    <Dialog
      onClose={() => show(null)}
      title={t("Route {{number}} of module {{id}}", { number: index + 1, id: router })}
      size={isElse ? "md" : 1040}
      closeOnClickOutside={false}
    >
      <Group align="flex-start" wrap="nowrap" gap="lg">
        <Stack flex={7} miw={0}>
          <TextInput
            label={t("Name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {(isLast || isElse) && (
            <Switch
              label={t("Else: for bundles that no other route took")}
              checked={isElse}
              onChange={(event) => setIsElse(event.currentTarget.checked)}
            />
          )}
          {!isElse && (
            <>
              <Text size="sm">
                {t("A bundle takes this route if one of these alternatives holds:")}
              </Text>
              <Conditions groups={groups} module={router} onChange={setGroups} />
            </>
          )}
          <Switch
            label={t("Comes back to the merge")}
            description={t("What follows the if-else goes on with the bundles of this route.")}
            checked={merge}
            onChange={(event) => setMerge(event.currentTarget.checked)}
          />
        </Stack>
        {!isElse && (
          <div style={{ flex: 5, minWidth: 0 }}>
            <ValuesPanel module={router} />
          </div>
        )}
      </Group>
      <Group justify="space-between" mt="md">
        <Button variant="default" onClick={discard}>
          {t("Remove the route")}
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
