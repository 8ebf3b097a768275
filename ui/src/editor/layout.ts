import type { PlacedModule, Route, ScenarioDocument } from "../api/schema";
import { type Flow, type Place, withHanging } from "./document";
import { endsFlow, hasRoutes, isIfElse, isMerge, isRouter } from "./kinds";

export type Point = { x: number; y: number };

const STEP_X = 230;
const STEP_Y = 150;

/** The route that a link begins, where it leaves a router or an if-else. */
export type RouteLink = {
  router: number;
  index: number;
  name: string;
  kind: "route" | "fallback" | "condition" | "else";
};

export type Link = {
  id: string;
  /** The nodes that it leads between: modules, or ends where something can be added. */
  from: string;
  to: string;
  route?: RouteLink;
  /** It begins the error route of the module it comes from. */
  isError: boolean;
  /** It brings a route of an if-else back to what follows. */
  comesBack: boolean;
  /** Where something is put in between. */
  place: Place;
  /** The module whose filter stands on the link. */
  filtered: PlacedModule | null;
};

/** An end of a flow, where something can be added. */
export type Loose = { id: string; place: Place; at: Point };

export type Picture = { points: Map<number, Point>; links: Link[]; loose: Loose[] };

/** What leads to the next module: where from, and how. */
type Way = Pick<Link, "from" | "place" | "route" | "isError" | "comesBack">;

/** Ways that nothing follows yet; where it would stand, on the canvas and in its flow. */
type Open = { ways: Way[]; at: Point; place: Place };

/** Where everything stands: as it was dragged, or else from left to right. */
export function draw(document: ScenarioDocument): Picture {
  const picture: Picture = { points: new Map(), links: [], loose: [] };
  const start: Open = { ways: [], at: { x: 0, y: 0 }, place: { kind: "first" } };
  close(picture, drawFlow(picture, document.flow, start));
  return picture;
}

/** Draws a flow from its beginning, and returns its end. */
function drawFlow(picture: Picture, flow: Flow, start: Open): Open {
  let open = start;
  let free = start.at;
  for (const placed of flow) {
    const point = placed.designer ?? free;
    picture.points.set(placed.id, point);
    for (const way of open.ways) picture.links.push(linkTo(placed, way));
    const wide = (1 + widthOfRoutes(placed)) * STEP_X;
    free = { x: free.x + wide, y: free.y };
    const at = { x: point.x + wide, y: point.y };
    open = { ...drawRoutes(picture, placed, point), at };
  }
  drawErrorRoutes(picture, flow);
  return open;
}

function linkTo(placed: PlacedModule, way: Way): Link {
  const filtered = isMerge(placed) ? null : placed;
  return { ...way, id: `${origin(way)}-${placed.id}`, to: String(placed.id), filtered };
}

const origin = (way: Way) => (way.route ? `${way.from}.${way.route.index}` : `${way.from}`);

/** Draws what leaves a module, and returns what goes on behind it. */
function drawRoutes(picture: Picture, placed: PlacedModule, at: Point): Omit<Open, "at"> {
  const place: Place = { kind: "after", id: placed.id };
  if (endsFlow(placed) && !hasRoutes(placed)) return { ways: [], place };
  if (!hasRoutes(placed)) return { ways: [plain(String(placed.id), place)], place };
  const returning: Way[] = [];
  let row = 0;
  (placed.routes ?? []).forEach((route, index) => {
    const start = { x: at.x + STEP_X, y: at.y + row * STEP_Y };
    const way = beginning(placed, route, index);
    const open = drawFlow(picture, route.flow, { ways: [way], at: start, place: way.place });
    if (!comesBack(placed, route)) close(picture, open);
    else if (route.flow.length > 0) returning.push(...open.ways);
    else returning.push(plain(close(picture, open), way.place));
    row += sizeOf(route.flow).rows;
  });
  return { ways: returning.map((way) => ({ ...way, comesBack: true })), place };
}

const plain = (from: string, place: Place): Way => ({
  from,
  place,
  isError: false,
  comesBack: false,
});

const comesBack = (placed: PlacedModule, route: Route) => isIfElse(placed) && route.merge !== false;

function beginning(placed: PlacedModule, route: Route, index: number): Way {
  const place: Place = { kind: "route", router: placed.id, index };
  return { ...plain(String(placed.id), place), route: routeLink(placed, route, index) };
}

