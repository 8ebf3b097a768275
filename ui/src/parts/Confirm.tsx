import { Button, Group, Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { create } from "zustand";

const ABOVE_OTHER_DIALOGS = 400;

type Question = { title: string; text: string; action: string; resolve: (yes: boolean) => void };

const useQuestion = create<{ question: Question | null }>(() => ({ question: null }));

/** Asks before something is lost. */
export function confirm(asked: Omit<Question, "resolve">): Promise<boolean> {
  return new Promise((resolve) => useQuestion.setState({ question: { ...asked, resolve } }));
}

export function ConfirmDialog() {
  const { t } = useTranslation();
  const question = useQuestion((state) => state.question);
  const answer = (yes: boolean) => {
    question?.resolve(yes);
    useQuestion.setState({ question: null });
  };
  return (
    <Modal
      opened={question !== null}
      onClose={() => answer(false)}
      title={question?.title}
      zIndex={ABOVE_OTHER_DIALOGS}
    >
      <Text>{question?.text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => answer(false)} data-autofocus>
          {t("Cancel")}
        </Button>
        <Button color="red.9" onClick={() => answer(true)}>
          {question?.action}
        </Button>
      </Group>
    </Modal>
  );
}
