import { useMantineColorScheme } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MiniMap,
  type Node,
  type NodeChange,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScenarioDocument } from "../api/schema";
import { Empty } from "../parts/Empty";
import { changeModule, type Place } from "./document";
import { useAddLabel, useKnown } from "./known";
import { LinkEdge } from "./LinkEdge";
import { draw, type Point } from "./layout";
import { ModuleNode } from "./ModuleNode";
import { change, choose, show, useEditor } from "./store";

type Size = { width: number; height: number };

const MAP_FROM = 15;
const nodeTypes = { module: ModuleNode, loose: LooseEnd };
const edgeTypes = { link: LinkEdge };

/** The scenario as discs and lines: what is dragged, chosen and opened is the document's. */
export function Canvas() {
  const { t } = useTranslation();
  const document = useEditor((state) => state.document);
  const chosen = useEditor((state) => state.chosen);
  const { colorScheme } = useMantineColorScheme();
  const known = useKnown();
  const picture = useMemo(() => draw(document), [document]);
  const made = useMemo(() => asNodes(document, picture, chosen), [document, picture, chosen]);
  const edges = useMemo(() => asEdges(picture), [picture]);
  const [dragged, setDragged] = useState<Map<string, Point>>(new Map());
  const [sizes, setSizes] = useState<Map<string, Size>>(new Map());
  const nodes = useMemo(() => asMeasured(made, dragged, sizes), [made, dragged, sizes]);

  const changed = (changes: NodeChange[]) => {
    setSizes((before) => measured(before, changes));
    const selected = new Set(chosen);
    let selects = false;
    const moving = new Map(dragged);
    const landed = new Map<number, Point>();
    for (const one of changes) {
      if (one.type === "select") {
        selects = true;
        if (one.selected) selected.add(Number(one.id));
        else selected.delete(Number(one.id));
      }
      if (one.type === "position" && one.position) {
        if (one.dragging) moving.set(one.id, one.position);
        else {
          moving.delete(one.id);
          if (dragged.has(one.id)) landed.set(Number(one.id), one.position);
        }
      }
    }
    if (selects) choose(selected);
    setDragged(moving);
    if (landed.size > 0) change((before) => placed(before, landed));
  };

  if (document.flow.length === 0) return <FirstModule />;
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={changed}
      colorMode={colorScheme === "dark" ? "dark" : colorScheme === "auto" ? "system" : "light"}
      nodesFocusable={false}
      edgesFocusable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      selectionOnDrag
      panOnScroll
      panOnDrag={[1, 2]}
      minZoom={0.1}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.2 }}
      aria-label={t("Canvas of the scenario {{name}}", { name: document.name })}
      ariaLabelConfig={{
        "controls.zoomIn.ariaLabel": t("Zoom in"),
        "controls.zoomOut.ariaLabel": t("Zoom out"),
        "controls.fitView.ariaLabel": t("Zoom to fit"),
      }}
    >
      <Background gap={24} />
      <Controls showInteractive={false} />
      {known.size > 0 && made.length > MAP_FROM && (
        <MiniMap pannable zoomable ariaLabel={t("Map")} />
      )}
    </ReactFlow>
  );
}

/** The nodes where they are dragged to and as large as they were drawn.
 *
 * A node of no known size is hidden until it is measured, with its lines: it would lose the focus.
 */
function asMeasured(made: Node[], dragged: Map<string, Point>, sizes: Map<string, Size>): Node[] {
  return made.map((node) => ({
    ...node,
    position: dragged.get(node.id) ?? node.position,
    measured: sizes.get(node.id),
  }));
}

function measured(before: Map<string, Size>, changes: NodeChange[]): Map<string, Size> {
  const found = changes.flatMap((one) =>
    one.type === "dimensions" && one.dimensions ? [[one.id, one.dimensions] as const] : [],
  );
  return found.length > 0 ? new Map([...before, ...found]) : before;
}

function placed(document: ScenarioDocument, points: Map<number, Point>): ScenarioDocument {
  let moved = document;
  for (const [id, at] of points) {
    moved = changeModule(moved, id, (one) => ({
      ...one,
      designer: { x: Math.round(at.x), y: Math.round(at.y) },
    }));
  }
  return moved;
}

function asNodes(
  document: ScenarioDocument,
  picture: ReturnType<typeof draw>,
  chosen: Set<number>,
): Node[] {
  const modules = [...picture.points].map(([id, position]) => ({
    id: String(id),
    type: "module",
    position,
    selected: chosen.has(id),
    data: { id },
  }));
  const ends = picture.loose.map((one) => ({
    id: one.id,
    type: "loose",
    position: one.at,
    draggable: false,
    selectable: false,
    style: { pointerEvents: "all" as const },
    data: { place: one.place, behind: document.name },
  }));
  return [...modules, ...ends];
}

function asEdges(picture: ReturnType<typeof draw>): Edge[] {
  return picture.links.map((link) => ({
    id: link.id,
    type: "link",
    source: link.from,
    sourceHandle: link.isError ? "error" : "next",
    target: link.to,
    data: { link },
  }));
}

function LooseEnd({ data }: { data: { place: Place } }) {
  const { place } = data;
  const label = useAddLabel()(place);
  return (
    <>
      <EndHandles />
      <button
        type="button"
        className="add-end nodrag nopan"
        aria-label={label}
        onClick={() => show({ kind: "add", place })}
      >
        <IconPlus size={20} aria-hidden />
      </button>
    </>
  );
}

function FirstModule() {
  const { t } = useTranslation();
  useEffect(() => choose(new Set()), []);
  return (
    <div style={{ padding: 24 }}>
      <Empty
        icon={<IconPlus size={40} aria-hidden />}
        title={t("What should it begin with?")}
        text={t(
          "Choose a trigger, such as Watch Completed Survey. What follows is added to its right.",
        )}
      >
        <button
          type="button"
          className="add-end"
          style={{ margin: 0 }}
          aria-label={t("Add the first module")}
          onClick={() => show({ kind: "add", place: { kind: "first" } })}
        >
          <IconPlus size={22} aria-hidden />
        </button>
      </Empty>
    </div>
  );
}

function EndHandles() {
  const style = { opacity: 0 };
  return (
    <>
      <Handle type="target" position={Position.Left} style={{ ...style, left: 33 }} />
      <Handle type="source" id="next" position={Position.Right} style={{ ...style, right: 33 }} />
    </>
  );
}
