import { Kbd, Modal, ScrollArea, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { create } from "zustand";
import { useConnections, useDataStores, useScenarios, useWebhooks } from "../api/queries";
import { mentions } from "../parts/search";
import { PLACES } from "./places";

export const usePalette = create<{ opened: boolean }>(() => ({ opened: false }));

type Command = { label: string; kind: string; path: string };

/** Everything that can be gone to, found by typing. */
export function Palette() {
  const opened = usePalette((state) => state.opened);
  const close = () => usePalette.setState({ opened: false });
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={close} title={t("Search and commands")} yOffset="10vh">
      {opened && <Finder close={close} />}
    </Modal>
  );
}

function Finder({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands();
  const found = useMemo(
    () => commands.filter((one) => mentions(`${one.label} ${one.kind}`, text)).slice(0, 30),
    [commands, text],
  );
  const choose = (command: Command | undefined) => {
    if (!command) return;
    close();
    go(command.path);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((at + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") choose(found[at]);
  };
  return (
    <Stack gap="xs">
      <TextInput
        label={t("Go to")}
        placeholder={t("A place, a scenario, a connection …")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
        role="combobox"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={`command-${at}`}
        autoFocus
        data-autofocus
      />
      <ScrollArea.Autosize mah="50vh">
        <div role="listbox" id="commands" aria-label={t("Found")}>
          {found.map((command, index) => (
            <UnstyledButton
              key={command.path}
              id={`command-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => choose(command)}
              w="100%"
              p="xs"
              bg={index === at ? "var(--mantine-color-default-hover)" : undefined}
            >
              {command.label} <Text span c="dimmed">{`· ${command.kind}`}</Text>
            </UnstyledButton>
          ))}
        </div>
        {found.length === 0 && <Text c="dimmed">{t("Nothing of that name.")}</Text>}
      </ScrollArea.Autosize>
      <Text size="sm" c="dimmed">
        <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t("to choose")}, <Kbd>Enter</Kbd> {t("to go")}
      </Text>
    </Stack>
  );
}

function useCommands(): Command[] {
  const { t } = useTranslation();
  const scenarios = useScenarios().data ?? [];
  const connections = useConnections().data ?? [];
  const webhooks = useWebhooks().data ?? [];
  const stores = useDataStores().data ?? [];
  return [
    ...PLACES.map((one) => ({ label: t(one.label), kind: t("Place"), path: one.path as string })),
    { label: t("Create a scenario"), kind: t("Command"), path: "/scenarios/new" },
    ...scenarios.map((one) => ({
      label: one.name,
      kind: t("Scenario"),
      path: `/scenarios/${one.id}`,
    })),
    ...connections.map((one) => ({
      label: one.name,
      kind: t("Connection"),
      path: `/connections?show=${one.id}`,
    })),
    ...webhooks.map((one) => ({
      label: one.name,
      kind: t("Webhook"),
      path: `/webhooks/${one.id}`,
    })),
    ...stores.map((one) => ({
      label: one.name,
      kind: t("Data store"),
      path: `/datastores/${one.id}`,
    })),
  ];
}
