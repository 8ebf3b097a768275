import { Fieldset, Text } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  label: string;
  spoken?: string;
  mandatory?: boolean;
  help?: string;
  hideLabel?: boolean;
  children: ReactNode;
};

/** What belongs together, under one name; within a row the name is only heard. */
export function FieldGroup({ label, spoken, mandatory, help, hideLabel, children }: Props) {
  const said = help && (
    <Text size="xs" c="dimmed" mb="xs">
      {help}
    </Text>
  );
  if (hideLabel) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame of its own
      <div role="group" aria-label={spoken ?? label} className="field-group">
        {said}
        {children}
      </div>
    );
  }
  const legend = (
    <Text component="span" size="sm" fw={mandatory ? 700 : 500}>
      {label}
    </Text>
  );
  return (
    <Fieldset legend={legend} aria-label={spoken} p="xs">
      {said}
      {children}
    </Fieldset>
  );
}
