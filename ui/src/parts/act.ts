import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import i18next from "i18next";
import { queries } from "../api/queries";

/** Something a person does to the server: what then is stale, and what is said of it. */
export function useAct<Given, Answer>(
  run: (given: Given) => Promise<Answer>,
  { stale = [], said, quiet = false }: { stale?: string[]; said?: string; quiet?: boolean } = {},
) {
  return useMutation<Answer, Error, Given>({
    mutationFn: run,
    onSuccess: async () => {
      if (said) say(said);
      await Promise.all(stale.map((topic) => queries.invalidateQueries({ queryKey: [topic] })));
    },
    onError: (error) => {
      if (!quiet) complain(error.message);
    },
  });
}

export function say(message: string): void {
  notifications.show({ message, color: "green", autoClose: 4000, ...closing() });
}

export function complain(message: string): void {
  notifications.show({ message, color: "red", autoClose: 12_000, withBorder: true, ...closing() });
}

/** The name of the cross that takes a notice away. */
const closing = () => ({ closeButtonProps: { "aria-label": i18next.t("Close") } });
