import { Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { confirm } from "../parts/Confirm";
import { Dialog } from "../parts/Dialog";
import { changeRoute, findModule, removeRoute } from "./document";
import { change, show, useEditor } from "./store";

/** One way out of a router: its name, and whether it is for what no other took. */
export function RouteDialog({ router, index }: { router: number; index: number }) {
  const { t } = useTranslation();
  const route = useEditor((state) => findModule(state.document, router)?.routes?.[index]);
  const [name, setName] = useState(route?.name ?? "");
  const [fallback, setFallback] = useState(route?.fallback ?? false);
  const discard = useDiscardRoute(router, index);
  if (!route) return null;
  const take = (event: FormEvent) => {
    event.preventDefault();
    change((document) =>
      changeRoute(document, router, index, (one) => ({ ...one, name, fallback })),
    );
    show(null);
  };
  return (
    <Dialog onClose={() => show(null)} title={t("Route {{number}}", { number: index + 1 })}>
      <form onSubmit={take}>
        <Stack>
          <TextInput
            label={t("Name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Switch
            label={t("Fallback: for bundles that no other route took")}
            checked={fallback}
            onChange={(event) => setFallback(event.currentTarget.checked)}
          />
          <Group justify="space-between">
            <Button variant="default" onClick={discard}>
              {t("Remove the route")}
            </Button>
            <Button type="submit">{t("OK")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Removes a route, and asks before modules go with it. */
export function useDiscardRoute(router: number, index: number): () => Promise<void> {
  const { t } = useTranslation();
  const count = useEditor(
    (state) => findModule(state.document, router)?.routes?.[index]?.flow.length ?? 0,
  );
  return async () => {
    const agreed =
      count === 0 ||
      (await confirm({
        title: t("Remove the route?"),
        text: t("Its {{count}} modules go with it.", { count }),
        action: t("Remove"),
      }));
    if (!agreed) return;
    change((document) => removeRoute(document, router, index));
    show(null);
  };
}
