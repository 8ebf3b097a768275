import type { ModuleView, PlacedModule } from "../api/schema";

type Named = Pick<PlacedModule, "module">;

const DIRECTIVES = ["resume", "ignore", "break", "commit", "rollback"].map((one) => `flow.${one}`);
const GIVES_MANY = new Set(["trigger", "instant trigger", "search", "iterator"]);
const MAY_BE_EMPTY = new Set(["search", "iterator"]);

export const isRouter = (placed: Named) => placed.module === "flow.router";
export const isIfElse = (placed: Named) => placed.module === "flow.if_else";
export const isMerge = (placed: Named) => placed.module === "flow.merge";
export const hasRoutes = (placed: Named) => isRouter(placed) || isIfElse(placed);

/** It ends an error route: nothing follows it. */
export const isDirective = (placed: Named) => DIRECTIVES.includes(placed.module);

/** Nothing can be added behind it in its flow. */
export const endsFlow = (placed: Named) => isRouter(placed) || isDirective(placed);

/** Whether a module can fail, and so have an error route. */
export const canFail = (placed: Named) => !hasRoutes(placed) && !isDirective(placed);

export const isAggregator = (module: ModuleView | undefined) => module?.kind === "aggregator";
export const isTrigger = (module: ModuleView) =>
  module.kind === "trigger" || module.kind === "instant trigger";

/** What an aggregator is meant for: it gives many bundles of one operation. */
export const givesMany = (module: ModuleView | undefined) => GIVES_MANY.has(module?.kind ?? "");

const GIVES_NOTHING = new Set(["router", "if-else", "directive", "responder", "returner"]);

/** Whether a sample can stand in for what it gives. */
export const canBePinned = (module: ModuleView | undefined) =>
  module !== undefined && !GIVES_NOTHING.has(module.kind);

/** It may find nothing, and the scenario can be told to go on all the same. */
export const mayBeEmpty = (module: ModuleView | undefined) => MAY_BE_EMPTY.has(module?.kind ?? "");
