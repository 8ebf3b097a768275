import { useEffect, useState } from "react";
import type { Filters } from "./many";

/** Which incomplete executions are ticked; other filters begin anew. */
export function useTicks(shown: string[], filters: Filters) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const clear = () => {
    setChosen(new Set());
    setAll(false);
  };
  const key = JSON.stringify(filters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever others are shown
  useEffect(clear, [key]);
  const tick = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
    setAll(false);
  };
  const tickShown = (on: boolean) => {
    setChosen(new Set(on ? shown : []));
    setAll(false);
  };
  const tickAllThatMatch = () => {
    tickShown(true);
    setAll(true);
  };
  const ticked = shown.filter((id) => chosen.has(id));
  return { ticked, isAll, tick, tickShown, tickAllThatMatch, clear };
}
