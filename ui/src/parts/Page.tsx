import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

type Props = { title: string; about?: string; actions?: ReactNode; children: ReactNode };

/** The frame of a page: its one heading, what it is about, and what can be done. */
export function Page({ title, about, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Trunkline`;
  }, [title]);
  return (
    <Box p="md" maw={1280} mx="auto">
      <Group justify="space-between" align="flex-start" mb="md">
        <Stack gap={2}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about && <Text c="dimmed">{about}</Text>}
        </Stack>
        <Group gap="xs">{actions}</Group>
      </Group>
      {children}
    </Box>
  );
}
