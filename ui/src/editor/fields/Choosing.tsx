import { Group, Select, Stack, Switch } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApps, useOptions } from "../../api/queries";
import type { FieldView } from "../../api/schema";
import { choicesOf, defaultOf, kindOf } from "../../parts/schema";
import { Operators } from "../Operators";
import { type FieldProps, isTemplate, spokenOf } from "./Field";
import { Mapped } from "./Mapped";

/** A field with choices: one is selected, or a value is mapped. */
export function Choosing(props: FieldProps) {
  const { t } = useTranslation();
  const [maps, setMaps] = useState(isTemplate(props.value));
  const toggle = (
    <Switch
      size="xs"
      label={t("Map")}
      aria-label={t("Map {{label}}", { label: spokenOf(props) })}
      checked={maps}
      onChange={(event) => setMaps(event.currentTarget.checked)}
    />
  );
  return maps ? <Mapped {...props} aside={toggle} /> : <Selecting {...props} toggle={toggle} />;
}

function Selecting(props: FieldProps & { toggle: ReactNode }) {
  const { field, value, onChange, toggle } = props;
  const kind = kindOf(field);
  if (kind === "boolean")
    return (
      <Group justify="space-between" align="flex-start" gap="xs">
        <Switch
          label={field.label}
          aria-label={spokenOf(props)}
          description={field.help || undefined}
          checked={Boolean(value ?? defaultOf(field))}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {toggle}
      </Group>
    );
  return (
    <Stack gap={2}>
      <div
        style={{
          display: "flex",
          justifyContent: "flex-end",
          alignItems: "flex-start",
          height: 0,
          zIndex: 1,
        }}
      >
        {toggle}
      </div>
      {kind === "options" && <Options {...props} />}
      {kind === "choice" && <Choices {...props} />}
      {kind === "operator" && (
        <Operators
          label={spokenOf(props)}
          shownLabel={field.label}
          value={value == null ? null : String(value)}
          onChange={onChange}
        />
      )}
    </Stack>
  );
}

function Choices(props: FieldProps) {
  const { field, value, onChange } = props;
  return (
    <Select
      {...useSelect(props)}
      data={choicesOf(field)}
      placeholder={labelOfDefault(field)}
      value={value == null ? null : String(value)}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}

function labelOfDefault(field: FieldView): string | undefined {
  const chosen = defaultOf(field);
  if (chosen == null) return undefined;
  return choicesOf(field).find((one) => one.value === String(chosen))?.label ?? String(chosen);
}

/** What all selections of a field have in common. */
function useSelect(props: FieldProps) {
  const { t } = useTranslation();
  const { field, hideLabel } = props;
  const spoken = spokenOf(props);
  return {
    label: hideLabel ? undefined : field.label,
    "aria-label": spoken,
    description: field.help || undefined,
    required: field.mandatory,
    className: field.mandatory ? "mandatory" : undefined,
    clearable: !field.mandatory,
    clearButtonProps: { "aria-label": t("Clear {{label}}", { label: spoken }) },
    searchable: true,
  };
}

/** A dropdown that is asked of the service when it is opened. */
function Options(props: FieldProps) {
  const { field, moduleName, connection, value, onChange } = props;
  const { t } = useTranslation();
  const select = useSelect(props);
  const options = useOptions(moduleName, field.name, connection);
  const modules = (useApps().data ?? []).flatMap((app) => app.modules);
  const asksOurselves = modules.some((one) => one.name === moduleName && !one.needs_connection);
  const canAsk = connection != null || asksOurselves;
  const chosen = value == null ? null : String(value);
  const known = options.data ?? [];
  const { refetch } = options;
  const needsLabel = chosen !== null && canAsk;
  useEffect(() => {
    if (needsLabel) refetch();
  }, [needsLabel, refetch]);
  const data =
    known.some((one) => one.value === chosen) || chosen === null
      ? known
      : [...known, { value: chosen, label: chosen }];
  return (
    <Select
      {...select}
      data={data}
      value={chosen}
      onChange={(picked) => onChange(picked ?? undefined)}
      onDropdownOpen={() => {
        if (asksOurselves || (!options.data && connection)) refetch();
      }}
      error={options.error?.message}
      nothingFoundMessage={
        options.isFetching
          ? t("Asking the service …")
          : canAsk
            ? t("Nothing of that name.")
            : t("Choose a connection first.")
      }
    />
  );
}
