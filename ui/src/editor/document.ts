import type { PlacedModule, Route, ScenarioDocument } from "../api/schema";

/** A scenario as it is edited. Every function here returns a new one and keeps the old. */
export type Flow = PlacedModule[];

export const emptyDocument = (name: string): ScenarioDocument => ({ name, flow: [] });

/** Where a module can be put: behind another one, or at the beginning of a flow. */
export type Place =
  | { kind: "first" }
  | { kind: "after"; id: number }
  | { kind: "route"; router: number; index: number };

export function* modulesOf(flow: Flow): Generator<PlacedModule> {
  for (const placed of flow) {
    yield placed;
    for (const route of placed.routes ?? []) yield* modulesOf(route.flow);
  }
}

export const allModules = (document: ScenarioDocument) => [...modulesOf(document.flow)];

export const findModule = (document: ScenarioDocument, id: number) =>
  allModules(document).find((one) => one.id === id);

export const nextId = (document: ScenarioDocument) =>
  Math.max(0, ...allModules(document).map((one) => one.id)) + 1;

/** The modules that run before one, nearest last: those whose bundles it can use. */
export function upstreamOf(flow: Flow, id: number, before: Flow = []): Flow | null {
  const seen = [...before];
  for (const placed of flow) {
    if (placed.id === id) return seen;
    seen.push(placed);
    for (const route of placed.routes ?? []) {
      const found = upstreamOf(route.flow, id, seen);
      if (found) return found;
    }
  }
  return null;
}

export const isRouter = (placed: PlacedModule) => placed.module === "flow.router";

/** Applies a change to the flow that holds a module, wherever that is. */
function inFlowOf(flow: Flow, id: number, change: (flow: Flow, index: number) => Flow): Flow {
  const index = flow.findIndex((one) => one.id === id);
  if (index >= 0) return change(flow, index);
  return flow.map((placed) =>
    placed.routes?.length
      ? {
          ...placed,
          routes: placed.routes.map((route) => ({
            ...route,
            flow: inFlowOf(route.flow, id, change),
          })),
        }
      : placed,
  );
}

export function changeModule(
  document: ScenarioDocument,
  id: number,
  change: (placed: PlacedModule) => PlacedModule,
): ScenarioDocument {
  const flow = inFlowOf(document.flow, id, (flow, index) =>
    flow.map((placed, at) => (at === index ? change(placed) : placed)),
  );
  return { ...document, flow };
}

export function insertModules(
  document: ScenarioDocument,
  place: Place,
  added: Flow,
): ScenarioDocument {
  switch (place.kind) {
    case "first":
      return { ...document, flow: joined(added, document.flow) };
    case "after": {
      const flow = inFlowOf(document.flow, place.id, (flow, index) => [
        ...flow.slice(0, index + 1),
        ...joined(added, flow.slice(index + 1)),
      ]);
      return { ...document, flow };
    }
    case "route":
      return changeRoute(document, place.router, place.index, (route) => ({
        ...route,
        flow: joined(added, route.flow),
      }));
  }
}

/** What follows a router lies on its first route, since routers end a flow. */
function joined(added: Flow, rest: Flow): Flow {
  const last = added.at(-1);
  if (!last || rest.length === 0 || !isRouter(last)) return [...added, ...rest];
  const [first, ...others] = last.routes ?? [];
  const routes = [{ ...first, flow: [...(first?.flow ?? []), ...rest] }, ...others];
  return [...added.slice(0, -1), { ...last, routes }];
}

/** Without a module; a router takes all that lies on its routes with it. */
export function removeModules(document: ScenarioDocument, ids: Set<number>): ScenarioDocument {
  const without = (flow: Flow): Flow =>
    flow
      .filter((one) => !ids.has(one.id))
      .map((placed) =>
        placed.routes
          ? {
              ...placed,
              routes: placed.routes.map((route) => ({ ...route, flow: without(route.flow) })),
            }
          : placed,
      );
  return { ...document, flow: without(document.flow) };
}

/** One place earlier (-1) or later (1) within its flow. */
export function moveModule(document: ScenarioDocument, id: number, by: -1 | 1): ScenarioDocument {
  const flow = inFlowOf(document.flow, id, (flow, index) => {
    const target = index + by;
    const other = flow[target];
    const moved = flow[index];
    if (!other || !moved || isRouter(other) || isRouter(moved)) return flow;
    const swapped = [...flow];
    swapped[index] = { ...other, designer: moved.designer };
    swapped[target] = { ...moved, designer: other.designer };
    return swapped;
  });
  return { ...document, flow };
}

export function changeRoute(
  document: ScenarioDocument,
  router: number,
  index: number,
  change: (route: Route) => Route,
): ScenarioDocument {
  return changeModule(document, router, (placed) => ({
    ...placed,
    routes: (placed.routes ?? []).map((route, at) => (at === index ? change(route) : route)),
  }));
}

export const addRoute = (document: ScenarioDocument, router: number) =>
  changeModule(document, router, (placed) => ({
    ...placed,
    routes: [...(placed.routes ?? []), { flow: [] }],
  }));

export const removeRoute = (document: ScenarioDocument, router: number, index: number) =>
  changeModule(document, router, (placed) => ({
    ...placed,
    routes: (placed.routes ?? []).filter((_, at) => at !== index),
  }));

/** Routes without modules cannot be saved; they are left out. */
export function toSave(document: ScenarioDocument): ScenarioDocument {
  const tidied = (flow: Flow): Flow =>
    flow.map((placed) =>
      placed.routes
        ? {
            ...placed,
            routes: placed.routes
              .filter((route) => route.flow.length > 0)
              .map((route) => ({ ...route, flow: tidied(route.flow) })),
          }
        : placed,
    );
  return { ...document, flow: tidied(document.flow) };
}

/** Copies with new numbers; what they map from one another goes along. */
export function renumbered(copied: Flow, first: number): Flow {
  const numbers = new Map([...modulesOf(copied)].map((one, index) => [one.id, first + index]));
  const text = JSON.stringify(copied).replace(/\{\{.*?\}\}/g, (template) =>
    template.replace(/(^|[^\w.`"'])(\d+)(?=\.)/g, (whole, before: string, number: string) => {
      const to = numbers.get(Number(number));
      return to === undefined ? whole : `${before}${to}`;
    }),
  );
  const placed = JSON.parse(text) as Flow;
  for (const one of modulesOf(placed)) {
    one.id = numbers.get(one.id) ?? one.id;
    if (one.designer) one.designer = { x: one.designer.x + 40, y: one.designer.y + 60 };
  }
  return placed;
}

/** The chosen modules in reading order, without what hangs on their routes. */
export function chosenOf(document: ScenarioDocument, ids: Set<number>): Flow {
  return allModules(document)
    .filter((one) => ids.has(one.id))
    .map((one) => (isRouter(one) ? one : { ...one, routes: [] }));
}
