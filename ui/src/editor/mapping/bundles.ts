import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../../api/client";
import type { ExecutionView } from "../../api/schema";
import { allModules } from "../document";
import { type Known, useKnown } from "../known";
import { useEditor } from "../store";
import { useMapping } from "./target";

/** Keeps the last bundles at hand: those of the latest execution, else the samples. */
export function useBundles(scenario: string | null): void {
  const known = useKnown();
  const document = useEditor((state) => state.document);
  const latest = useQuery<Record<number, unknown>, Error>({
    queryKey: ["executions", "bundles", scenario],
    queryFn: () => lastBundles(scenario ?? ""),
    enabled: scenario !== null,
    retry: false,
  }).data;
  useEffect(() => {
    useMapping.setState({ bundles: { ...samples(known, allModules(document)), ...latest } });
  }, [known, document, latest]);
}

async function lastBundles(scenario: string): Promise<Record<number, unknown>> {
  const found = await get<ExecutionView[]>("/executions", { scenario, limit: 1, state: "done" });
  const [last] = found;
  if (!last) return {};
  const whole = await get<ExecutionView>(`/executions/${last.id}`);
  const bundles: Record<number, unknown> = {};
  for (const operation of whole.history ?? []) {
    if (operation.output.length > 0) bundles[operation.module_id] = operation.output.at(-1);
  }
  return bundles;
}

function samples(known: Map<string, Known>, placed: { id: number; module: string }[]) {
  const found = placed.map((one) => [one.id, known.get(one.module)?.module.sample] as const);
  return Object.fromEntries(found.filter(([, sample]) => sample != null));
}
