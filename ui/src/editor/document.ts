import type { PlacedModule, Route, ScenarioDocument } from "../api/schema";
import { isIfElse, isMerge, isRouter } from "./kinds";

/** A scenario as it is edited. Every function here returns a new one and keeps the old. */
export type Flow = PlacedModule[];

export const emptyDocument = (name: string): ScenarioDocument => ({ name, flow: [] });

/** Where a module can be put: behind another one, or at the beginning of a flow. */
export type Place =
  | { kind: "first" }
  | { kind: "after"; id: number }
  | { kind: "route"; router: number; index: number }
  | { kind: "error"; id: number };

/** The flows that hang on a module: its routes, and its error route. */
export function hangingOn(placed: PlacedModule): { flow: Flow; isError: boolean }[] {
  const routes = (placed.routes ?? []).map(({ flow }) => ({ flow, isError: false }));
  return placed.on_error?.length ? [...routes, { flow: placed.on_error, isError: true }] : routes;
}

/** The module with each flow that hangs on it changed. */
export function withHanging(placed: PlacedModule, how: (flow: Flow) => Flow): PlacedModule {
  if (hangingOn(placed).length === 0) return placed;
  return {
    ...placed,
    routes: placed.routes?.map((route) => ({ ...route, flow: how(route.flow) })),
    on_error: placed.on_error && how(placed.on_error),
  };
}

export function* modulesOf(flow: Flow): Generator<PlacedModule> {
  for (const placed of flow) {
    yield placed;
    for (const hanging of hangingOn(placed)) yield* modulesOf(hanging.flow);
  }
}

export const allModules = (document: ScenarioDocument) => [...modulesOf(document.flow)];

export const findModule = (document: ScenarioDocument, id: number) =>
  allModules(document).find((one) => one.id === id);

export const nextId = (document: ScenarioDocument) => nextIn(document.flow);

const nextIn = (flow: Flow) => Math.max(0, ...[...modulesOf(flow)].map((one) => one.id)) + 1;

/** Where a module goes that is added without a place: the end of the last route. */
export function endOf(flow: Flow): Place {
  const last = flow.at(-1);
  if (!last) return { kind: "first" };
  const index = (last.routes ?? []).length - 1;
  const route = last.routes?.[index];
  if (!isRouter(last) || !route) return { kind: "after", id: last.id };
  return route.flow.length > 0 ? endOf(route.flow) : { kind: "route", router: last.id, index };
}

/** Applies a change to the flow that holds a module, wherever that is. */
function inFlowOf(flow: Flow, id: number, change: (flow: Flow, index: number) => Flow): Flow {
  const index = flow.findIndex((one) => one.id === id);
  if (index >= 0) return change(flow, index);
  return flow.map((placed) => withHanging(placed, (inner) => inFlowOf(inner, id, change)));
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
  return merging(inserted(document, place, added));
}

function inserted(document: ScenarioDocument, place: Place, added: Flow): ScenarioDocument {
  switch (place.kind) {
    case "first":
      return { ...document, flow: joined(added, document.flow) };
    case "after":
      return {
        ...document,
        flow: inFlowOf(document.flow, place.id, (flow, index) => behind(flow, index, added)),
      };
    case "route":
      return changeRoute(document, place.router, place.index, (route) => ({
        ...route,
        flow: joined(added, route.flow),
      }));
    case "error":
      return changeModule(document, place.id, (placed) => ({
        ...placed,
        on_error: joined(added, placed.on_error ?? []),
      }));
  }
}

/** Behind an if-else is behind its merge; behind a router is a route of its own. */
function behind(flow: Flow, index: number, added: Flow): Flow {
  const placed = flow[index];
  if (placed && isRouter(placed)) {
    const routes = [...(placed.routes ?? []), { flow: added }];
    return flow.map((one, at) => (at === index ? { ...placed, routes } : one));
  }
  const follower = flow[index + 1];
  const merges = placed && isIfElse(placed) && follower && isMerge(follower);
  const end = merges ? index + 2 : index + 1;
  return [...flow.slice(0, end), ...joined(added, flow.slice(end))];
}

/** What follows a router lies on its first route, since routers end a flow. */
function joined(added: Flow, rest: Flow): Flow {
  const last = added.at(-1);
  if (!last || rest.length === 0 || !isRouter(last)) return [...added, ...rest];
  const [first, ...others] = last.routes ?? [];
  const routes = [{ ...first, flow: [...(first?.flow ?? []), ...rest] }, ...others];
  return [...added.slice(0, -1), { ...last, routes }];
}

/** What follows an if-else begins with a merge, and a merge stands nowhere else. */
function merging(document: ScenarioDocument): ScenarioDocument {
  let next = nextId(document);
  const mended = (flow: Flow): Flow =>
    flow.flatMap((placed, index) => {
      const before = flow[index - 1];
      const follows = before !== undefined && isIfElse(before);
      const whole = withHanging(placed, mended);
      if (follows === isMerge(placed)) return [whole];
      return follows ? [{ id: next++, module: "flow.merge", map: {} }, whole] : [];
    });
  return { ...document, flow: mended(document.flow) };
}

