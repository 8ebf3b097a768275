import { Select, Stack, Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApps, useOptions } from "../../api/queries";
import type { FieldView } from "../../api/schema";
import { choicesOf, defaultOf, kindOf } from "../../parts/schema";
import { TemplateField } from "../mapping/TemplateField";
import { Pairs } from "./Pairs";
import { Structure } from "./Structure";

export type FieldProps = {
  field: FieldView;
  module: number;
  moduleName: string;
  connection: string | null | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
};

const SELECTABLE = new Set(["choice", "options", "boolean"]);

/** One field of a module's dialog: select or map. */
export function Field(props: FieldProps) {
  const { field, value, module, onChange } = props;
  const { t } = useTranslation();
  const kind = kindOf(field);
  const canSelect = SELECTABLE.has(kind);
  const [maps, setMaps] = useState(canSelect && isTemplate(value));
  const toggle = canSelect && (
    <Switch
      size="xs"
      label={t("Map")}
      aria-label={t("Map {{label}}", { label: field.label })}
      checked={maps}
      onChange={(event) => setMaps(event.currentTarget.checked)}
    />
  );
  if (kind === "pairs") return <Pairs {...props} />;
  if (isStructure(value) || (kind === "structure" && !isTemplate(value)))
    return <Structure {...props} />;
  if (canSelect && !maps) return <Selecting {...props} toggle={toggle} />;
  return (
    <TemplateField
      label={field.label}
      description={field.help || undefined}
      mandatory={field.mandatory}
      module={module}
      value={value == null ? "" : String(value)}
      placeholder={defaultOf(field) == null ? "" : String(defaultOf(field))}
      onChange={(text) => onChange(text === "" ? undefined : text)}
      aside={toggle || undefined}
    />
  );
}

const isTemplate = (value: unknown) => typeof value === "string" && value.includes("{{");
const isStructure = (value: unknown) => value !== null && typeof value === "object";

function Selecting(props: FieldProps & { toggle: React.ReactNode }) {
  const { field, value, onChange, toggle } = props;
  const { t } = useTranslation();
  const kind = kindOf(field);
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
      {kind === "choice" && (
        <Select
          label={field.label}
          description={field.help || undefined}
          required={field.mandatory}
          className={field.mandatory ? "mandatory" : undefined}
          clearable={!field.mandatory}
          clearButtonProps={{ "aria-label": t("Clear {{label}}", { label: field.label }) }}
          searchable
          data={choicesOf(field)}
          placeholder={labelOfDefault(field)}
          value={value == null ? null : String(value)}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      )}
      {kind === "boolean" && (
        <Switch
          label={field.label}
          description={field.help || undefined}
          checked={Boolean(value ?? defaultOf(field))}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )}
    </Stack>
  );
}

function labelOfDefault(field: FieldView): string | undefined {
  const chosen = defaultOf(field);
  if (chosen == null) return undefined;
  return choicesOf(field).find((one) => one.value === String(chosen))?.label ?? String(chosen);
}

/** A dropdown that is asked of the service when it is opened. */
function Options(props: FieldProps) {
  const { field, moduleName, connection, value, onChange } = props;
  const { t } = useTranslation();
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
      label={field.label}
      description={field.help || undefined}
      required={field.mandatory}
      className={field.mandatory ? "mandatory" : undefined}
      clearable={!field.mandatory}
      clearButtonProps={{ "aria-label": t("Clear {{label}}", { label: field.label }) }}
      searchable
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
