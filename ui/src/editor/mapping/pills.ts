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

function decorate(view: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const found of view.state.doc.toString().matchAll(TEMPLATE)) {
    const reference = REFERENCE.exec(found[0]);
    const from = found.index;
    const to = from + found[0].length;
    const inside =
      view.hasFocus &&
      view.state.selection.ranges.some((one) => one.empty && one.from > from && one.from < to);
    if (reference && !inside) {
      const path = (reference[2] ?? "").replace(/^\./, "").replaceAll("`", "");
      marks.add(from, to, Decoration.replace({ widget: new Pill(reference[1] ?? "", path) }));
    } else marks.add(from, to, Decoration.mark({ class: "formula" }));
  }
  return marks.finish();
}

/** Shows references as pills; the text beneath stays what is copied, saved and compared. */
export const pills: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.selectionSet || update.focusChanged) {
        this.decorations = decorate(update.view);
      }
    }
  },
  {
    decorations: (plugin) => plugin.decorations,
    provide: (plugin) =>
      EditorView.atomicRanges.of((view) => view.plugin(plugin)?.decorations ?? Decoration.none),
  },
);
