import { useMemo } from "react";
import { useApps } from "../api/queries";
import type { AppView, ModuleView, PlacedModule } from "../api/schema";

export type Known = { app: AppView; module: ModuleView };

/** What is known of each module by its name. */
export function useKnown(): Map<string, Known> {
  const apps = useApps().data;
  return useMemo(
    () =>
      new Map(
        (apps ?? []).flatMap((app) =>
          app.modules.map((module) => [module.name, { app, module }] as const),
        ),
      ),
    [apps],
  );
}

export function labelOf(placed: PlacedModule, known: Map<string, Known>): string {
  return placed.name || known.get(placed.module)?.module.label || placed.module;
}

export const appOf = (placed: PlacedModule) => placed.module.split(".")[0] ?? "";
