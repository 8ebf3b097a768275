import { useEffect } from "react";
import { queries } from "./queries";

/** What is stale besides the topic itself: counts and states follow from others. */
const FOLLOWING: Record<string, string[]> = {
  deliveries: ["webhooks"],
  executions: ["deliveries", "webhooks"],
};

const TOPICS = ["deliveries", "executions", "scenarios", "connections", "webhooks", "backups"];

function invalidate(topics: string[]) {
  for (const topic of new Set(topics)) queries.invalidateQueries({ queryKey: [topic] });
}

/** Looks again at what the server says has changed; the browser reconnects by itself. */
export function useNews(entered: boolean): void {
  useEffect(() => {
    if (!entered) return;
    const source = new EventSource("/api/v1/events");
    // What changed after a list was fetched and before anybody listened is told by no event.
    source.addEventListener("open", () => invalidate(TOPICS));
    source.addEventListener("changed", (event) => {
      const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
      invalidate(topics.flatMap((topic) => [topic, ...(FOLLOWING[topic] ?? [])]));
    });
    return () => source.close();
  }, [entered]);
}
