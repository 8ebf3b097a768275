import { useEffect } from "react";
import { queries } from "./queries";

/** Looks again at what the server says has changed; the browser reconnects by itself. */
export function useNews(entered: boolean): void {
  useEffect(() => {
    if (!entered) return;
    const source = new EventSource("/api/v1/events");
    source.addEventListener("changed", (event) => {
      const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
      for (const topic of topics) queries.invalidateQueries({ queryKey: [topic] });
    });
    return () => source.close();
  }, [entered]);
}
