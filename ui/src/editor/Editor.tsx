import "@xyflow/react/dist/style.css";
import "./editor.css";
import { Box, Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useScenario, useScenarios } from "../api/queries";
import type { RehearsalView, ScenarioDocument } from "../api/schema";
import { Shutdown } from "../pages/Shutdown";
import { say } from "../parts/act";
import { later } from "../parts/later";
import { Trouble } from "../parts/Trouble";
import { AddModule } from "./AddModule";
import { Canvas } from "./Canvas";
import { emptyDocument, findModule } from "./document";
import { draftOf, keepDraft } from "./draft";
import { isIfElse } from "./kinds";
import { ListEditor } from "./ListEditor";
import { Problems, useCheck } from "./Problems";
import { usePins } from "./pins";
import { RouteDialog } from "./RouteDialog";
import { RunDialog } from "./RunDialog";
import { SettingsDialog } from "./SettingsDialog";
import { change, open, useEditor } from "./store";
import { Followed, Toolbar } from "./Toolbar";
import { useFollowing, useLeaving, useShortcuts } from "./use";
import { Versions } from "./Versions";

// The mapping editor is large, and not needed before a dialog is opened.
type Opened = { id: number; scenario: string | null };
const ModuleDialog = later<Opened>(() => import("./ModuleDialog"));
type OpenedRoute = { router: number; index: number; scenario: string | null };
const BranchDialog = later<OpenedRoute>(() => import("./BranchDialog"));
const FilterDialog = later<Opened>(() => import("./FilterDialog"));
const ScheduleDialog = later(() => import("./ScheduleDialog"));
const InterfaceDialog = later(() => import("./InterfaceDialog"));
const RunFromDialog = later<{ id: string; module: number }>(() => import("./RunFromDialog"));
const PinDialog = later<{ id: string; module: number }>(() => import("./PinDialog"));
const Rehearsed = later<{ view: RehearsalView }>(() => import("./Rehearsed"));
const Replayed = later<{ id: string }>(() => import("./Replayed"));

/** The scenario editor; without an id it begins a new one. */
export default function Editor({ id }: { id: string | null }) {
  return id === null ? <New /> : <Existing id={id} />;
}

/** Opens what the server has, and on top of it what this tab had not saved yet. */
function begin(
  id: string | null,
  document: ScenarioDocument,
  version: number,
  t: (key: string) => string,
): void {
  const draft = draftOf(id);
  open(document, draft?.version ?? version);
  if (!draft) return;
  change(() => draft.document);
  say(t("What you had not saved is back."));
}

function New() {
  const { t } = useTranslation();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    begin(null, emptyDocument(t("New scenario")), 0, t);
    setReady(true);
  }, [t]);
  return ready ? <Workbench id={null} /> : null;
}

function Existing({ id }: { id: string }) {
  const { t } = useTranslation();
  const scenario = useScenario(id);
  const [ready, setReady] = useState(false);
  const document = scenario.data?.document as ScenarioDocument | undefined;
  const version = scenario.data?.version;
  useEffect(() => {
    if (document && version && !ready) {
      begin(id, document, version, t);
      setReady(true);
    }
  }, [id, document, version, ready, t]);
  if (scenario.error) return <Trouble error={scenario.error} again={scenario.refetch} />;
  return ready ? <Workbench id={id} /> : <Skeleton h="60vh" m="md" />;
}

function Workbench({ id }: { id: string | null }) {
  const view = useEditor((state) => state.view);
  const dialog = useEditor((state) => state.dialog);
  const name = useEditor((state) => state.document.name);
  const scenario = useScenarios().data?.find((one) => one.id === id);
  useShortcuts(id);
  useLeaving();
  useFollowing();
  usePins(id);
  useEffect(() => keepDraft(id), [id]);
  useCheck();
  useEffect(() => {
    document.title = `${name} · Trunkline`;
  }, [name]);
  return (
    <Box className="workbench">
      <Toolbar id={id} />
      {scenario && (
        <Box className="workbench-note">
          <Shutdown scenario={scenario} />
        </Box>
      )}
      <Box className="surface">
        <Followed />
        {view === "canvas" ? <Canvas /> : <ListEditor />}
      </Box>
      <Problems />
      {dialog?.kind === "add" && <AddModule place={dialog.place} />}
      {dialog?.kind === "module" && <ModuleDialog id={dialog.id} scenario={id} key={dialog.id} />}
      {dialog?.kind === "filter" && <FilterDialog id={dialog.id} scenario={id} key={dialog.id} />}
      {dialog?.kind === "route" && <Route {...dialog} scenario={id} />}
      {dialog?.kind === "settings" && <SettingsDialog id={id} />}
      {dialog?.kind === "interface" && <InterfaceDialog />}
      {dialog?.kind === "schedule" && <ScheduleDialog />}
      {dialog?.kind === "versions" && id && <Versions id={id} />}
      {dialog?.kind === "run" && id && <RunDialog id={id} />}
      {dialog?.kind === "run from" && id && <RunFromDialog id={id} module={dialog.module} />}
      {dialog?.kind === "pin" && id && <PinDialog id={id} module={dialog.module} />}
      {dialog?.kind === "rehearsed" && <Rehearsed view={dialog.view} />}
      {dialog?.kind === "replayed" && id && <Replayed id={id} />}
    </Box>
  );
}

function Route({ router, index, scenario }: OpenedRoute) {
  const placed = useEditor((state) => findModule(state.document, router));
  if (!placed) return null;
  if (!isIfElse(placed)) return <RouteDialog router={router} index={index} />;
  return <BranchDialog router={router} index={index} scenario={scenario} />;
}
