import type { PlacedModule } from "../api/schema";
import { type Flow, hangingOn } from "./document";

/** A module whose bundles can be mapped; of one that has failed, its error. */
export type Upstream = { placed: PlacedModule; failed: boolean };

/** The modules whose bundles a module can use, nearest last; null where it is not.
 *
 * As the engine has it: what an aggregator has gathered ends there, with its source and
 * all that lies between; the modules of the routes that come back are seen by the merge.
 */
export function upstreamOf(flow: Flow, id: number, before: Upstream[] = []): Upstream[] | null {
  let reach = before;
  let branches: Upstream[] = [];
  for (const placed of flow) {
    const here = [...reach, ...branches];
    if (placed.id === id) return here;
    const found = within(placed, id, here);
    if (found) return found;
    reach = [...ungathered(placed, reach), { placed, failed: false }];
    branches = returning(placed);
  }
  return null;
}

function within(placed: PlacedModule, id: number, here: Upstream[]): Upstream[] | null {
  for (const { flow, isError } of hangingOn(placed)) {
    const found = upstreamOf(flow, id, [...here, { placed, failed: isError }]);
    if (found) return found;
  }
  return null;
}

function ungathered(placed: PlacedModule, reach: Upstream[]): Upstream[] {
  const source = placed.aggregate?.source;
  const at = reach.findIndex((one) => one.placed.id === source);
  return at < 0 ? reach : reach.slice(0, at);
}

const returning = (placed: PlacedModule): Upstream[] =>
  (placed.routes ?? [])
    .filter((route) => route.merge !== false)
    .flatMap((route) => route.flow.map((inside) => ({ placed: inside, failed: false })));

/** What is mapped of a module that has failed, with an example of each. */
export const FAILED_OUTPUT = {
  properties: {
    error: {
      title: "Error",
      properties: {
        type: { title: "Type" },
        message: { title: "Message" },
        status: { title: "Status code" },
        detail: { title: "Detail" },
      },
    },
  },
};

export const FAILED_SAMPLE = {
  error: {
    type: "ConnectionError",
    message: "The service answered 503 Service Unavailable.",
    status: 503,
    detail: "",
  },
};
