import { Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { itemOf } from "../../parts/schema";
import { Field, type FieldProps, spokenOf } from "./Field";
import { FieldGroup } from "./FieldGroup";
import { type RowsState, useRows } from "./list";
import { type Aiming, RowActs, useAim } from "./RowActs";

/** A list, row by row: added, removed and moved, each cell selected or mapped. */
export function Rows(props: FieldProps) {
  const { field, value, onChange, hideLabel } = props;
  const { t } = useTranslation();
  const label = spokenOf(props);
  const rows = useRows(value, (list) => onChange(list.length === 0 ? undefined : list));
  const [host, aiming] = useAim();
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
          onClick={() => aiming({ index: rows.rows.length, act: "fill" }, () => rows.add())}
        >
          {t("Add a row")}
        </Button>
      </div>
    </FieldGroup>
  );
}

type RowProps = { props: FieldProps; rows: RowsState; index: number; aiming: Aiming };

function Row({ props, rows, index, aiming }: RowProps) {
  const { t } = useTranslation();
  const number = index + 1;
  const label = t("row {{number}} of {{label}}", { number, label: spokenOf(props) });
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
          value={rows.rows[index]?.value}
          onChange={(value) => rows.put(index, value)}
        />
      </div>
      <RowActs {...{ label, rows, index, aiming }} />
    </div>
  );
}
