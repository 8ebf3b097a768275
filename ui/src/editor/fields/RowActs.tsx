import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconTrash } from "@tabler/icons-react";
import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Aim, focusOn, type RowsState } from "./list";

type Props = {
  /** What the row is called. */
  label: string;
  rows: RowsState;
  index: number;
  aiming: Aiming;
};

export type Aiming = (at: Aim, act: () => void) => void;

/** Moves a row up or down, and removes it. */
export function RowActs({ label, rows, index, aiming }: Props) {
  const { t } = useTranslation();
  return (
    <div className="row-acts">
      <ActionIcon
        size={24}
        data-act="up"
        disabled={index === 0}
        aria-label={t("Move {{label}} up", { label })}
        onClick={() => aiming({ index: index - 1, act: "up" }, () => rows.move(index, -1))}
      >
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon
        size={24}
        data-act="down"
        disabled={index === rows.rows.length - 1}
        aria-label={t("Move {{label}} down", { label })}
        onClick={() => aiming({ index: index + 1, act: "down" }, () => rows.move(index, 1))}
      >
        <IconChevronDown size={16} />
      </ActionIcon>
      <ActionIcon
        size={24}
        data-act="remove"
        aria-label={t("Remove {{label}}", { label })}
        onClick={() => aiming({ index, act: "remove" }, () => rows.drop(index))}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  );
}

/** Puts the focus where a change of the rows leads, once it is drawn. */
export function useAim(): [RefObject<HTMLDivElement | null>, Aiming] {
  const host = useRef<HTMLDivElement>(null);
  const aim = useRef<Aim | null>(null);
  useEffect(() => {
    if (aim.current && host.current) focusOn(host.current, aim.current);
    aim.current = null;
  });
  const aiming: Aiming = (at, act) => {
    aim.current = at;
    act();
  };
  return [host, aiming];
}
