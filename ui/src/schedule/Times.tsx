import { ActionIcon, Button, Group, Input, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

type Props = { value: string[]; error?: string; onChange: (value: string[]) => void };

/** One time of day or several. */
export function Times({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const put = (at: number, time: string) =>
    onChange(value.map((one, index) => (index === at ? time : one)));
  return (
    <Input.Wrapper label={t("Time")} labelElement="div" error={error}>
      <Group gap="xs" mt={4}>
        {value.map((time, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a time is known by its place
          <Group key={at} gap={2}>
            <TextInput
              type="time"
              aria-label={value.length > 1 ? t("Time {{number}}", { number: at + 1 }) : t("Time")}
              value={time}
              error={Boolean(error)}
              onChange={(event) => put(at, event.currentTarget.value)}
            />
            {value.length > 1 && (
              <ActionIcon
                aria-label={t("Remove time {{number}}", { number: at + 1 })}
                onClick={() => onChange(value.filter((_, index) => index !== at))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, "12:00"])}
        >
          {t("Add a time")}
        </Button>
      </Group>
    </Input.Wrapper>
  );
}