export function routeLink(placed: PlacedModule, route: Route, index: number): RouteLink {
  const name = route.name || route.condition?.name || "";
  return { router: placed.id, index, name, kind: kindOf(placed, route) };
}

function kindOf(placed: PlacedModule, route: Route): RouteLink["kind"] {
  if (isRouter(placed)) return route.fallback ? "fallback" : "route";
  return route.condition ? "condition" : "else";
}

/** Ends a flow with a place where something can be added, and returns its node. */
function close(picture: Picture, { ways, at, place }: Open): string {
  const id = `end-${Object.values(place).join("-")}`;
  if (ways.length > 0) picture.loose.push({ id, place, at });
  for (const way of ways) {
    picture.links.push({ ...way, id: `${origin(way)}-${id}`, to: id, filtered: null });
  }
  return id;
}

/** Hangs error routes below their modules, from the right, so that no lines cross. */
function drawErrorRoutes(picture: Picture, flow: Flow): void {
  const { taken } = extentOf(flow);
  for (const placed of flow) {
    const area = taken.get(placed.id);
    if (!area || !placed.on_error?.length) continue;
    const at = picture.points.get(placed.id) ?? { x: 0, y: 0 };
    const start = { x: at.x + STEP_X, y: at.y + area.row * STEP_Y };
    const place: Place = { kind: "error", id: placed.id };
    const way: Way = { ...plain(String(placed.id), place), isError: true };
    close(picture, drawFlow(picture, placed.on_error, { ways: [way], at: start, place }));
  }
}

/** Cells of the grid in which modules stand without being dragged. */
type Area = { column: number; row: number; columns: number; rows: number };
type Size = Pick<Area, "columns" | "rows">;
type Extent = Size & {
  /** The columns without an end where something can be added. */
  closed: number;
  /** The areas of error routes by their modules' numbers. */
  taken: Map<number, Area>;
};

/** How much room a flow takes with what hangs on it. */
function sizeOf(flow: Flow): Size {
  const { columns, rows } = extentOf(flow);
  return { columns, rows };
}

function extentOf(flow: Flow): Extent {
  const starts = [0];
  const areas: Area[] = [];
  for (const placed of flow) {
    const column = starts.at(-1) ?? 0;
    if (hasRoutes(placed)) areas.push({ column: column + 1, row: 0, ...sizeOfRoutes(placed) });
    starts.push(column + 1 + widthOfRoutes(placed));
  }
  const taken = new Map<number, Area>();
  for (const [index, placed] of [...flow.entries()].reverse()) {
    if (!placed.on_error?.length) continue;
    const inner = sizeOf(placed.on_error);
    const area = { column: starts[index] ?? 0, row: 1, ...inner, columns: inner.columns + 1 };
    while (areas.some((other) => overlap(other, area))) area.row += 1;
    areas.push(area);
    taken.set(placed.id, area);
  }
  const end = starts.at(-1) ?? 0;
  const reached = areas.map((one) => one.column + one.columns);
  const open = flow.length === 0 || !endsFlow(flow.at(-1) as PlacedModule);
  return {
    taken,
    closed: Math.max(end, ...reached),
    columns: Math.max(open ? end + 1 : end, ...reached),
    rows: Math.max(1, ...areas.map((one) => one.row + one.rows)),
  };
}

const overlap = (one: Area, other: Area) =>
  one.column < other.column + other.columns &&
  other.column < one.column + one.columns &&
  one.row < other.row + other.rows &&
  other.row < one.row + one.rows;

function sizeOfRoutes(placed: PlacedModule): Size {
  const sizes = (placed.routes ?? []).map((route) => sizeOf(route.flow));
  return {
    columns: widthOfRoutes(placed),
    rows: sizes.reduce((sum, one) => sum + one.rows, 0),
  };
}

/** How many columns lie between a module and what follows it. */
function widthOfRoutes(placed: PlacedModule): number {
  if (!hasRoutes(placed)) return 0;
  return Math.max(1, ...(placed.routes ?? []).map((route) => widthOf(placed, route)));
}

/** A route that comes back has no end of its own to which something is added. */
function widthOf(placed: PlacedModule, route: Route): number {
  const { columns, closed } = extentOf(route.flow);
  return comesBack(placed, route) ? closed : columns;
}

/** Everything from left to right again. */
export function aligned(document: ScenarioDocument): ScenarioDocument {
  const without = (flow: Flow): Flow =>
    flow.map(({ designer: _, ...placed }) => withHanging(placed, without));
  return { ...document, flow: without(document.flow) };
}
