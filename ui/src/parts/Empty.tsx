import { Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { icon: ReactNode; title: string; text: string; children?: ReactNode };

/** Nothing is here yet: why, and what to do about it. */
export function Empty({ icon, title, text, children }: Props) {
  return (
    <Paper withBorder p="xl">
      <Center>
        <Stack align="center" maw={520} gap="xs">
          {icon}
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text ta="center" c="dimmed">
            {text}
          </Text>
          <Group mt="sm">{children}</Group>
        </Stack>
      </Center>
    </Paper>
  );
}
