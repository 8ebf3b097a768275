import { Badge, Group, ScrollArea, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedModule, ScenarioDocument } from "../api/schema";
import { AppIcon } from "../parts/AppIcon";
import { Dialog } from "../parts/Dialog";
import { defaultOf } from "../parts/schema";
import { mentions } from "../parts/search";
import {
  changeModule,
  endsErrorRoute,
  freshRoutes,
  insertModules,
  nextId,
  type Place,
} from "./document";
import { givesMany, isAggregator, isIfElse, isMerge, isRouter, isTrigger } from "./kinds";
import { type Known, useKnown } from "./known";
import { upstreamOf } from "./reach";
import { change, choose, type Shown, show, useEditor } from "./store";

/** Apps and modules, found by typing and chosen by keyboard or pointer. */
export function AddModule({ place }: { place: Place }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const known = useKnown();
  const document = useEditor((state) => state.document);
  const found = useMemo(
    () => offered([...known.values()], document, place, text),
    [known, document, place, text],
  );
  const title =
    place.kind === "error"
      ? t("Add to the error route of module {{id}}", { id: place.id })
      : t("Add a module");
  const list = useRef<HTMLDivElement>(null);
  const add = (one: Known | undefined) => {
    if (!one) return;
    const id = nextId(document);
    change((before) => gathering(insertModules(before, place, [fresh(one, id)]), id, one, known));
    choose(new Set([id]));
    show(firstDialog(one, id));
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((at + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      add(found[at]);
    }
  };
  useEffect(() => {
    list.current?.querySelector(`#module-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <Dialog onClose={() => show(null)} title={title} size="lg">
      <TextInput
        label={t("Search apps and modules")}
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
        role="combobox"
        aria-expanded
        aria-controls="modules"
        aria-activedescendant={`module-${at}`}
        autoFocus
        data-autofocus
        mb="xs"
      />
      <ScrollArea.Autosize mah="55vh" viewportRef={list}>
        <div role="listbox" id="modules" aria-label={t("Modules")}>
          {found.map((one, index) => (
            <UnstyledButton
              key={one.module.name}
              id={`module-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => add(one)}
              w="100%"
              p={6}
              bg={index === at ? "var(--mantine-color-default-hover)" : undefined}
            >
              <Group wrap="nowrap">
                <AppIcon app={one.app.key} />
                <div>
                  <Group gap="xs">
                    <Text fw={600}>{one.module.label}</Text>
                    <Badge variant="default" tt="none">
                      {t(`kind ${one.module.kind}`, { defaultValue: one.module.kind })}
                    </Badge>
                  </Group>
                  <Text size="sm" c="dimmed">
                    {one.app.title}: {one.module.description}
                  </Text>
                </div>
              </Group>
            </UnstyledButton>
          ))}
        </div>
        {found.length === 0 && <Text c="dimmed">{t("Nothing of that name.")}</Text>}
      </ScrollArea.Autosize>
    </Dialog>
  );
}

const fits = (one: Known, text: string) =>
  mentions(`${one.app.title} ${one.module.label} ${one.module.description}`, text);

/** What may stand at a place and fits the words; first what is looked for there, then by name. */
function offered(known: Known[], document: ScenarioDocument, place: Place, text: string): Known[] {
  const begins = place.kind === "first";
  const ends = endsErrorRoute(document, place);
  const may = ({ module }: Known) => {
    if (isTrigger(module)) return begins;
    if (module.kind === "directive") return ends;
    return !isMerge({ module: module.name }) && !(begins && isAggregator(module));
  };
  const isWanted = ({ module }: Known) =>
    begins ? isTrigger(module) : ends && module.kind === "directive";
  const rank = (one: Known) => 2 * Number(isWanted(one)) + Number(mentions(one.module.label, text));
  return known
    .filter((one) => may(one) && fits(one, text))
    .sort((one, other) => rank(other) - rank(one));
}

function fresh(one: Known, id: number): PlacedModule {
  const given = one.module.fields
    .filter((field) => field.mandatory && defaultOf(field) !== undefined)
    .map((field) => [field.name, defaultOf(field)] as const);
  const module = one.module.name;
  return { id, module, map: Object.fromEntries(given), routes: freshRoutes(module) };
}

/** An aggregator gathers what the nearest module with many bundles gives. */
function gathering(
  document: ScenarioDocument,
  id: number,
  one: Known,
  known: Map<string, Known>,
): ScenarioDocument {
  if (!isAggregator(one.module)) return document;
  const upstream = upstreamOf(document.flow, id) ?? [];
  const source = upstream.findLast(
    ({ placed, failed }) => !failed && givesMany(known.get(placed.module)?.module),
  );
  if (!source) return document;
  const aggregate = { source: source.placed.id };
  return changeModule(document, id, (placed) => ({ ...placed, aggregate }));
}

function firstDialog(one: Known, id: number): Shown {
  const placed = { module: one.module.name };
  if (isIfElse(placed)) return { kind: "route", router: id, index: 0 };
  return isRouter(placed) ? null : { kind: "module", id };
}
