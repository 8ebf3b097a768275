import { Kbd, Modal, Table, Title } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { create } from "zustand";
import { PLACES } from "./places";

export const useShortcutSheet = create<{ opened: boolean }>(() => ({ opened: false }));

const SECOND_KEY_WITHIN = 1200;

const EVERYWHERE = [
  ["?", "This sheet"],
  ["Ctrl K", "Search and commands"],
] as const;
const IN_THE_EDITOR = [
  ["A", "Add a module"],
  ["Enter", "Open the chosen module"],
  ["Delete", "Remove what is chosen"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo"],
  ["Ctrl C", "Copy"],
  ["Ctrl V", "Paste"],
  ["Ctrl S", "Save"],
  ["Ctrl Enter", "Run once"],
  ["R", "Run from the chosen module"],
  ["P", "Pin a sample of the chosen module"],
  ["L", "Canvas or list"],
] as const;

/** All shortcuts on one sheet, and the two-key ones that lead to places. */
export function Shortcuts() {
  const { t } = useTranslation();
  const opened = useShortcutSheet((state) => state.opened);
  usePlaceKeys();
  const places = PLACES.map((one) => [one.key.toUpperCase(), one.label] as const);
  return (
    <Modal
      opened={opened}
      onClose={() => useShortcutSheet.setState({ opened: false })}
      title={t("Keyboard shortcuts")}
    >
      <Keys title={t("Everywhere")} keys={EVERYWHERE} />
      <Keys title={t("Places")} keys={places} />
      <Keys title={t("In the editor")} keys={IN_THE_EDITOR} />
    </Modal>
  );
}

function Keys(props: { title: string; keys: ReadonlyArray<readonly [string, string]> }) {
  const { t } = useTranslation();
  return (
    <>
      <Title order={3} size="h5" mt="md">
        {props.title}
      </Title>
      <Table aria-label={props.title}>
        <Table.Tbody>
          {props.keys.map(([keys, label]) => (
            <Table.Tr key={keys}>
              <Table.Td w={150}>
                {keys.split(" ").map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{t(label)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function usePlaceKeys(): void {
  const [, go] = useLocation();
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === "g") last = event.timeStamp;
      else if (event.timeStamp - last < SECOND_KEY_WITHIN) {
        last = Number.NEGATIVE_INFINITY;
        const place = PLACES.find((one) => one.key === `g ${event.key}`);
        if (place) go(place.path);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [go]);
}

/** Whether a key belongs to a field, a dialog or the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const inField = target.closest("input, textarea, select, [contenteditable=true], [role=dialog]");
  return Boolean(inField) || event.metaKey || event.ctrlKey || event.altKey;
}
