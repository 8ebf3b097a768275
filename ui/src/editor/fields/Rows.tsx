import { ActionIcon, Button, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { itemOf } from "../../parts/schema";
import { Field, type FieldProps, spokenOf } from "./Field";
import { FieldGroup } from "./FieldGroup";
import { type Aim, focusOn, type RowsState, useRows } from "./list";

/** A list, row by row: added, removed and moved, each cell selected or mapped. */
export function Rows(props: FieldProps) {
  const { field, value, onChange, hideLabel } = props;
  const { t } = useTranslation();
  const label = spokenOf(props);
  const rows = useRows(value, (list) => onChange(list.length === 0 ? undefined : list));
  const host = useRef<HTMLDivElement>(null);
  const aim = useRef<Aim | null>(null);
  useEffect(() => {
    if (aim.current && host.current) focusOn(host.current, aim.current);
    aim.current = null;
  });
  const aiming = (at: Aim, act: () => void) => {
    aim.current = at;
    act();
  };
  return (
    <FieldGroup
      label={field.label}
      spoken={label}
      mandatory={field.mandatory}
      help={field.help}
      hideLabel={hideLabel}
    >
      <div ref={host}>
        {rows.rows.map((row, index) => (
          <Row key={row.key} {...{ props, rows, index, aiming }} />
        ))}
        <Button
          size="xs"
          variant="default"
          data-act="add"
          aria-label={t("Add a row to {{label}}", { label })}
          leftSection={<IconPlus size={14} />}
          onClick={() => aiming({ index: rows.rows.length, act: "fill" }, rows.add)}
        >
          {t("Add a row")}
        </Button>
      </div>
    </FieldGroup>
  );
}

type RowProps = {
  props: FieldProps;
  rows: RowsState;
  index: number;
  aiming: (at: Aim, act: () => void) => void;
};

function Row({ props, rows, index, aiming }: RowProps) {
  const { t } = useTranslation();
  const number = index + 1;
  const label = t("row {{number}} of {{label}}", { number, label: spokenOf(props) });
  const row = rows.rows[index];
  const last = rows.rows.length - 1;
  return (
    <div className="field-row" data-row>
      <Text size="xs" c="dimmed" mt={10} aria-hidden>
        {number}
      </Text>
      <div className="field-cell">
        <Field
          {...props}
          field={{ ...itemOf(props.field), label }}
          spoken={label}
          hideLabel
          value={row?.value}
          onChange={(value) => rows.put(index, value)}
        />
      </div>
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
          disabled={index === last}
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
    </div>
  );
}
