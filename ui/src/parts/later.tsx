import { type ComponentType, type ReactNode, useEffect, useReducer } from "react";

/** A component whose code comes when it is needed, or `load` was called before.
 *
 * React's own `lazy` keeps a fallback on the screen for 300 ms once it has shown it.
 */
export function later<Props extends object>(
  fetch: () => Promise<{ default: ComponentType<Props> }>,
  waiting: ReactNode = null,
) {
  let Loaded: ComponentType<Props> | null = null;
  let coming: Promise<void> | null = null;
  const load = (): Promise<void> => {
    coming ??= fetch().then((module) => {
      Loaded = module.default;
    });
    return coming;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each, at module level
  function Later(props: Props) {
    const [, draw] = useReducer((count: number) => count + 1, 0);
    useEffect(() => {
      if (!Loaded) load().then(draw, lookAnew);
    }, []);
    return Loaded ? <Loaded {...props} /> : waiting;
  }
  return Object.assign(Later, { load });
}

const KEPT = "trunkline.reloaded";
const AT_MOST_EVERY = 10_000;

/** After an update the old files are gone and the new page names the new ones. */
function lookAnew(): void {
  if (Date.now() - Number(sessionStorage.getItem(KEPT)) < AT_MOST_EVERY) return;
  sessionStorage.setItem(KEPT, String(Date.now()));
  window.location.reload();
}
