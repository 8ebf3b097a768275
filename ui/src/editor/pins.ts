import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { get, part } from "../api/client";
import type { PinView } from "../api/schema";
import { useEditor } from "./store";

/** Keeps at hand what is pinned; called once, by the editor. */
export function usePins(id: string | null): void {
  const found = useQuery<PinView[], Error>({
    queryKey: ["scenarios", id, "pins"],
    queryFn: () => get(`/scenarios/${part(id ?? "")}/pins`),
    enabled: id !== null,
  }).data;
  useEffect(() => {
    const pins = Object.fromEntries((found ?? []).map((one) => [one.module, one.bundles]));
    useEditor.setState({ pins });
  }, [found]);
}

/** The bundles that are pinned to a module. */
export const usePinned = (module: number | undefined) =>
  useEditor((state) => (module === undefined ? undefined : state.pins[module]));
