import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Puts a text on the clipboard, and says that it did. */
export function CopyIcon({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard();
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

export function CopyButton({ text, label, done }: { text: string; label: string; done: string }) {
  const clipboard = useClipboard();
  return (
    <Button
      variant="default"
      leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      onClick={() => clipboard.copy(text)}
    >
      {clipboard.copied ? done : label}
    </Button>
  );
}
