import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** A modal that is open while it is drawn; the focus then goes back to what opened it.
 *
 * Mantine's own gives it back only where a modal stays drawn when it is closed.
 */
export function Dialog(props: Omit<ModalProps, "opened">) {
  useFocusBack();
  return <Modal opened {...props} />;
}

/** What had the focus last that is not part of a dialog: a dialog may lead to another. */
let outside: Element | null = null;

/** Gives the focus back when what calls this is drawn no longer.
 *
 * Where its holder is gone too, what is marked with `data-heir` gets it.
 */
export function useFocusBack(): void {
  const [opener] = useState(begun);
  useEffect(() => {
    return () => {
      window.setTimeout(() => giveBack(opener));
    };
  }, [opener]);
}

function begun(): Element | null {
  const opener = document.activeElement;
  if (!opener?.closest("[role=dialog]")) outside = opener;
  return opener;
}

/** Unless something else has taken the focus, such as the dialog that came next. */
function giveBack(opener: Element | null): void {
  if (document.activeElement !== document.body) return;
  const holder = [opener, outside].find((one) => one?.isConnected && one !== document.body);
  const heir = holder ?? document.querySelector("[data-heir]");
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
}
