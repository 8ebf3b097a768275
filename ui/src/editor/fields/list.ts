import { useState } from "react";

type Row = { key: number; value: unknown };

export type RowsState = {
  rows: Row[];
  add: (value?: unknown) => void;
  put: (index: number, value: unknown) => void;
  move: (index: number, by: -1 | 1) => void;
  drop: (index: number) => void;
};

let made = 0;
const row = (value?: unknown): Row => ({ key: ++made, value });

/** The members of a list as they are edited; one that is empty counts as an empty text. */
export function useRows(value: unknown, onChange: (list: unknown[]) => void): RowsState {
  const [rows, setRows] = useState(() => (Array.isArray(value) ? value.map(row) : []));
  const tell = (changed: Row[]) => {
    setRows(changed);
    onChange(changed.map((one) => one.value ?? ""));
  };
  return {
    rows,
    add: (value) => tell([...rows, row(value)]),
    put: (index, value) => tell(rows.map((one, at) => (at === index ? { ...one, value } : one))),
    move: (index, by) => tell(moved(rows, index, by)),
    drop: (index) => tell(rows.filter((_, at) => at !== index)),
  };
}

function moved(rows: Row[], index: number, by: -1 | 1): Row[] {
  const [one, other] = [rows[index], rows[index + by]];
  if (!one || !other) return rows;
  return rows.map((row, at) => (at === index ? other : at === index + by ? one : row));
}

/** Where the focus goes after a change: into a row, or onto one of its buttons. */
export type Aim = { index: number; act: "fill" | "up" | "down" | "remove" };

/** Puts the focus there, or as near to it as there is something that takes it. */
export function focusOn(host: HTMLElement, { index, act }: Aim): void {
  const rows = [...host.children].filter((one) => one.matches("[data-row]"));
  const row = rows[Math.min(index, rows.length - 1)];
  const first = "input, [contenteditable=true], button";
  const wanted =
    act === "fill"
      ? row?.querySelector(`.field-cell :is(${first})`)
      : row?.querySelector(`:scope > .row-acts [data-act=${act}]:not(:disabled)`);
  const found =
    wanted ??
    row?.querySelector(":scope > .row-acts button:not(:disabled)") ??
    host.querySelector(":scope > [data-act=add]");
  (found as HTMLElement | null)?.focus();
}
