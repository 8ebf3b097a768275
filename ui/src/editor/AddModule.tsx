import { Badge, Group, Modal, ScrollArea, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AppIcon } from "../parts/AppIcon";
import { defaultOf } from "../parts/schema";
import { mentions } from "../parts/search";
import { insertModules, nextId, type Place } from "./document";
import { type Known, useKnown } from "./known";
import { change, choose, show, useEditor } from "./store";

const TRIGGERS = new Set(["instant trigger", "trigger"]);

/** Apps and modules, found by typing and chosen by keyboard or pointer. */
export function AddModule({ place }: { place: Place }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const known = useKnown();
  const begins = place.kind === "first";
  const found = useMemo(() => ordered([...known.values()], text, begins), [known, text, begins]);
  const list = useRef<HTMLDivElement>(null);
  const add = (one: Known | undefined) => {
    if (!one) return;
    const id = nextId(useEditor.getState().document);
    change((document) => insertModules(document, place, [fresh(one, id)]));
    choose(new Set([id]));
    show(one.module.kind === "router" ? null : { kind: "module", id });
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
    <Modal opened onClose={() => show(null)} title={t("Add a module")} size="lg">
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
    </Modal>
  );
}

/** Those that fit the words, by name first; a scenario begins with a trigger, and nothing else does. */
function ordered(known: Known[], text: string, begins: boolean): Known[] {
  const rank = (one: Known) =>
    2 * Number(begins && isTrigger(one)) + Number(mentions(one.module.label, text));
  return known
    .filter((one) => begins || !isTrigger(one))
    .filter((one) =>
      mentions(`${one.app.title} ${one.module.label} ${one.module.description}`, text),
    )
    .sort((one, other) => rank(other) - rank(one));
}

const isTrigger = (one: Known) => TRIGGERS.has(one.module.kind);

function fresh(one: Known, id: number) {
  const given = one.module.fields
    .filter((field) => field.mandatory && defaultOf(field) !== undefined)
    .map((field) => [field.name, defaultOf(field)] as const);
  return {
    id,
    module: one.module.name,
    map: Object.fromEntries(given),
    routes: one.module.kind === "router" ? [{ flow: [] }, { flow: [] }] : [],
  };
}
