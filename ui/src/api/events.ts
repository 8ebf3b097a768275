import { useEffect } from "react";
import { queries } from "./queries";

/** What is stale besides the topic itself: counts and states follow from others. */
const FOLLOWING: Record<string, string[]> = {
  deliveries: ["webhooks"],
  executions: ["deliveries", "webhooks"],
};

/** Looks again at what the server says has changed; the browser reconnects by itself. */
export function useNews(entered: boolean): void {
  useEffect(() => {
    if (!entered) return;
    const source = new EventSource("/api/v1/events");
    source.addEventListener("changed", (event) => {
      const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
      const stale = new Set(topics.flatMap((topic) => [topic, ...(FOLLOWING[topic] ?? [])]));
      for (const topic of stale) queries.invalidateQueries({ queryKey: [topic] });
    });
    return () => source.close();
  }, [entered]);
}
