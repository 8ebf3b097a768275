import { useApps } from "../api/queries";
import type { AppView, ModuleView, PlacedModule } from "../api/schema";

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
