import { useTranslation } from "react-i18next";
import { useApps } from "../api/queries";
import type { AppView, ModuleView, PlacedModule } from "../api/schema";
import type { Place } from "./document";
import type { RouteLink } from "./layout";

export type Known = { app: AppView; module: ModuleView };

const maps = new WeakMap<AppView[], Map<string, Known>>();
const nothing = new Map<string, Known>();

/** What is known of each module by its name: one map, however many look into it. */
export function useKnown(): Map<string, Known> {
  const apps = useApps().data;
  if (!apps) return nothing;
  const known = maps.get(apps) ?? mapped(apps);
  maps.set(apps, known);
  return known;
}

function mapped(apps: AppView[]): Map<string, Known> {
  return new Map(
    apps.flatMap((app) => app.modules.map((module) => [module.name, { app, module }] as const)),
  );
}

export function labelOf(placed: PlacedModule, known: Map<string, Known>): string {
  return placed.name || known.get(placed.module)?.module.label || placed.module;
}

export const appOf = (placed: PlacedModule) => placed.module.split(".")[0] ?? "";

/** What the button says that adds a module at a place. */
export function useAddLabel(): (place: Place) => string {
  const { t } = useTranslation();
  return (place) => {
    switch (place.kind) {
      case "first":
        return t("Add the first module");
      case "after":
        return t("Add a module after module {{id}}", { id: place.id });
      case "route":
        return t("Add a module to the route");
      case "error":
        return t("Add a module to the error route of module {{id}}", { id: place.id });
    }
  };
}

/** What a route is called where it has no name of its own. */
export function useRouteName(): (route: Omit<RouteLink, "router">) => string {
  const { t } = useTranslation();
  return ({ name, kind, index }) => {
    if (kind === "fallback") return t("fallback");
    if (name) return name;
    return kind === "else" ? t("else") : t("route {{number}}", { number: index + 1 });
  };
}