/** Without modules; what hangs on one goes with it, and a merge with its if-else. */
export function removeModules(document: ScenarioDocument, ids: Set<number>): ScenarioDocument {
  const without = (flow: Flow): Flow =>
    flow
      .filter((one, index) => !ids.has(one.id) || isNeeded(flow, index, ids))
      .map((placed) => withHanging(placed, without));
  return merging({ ...document, flow: without(document.flow) });
}

/** A merge stays for as long as its if-else and something behind it do. */
function isNeeded(flow: Flow, index: number, ids: Set<number>): boolean {
  const [before, placed] = [flow[index - 1], flow[index]];
  if (!placed || !before || !isMerge(placed) || ids.has(before.id)) return false;
  return flow.slice(index + 1).some((one) => !ids.has(one.id));
}

/** One place earlier (-1) or later (1) within its flow; an if-else takes its merge along. */
export function moveModule(document: ScenarioDocument, id: number, by: -1 | 1): ScenarioDocument {
  const flow = inFlowOf(document.flow, id, (flow) => {
    const blocks = blocksOf(flow);
    const at = blocks.findIndex((block) => block.some((one) => one.id === id));
    const moved = blocks[at];
    const other = blocks[at + by];
    if (!moved || !other || [...moved, ...other].some(isRouter)) return flow;
    const swapped = [...blocks];
    swapped[at] = standing(other, moved);
    swapped[at + by] = standing(moved, other);
    return swapped.flat();
  });
  return merging({ ...document, flow });
}

/** The pieces that move as one. */
function blocksOf(flow: Flow): Flow[] {
  const blocks: Flow[] = [];
  for (const placed of flow) {
    if (isMerge(placed) && blocks.length > 0) blocks.at(-1)?.push(placed);
    else blocks.push([placed]);
  }
  return blocks;
}

/** A block at another one's place on the canvas. */
function standing(block: Flow, there: Flow): Flow {
  const [first, ...rest] = block;
  return first ? [{ ...first, designer: there[0]?.designer }, ...rest] : [];
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

/** Another route; that of an if-else has a condition, and stands before the else. */
export const addRoute = (document: ScenarioDocument, router: number) =>
  changeModule(document, router, (placed) => {
    const routes = placed.routes ?? [];
    if (!isIfElse(placed)) return { ...placed, routes: [...routes, { flow: [] }] };
    const hasElse = routes.length > 0 && !routes.at(-1)?.condition;
    const end = hasElse ? routes.length - 1 : routes.length;
    return { ...placed, routes: [...routes.slice(0, end), conditional(), ...routes.slice(end)] };
  });

const conditional = (): Route => ({ flow: [], condition: { name: "", conditions: [] } });

/** The routes that a new module begins with. */
export function freshRoutes(module: string): Route[] {
  const placed = { id: 0, module };
  if (isIfElse(placed)) return [conditional(), { flow: [] }];
  return isRouter(placed) ? [{ flow: [] }, { flow: [] }] : [];
}

export const removeRoute = (document: ScenarioDocument, router: number, index: number) =>
  changeModule(document, router, (placed) => ({
    ...placed,
    routes: (placed.routes ?? []).filter((_, at) => at !== index),
  }));

export const removeErrorRoute = (document: ScenarioDocument, id: number) =>
  changeModule(document, id, (placed) => ({ ...placed, on_error: [] }));

/** Whether a place is the end of an error route, where a directive may stand. */
export function endsErrorRoute(document: ScenarioDocument, place: Place): boolean {
  const isEnd = (flow: Flow) => place.kind === "after" && flow.at(-1)?.id === place.id;
  const looks = (flow: Flow, within: boolean): boolean =>
    (within && isEnd(flow)) ||
    flow.some(
      (placed) =>
        isItsBeginning(placed, place, within) ||
        hangingOn(placed).some((one) => looks(one.flow, within || one.isError)),
    );
  return looks(document.flow, false);
}

function isItsBeginning(placed: PlacedModule, place: Place, within: boolean): boolean {
  if (place.kind === "error") return placed.id === place.id && !placed.on_error?.length;
  if (place.kind !== "route" || place.router !== placed.id || !within) return false;
  return placed.routes?.[place.index]?.flow.length === 0;
}

/** Routes of a router without modules cannot be saved; they are left out. */
export function toSave(document: ScenarioDocument): ScenarioDocument {
  const tidied = (flow: Flow): Flow =>
    flow.map((placed) => {
      const whole = withHanging(placed, tidied);
      if (!isRouter(placed)) return whole;
      return { ...whole, routes: whole.routes?.filter((route) => route.flow.length > 0) };
    });
  return { ...document, flow: tidied(document.flow) };
}

/** Copies with new numbers; what they map and gather from one another goes along. */
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
    if (one.aggregate) {
      one.aggregate.source = numbers.get(one.aggregate.source) ?? one.aggregate.source;
    }
    if (one.designer) one.designer = { x: one.designer.x + 40, y: one.designer.y + 60 };
  }
  return placed;
}

/** The chosen modules in reading order, each with all that hangs on it. */
export function chosenOf(document: ScenarioDocument, ids: Set<number>): Flow {
  const chosen = (flow: Flow): Flow =>
    flow.flatMap((one) =>
      ids.has(one.id) ? [one] : hangingOn(one).flatMap(({ flow }) => chosen(flow)),
    );
  return chosen(document.flow);
}
