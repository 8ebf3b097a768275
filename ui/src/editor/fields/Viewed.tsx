import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FieldKind, kindOf } from "../../parts/schema";
import { Collection } from "./Collection";
import { type FieldProps, spokenOf } from "./Field";
import { Mapped } from "./Mapped";
import { Rows } from "./Rows";
import { Structure } from "./Structure";

type View = "mapped" | "collection" | "rows" | "json";

const BODIES: Record<View, ComponentType<FieldProps>> = {
  mapped: Mapped,
  collection: Collection,
  rows: Rows,
  json: Structure,
};

const VIEWS: Partial<Record<FieldKind, View[]>> = {
  list: ["rows", "mapped", "json"],
  collection: ["collection", "mapped", "json"],
  pairs: ["collection", "mapped", "json"],
  any: ["mapped", "collection", "rows", "json"],
};

/** A field that is filled in as one text, or piece by piece where it has pieces. */
export function Viewed(props: FieldProps) {
  const kind = kindOf(props.field);
  const views = VIEWS[kind] ?? ["mapped"];
  const [view, setView] = useState(() => viewOf(kind, props.value));
  const Body = BODIES[view];
  const others = views.filter((one) => one !== view);
  return (
    <div className={props.hideLabel ? "viewed bare" : "viewed"}>
      <Body {...props} />
      {others.length > 0 && <ViewMenu label={spokenOf(props)} views={others} onChoose={setView} />}
    </div>
  );
}

/** How a value is shown best; what no view can hold is JSON. */
function viewOf(kind: FieldKind, value: unknown): View {
  const [usual = "mapped"] = VIEWS[kind] ?? [];
  if (value == null) return usual;
  if (typeof value !== "object") return "mapped";
  if (kind === "pairs" || (kind === "collection" && !Array.isArray(value))) return "collection";
  if (Array.isArray(value) && (kind === "list" || kind === "any")) return "rows";
  return kind === "any" ? "collection" : "json";
}

type MenuProps = { label: string; views: View[]; onChoose: (view: View) => void };

function ViewMenu({ label, views, onChoose }: MenuProps) {
  const { t } = useTranslation();
  const words: Record<View, string> = {
    mapped: t("One text or mapping"),
    collection: t("Field by field"),
    rows: t("Row by row"),
    json: t("As JSON"),
  };
  return (
    <div className="view-menu">
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={24} aria-label={t("How to enter {{label}}", { label })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item key={view} onClick={() => onChoose(view)}>
              {words[view]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
