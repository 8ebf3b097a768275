import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a page: its heading, what it is about, and what can be done. */
export function Listed(props: {
  title: string;
  about: string;
  action: ReactNode;
  children: ReactNode;
}) {
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h4">
            {props.title}
          </Title>
          <Text c="dimmed">{props.about}</Text>
        </div>
        {props.action}
      </Group>
      {props.children}
    </Stack>
  );
}
