import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";

/** A reference by itself: `{{1.response.data.nps}}`, with names in backquotes or not. */
const REFERENCE =
  /^\{\{\s*(\d+|var)((?:\.(?:`[^`]+`|[^\s.(){}"'`;+*/%=<>!&|-]+)|\[\d*\])+)\s*\}\}$/;
const TEMPLATE = /\{\{.*?\}\}/gs;

class Pill extends WidgetType {
  constructor(
    readonly module: string,
    readonly path: string,
  ) {
    super();
  }
  override eq(other: Pill): boolean {
    return other.module === this.module && other.path === this.path;
  }
  override toDOM(): HTMLElement {
    const pill = document.createElement("span");
    pill.className = "pill";
    pill.textContent = `${this.module}. ${this.path}`;
    return pill;
  }
  override ignoreEvent(): boolean {
    return false;
  }
}

type Shown = { all: DecorationSet; pills: DecorationSet };

function decorate(view: EditorView): Shown {
  const marks = new RangeSetBuilder<Decoration>();
  const replaced = new RangeSetBuilder<Decoration>();
  for (const found of view.state.doc.toString().matchAll(TEMPLATE)) {
    const reference = REFERENCE.exec(found[0]);
    const from = found.index;
    const to = from + found[0].length;
    const inside =
      view.hasFocus &&
      view.state.selection.ranges.some((one) => one.empty && one.from > from && one.from < to);
    if (reference && !inside) {
      const path = (reference[2] ?? "").replace(/^\./, "").replaceAll("`", "");
      const pill = Decoration.replace({ widget: new Pill(reference[1] ?? "", path) });
      marks.add(from, to, pill);
      replaced.add(from, to, pill);
    } else marks.add(from, to, Decoration.mark({ class: "formula" }));
  }
  return { all: marks.finish(), pills: replaced.finish() };
}

/** Shows references as pills; the text beneath stays what is copied, saved and compared. */
export const pills: Extension = ViewPlugin.fromClass(
  class {
    shown: Shown;
    constructor(view: EditorView) {
      this.shown = decorate(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.selectionSet || update.focusChanged) {
        this.shown = decorate(update.view);
      }
    }
  },
  {
    decorations: (plugin) => plugin.shown.all,
    provide: (plugin) =>
      EditorView.atomicRanges.of((view) => view.plugin(plugin)?.shown.pills ?? Decoration.none),
  },
);
