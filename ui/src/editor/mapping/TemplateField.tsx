import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf, tooltips } from "@codemirror/view";
import { Input, Text } from "@mantine/core";
import { useDebouncedValue, useId } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Said } from "../../api/schema";
import { nonce } from "../../nonce";
import { explain } from "./explain";
import { language } from "./language";
import { pills } from "./pills";
import { useMapping } from "./target";

type Props = {
  label: string;
  /** What it is called aloud, where that is more than its label. */
  spoken?: string;
  hideLabel?: boolean;
  description?: string;
  mandatory?: boolean;
  placeholder?: string;
  value: string;
  /** The module whose field it is; null where no module is known. */
  module: number | null;
  aside?: ReactNode;
  onChange: (value: string) => void;
};

/** A text into which values are mapped: pills over plain text, with faults and a preview. */
export function TemplateField(props: Props) {
  const { label, hideLabel, description, mandatory, value, module, aside } = props;
  const { t } = useTranslation();
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [focused, setFocused] = useState(false);
  const said = useSaid(value, module, focused);
  const faults = said?.diagnostics.filter((one) => one.severity !== "warning") ?? [];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once
  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: extensions(latest, id, setFocused),
      }),
    });
    view.current = made;
    return () => {
      useMapping.setState((before) => (before.view === made ? { view: null } : before));
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const known = view.current;
    if (known && known.state.doc.toString() !== value) {
      known.dispatch({ changes: { from: 0, to: known.state.doc.length, insert: value } });
    }
  }, [value]);

  return (
    <Input.Wrapper
      label={hideLabel ? undefined : <LabelLine label={label} aside={aside} />}
      labelElement="div"
      description={description}
      className={mandatory ? "mandatory" : undefined}
      required={mandatory}
      labelProps={{ style: { width: "100%" } }}
    >
      <div ref={host} className={faults.length > 0 ? "template faulty" : "template"} />
      {faults.map((fault) => (
        <Text key={fault.message + fault.position} size="sm" c="var(--mantine-color-error)">
          {fault.message}
        </Text>
      ))}
      {focused && said?.preview && value.includes("{{") && faults.length === 0 && (
        <Text size="sm" c="dimmed" lineClamp={3} role="status">
          {said.preview.error ?? t("gives {{value}}", { value: shown(said.preview.value) })}
        </Text>
      )}
    </Input.Wrapper>
  );
}

function LabelLine({ label, aside }: { label: string; aside: ReactNode }) {
  return (
    <>
      {label}
      {aside && <span style={{ float: "right" }}>{aside}</span>}
    </>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function useSaid(value: string, module: number | null, focused: boolean): Said | undefined {
  const bundles = useMapping((state) => state.bundles);
  const [settled] = useDebouncedValue(value, 250);
  return useQuery({
    queryKey: ["explained", settled, module, bundles],
    queryFn: () => explain(settled, module, { bundles }),
    enabled: focused && settled.includes("{{"),
    retry: false,
  }).data;
}

type Latest = { current: Props };

function extensions(latest: Latest, id: string, setFocused: (focused: boolean) => void) {
  return [
    EditorView.cspNonce.of(nonce),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": latest.current.spoken ?? latest.current.label,
      "aria-required": String(latest.current.mandatory ?? false),
      id,
    }),
    placeholderOf(latest.current.placeholder ?? ""),
    history(),
    closeBrackets(),
    pills,
    language(() => latest.current.module),
    tooltips({ parent: document.body }),
    // Tab leaves the field, as in any other.
    Prec.high(keymap.of([...completionKeymap, ...closeBracketsKeymap])),
    keymap.of([...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      if (update.focusChanged) {
        setFocused(update.view.hasFocus);
        if (update.view.hasFocus) useMapping.setState({ view: update.view });
      }
    }),
    look,
  ];
}

const look = EditorView.theme({
  "&": { fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": {
    fontFamily: "inherit",
    padding: "7px 0",
    caretColor: "var(--mantine-color-text)",
  },
  ".cm-line": { padding: "0 10px" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.6", maxHeight: "240px" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-tooltip": {
    zIndex: "400 !important",
    background: "var(--mantine-color-body)",
    color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "6px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "#0b7285",
    color: "#fff",
  },
});
