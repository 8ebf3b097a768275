import type { PlacedModule, ScenarioDocument } from "../api/schema";
import type { Flow, Place } from "./document";
import { isRouter } from "./document";

export type Point = { x: number; y: number };

const STEP_X = 230;
const STEP_Y = 150;

export type Link = {
  id: string;
  from: number;
  to: number;
  /** The route that the link begins, where it leaves a router. */
  route?: { router: number; index: number; name: string; fallback: boolean };
  filtered: PlacedModule;
};

/** An end of a flow, where something can be added. */
export type Loose = { id: string; from: number; place: Place; at: Point };

export type Picture = { points: Map<number, Point>; links: Link[]; loose: Loose[] };

/** Where everything stands: as it was dragged, or else from left to right. */
export function draw(document: ScenarioDocument): Picture {
  const picture: Picture = { points: new Map(), links: [], loose: [] };
  drawFlow(picture, document.flow, { x: 0, y: 0 }, null, null);
  return picture;
}

/** Draws a flow and returns how many rows it takes. */
function drawFlow(
  picture: Picture,
  flow: Flow,
  start: Point,
  from: PlacedModule | null,
  route: Link["route"] | null,
): number {
  let rows = 1;
  let before = from;
  flow.forEach((placed, index) => {
    const free = { x: start.x + index * STEP_X, y: start.y };
    const point = placed.designer ?? free;
    picture.points.set(placed.id, point);
    if (before) {
      picture.links.push({
        id: `${before.id}-${placed.id}`,
        from: before.id,
        to: placed.id,
        route: index === 0 ? (route ?? undefined) : undefined,
        filtered: placed,
      });
    }
    if (isRouter(placed)) rows = Math.max(rows, drawRoutes(picture, placed, point));
    before = placed;
  });
  const last = flow.at(-1);
  if (last && !isRouter(last)) picture.loose.push(looseBehind(picture, last));
  return rows;
}

function drawRoutes(picture: Picture, router: PlacedModule, at: Point): number {
  let row = 0;
  (router.routes ?? []).forEach((route, index) => {
    const start = { x: at.x + STEP_X, y: at.y + row * STEP_Y };
    const known = {
      router: router.id,
      index,
      name: route.name ?? "",
      fallback: route.fallback ?? false,
    };
    if (route.flow.length === 0) {
      const place: Place = { kind: "route", router: router.id, index };
      picture.loose.push({ id: `route-${router.id}-${index}`, from: router.id, place, at: start });
      row += 1;
    } else row += drawFlow(picture, route.flow, start, router, known);
  });
  return Math.max(row, 1);
}

function looseBehind(picture: Picture, last: PlacedModule): Loose {
  const point = picture.points.get(last.id) ?? { x: 0, y: 0 };
  return {
    id: `after-${last.id}`,
    from: last.id,
    place: { kind: "after", id: last.id },
    at: { x: point.x + STEP_X, y: point.y },
  };
}

/** Everything from left to right again. */
export function aligned(document: ScenarioDocument): ScenarioDocument {
  const without = (flow: Flow): Flow =>
    flow.map(({ designer: _, ...placed }) => ({
      ...placed,
      routes: placed.routes?.map((route) => ({ ...route, flow: without(route.flow) })),
    }));
  return { ...document, flow: without(document.flow) };
}
