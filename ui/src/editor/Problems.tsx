import { Button, Collapse, Group, Text, UnstyledButton } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import type { Problem } from "../api/schema";
import { toSave } from "./document";
import { type Shown, show, tellProblems, useEditor } from "./store";

/** Keeps the list of problems in step with what is edited. */
export function useCheck(): void {
  const document = useEditor((state) => state.document);
  const [settled] = useDebouncedValue(document, 300);
  const tidy = toSave(settled);
  const found = useQuery<Problem[], Error>({
    queryKey: ["connections", "webhooks", "problems", tidy],
    queryFn: () => post<Problem[]>("/scenarios/check", tidy),
    enabled: settled.flow.length > 0,
    retry: false,
    placeholderData: (before) => before,
  });
  const { data, error } = found;
  useEffect(() => {
    if (error) tellProblems([whole(error.message)]);
    else tellProblems(settled.flow.length > 0 ? (data ?? []) : []);
  }, [data, error, settled]);
}

/** A fault of the scenario as a whole. */
function whole(message: string): Problem {
  const nowhere = { module: null, place: null, position: null, length: null };
  return { message, severity: "error", ...nowhere, line: null, column: null, suggestion: null };
}

/** What keeps the scenario from being saved, or is doubtful; each leads to its module. */
export function Problems() {
  const { t } = useTranslation();
  const problems = useEditor((state) => state.problems);
  const isEmpty = useEditor((state) => state.document.flow.length === 0);
  const [opened, { toggle }] = useDisclosure(true);
  if (isEmpty) return null;
  return (
    <section
      aria-label={t("Problems")}
      style={{ borderTop: "1px solid var(--mantine-color-default-border)", padding: "4px 16px" }}
    >
      <Group justify="space-between">
        <Group gap={6} role="status">
          {problems.length === 0 ? (
            <IconCircleCheck size={18} aria-hidden />
          ) : (
            <IconAlertTriangle size={18} aria-hidden />
          )}
          <Text size="sm">
            {problems.length === 0
              ? t("Nothing is wrong.")
              : t("{{count}} problems", { count: problems.length })}
          </Text>
        </Group>
        {problems.length > 0 && (
          <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={opened}>
            {opened ? t("Hide") : t("Show")}
          </Button>
        )}
      </Group>
      {problems.length > 0 && (
        <Collapse expanded={opened}>
          <ul style={{ margin: "4px 0", paddingLeft: 20, maxHeight: 140, overflow: "auto" }}>
            {problems.map((one) => (
              <li key={`${one.module}${one.place}${one.position}${one.message}`}>
                <ProblemLine problem={one} />
              </li>
            ))}
          </ul>
        </Collapse>
      )}
    </section>
  );
}

function ProblemLine({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const kind = problem.severity === "warning" ? t("Warning") : t("Error");
  const text = `${kind}: ${problem.message}`;
  const dialog = dialogOf(problem);
  if (dialog === null) return <Text size="sm">{text}</Text>;
  return (
    <UnstyledButton
      onClick={() => show(dialog)}
      style={{ textDecoration: "underline", fontSize: 14 }}
    >
      {text}
    </UnstyledButton>
  );
}

/** Where a problem can be mended. */
function dialogOf({ module, place }: Problem): Shown {
  if (place?.startsWith("schedule")) return { kind: "schedule" };
  if (module == null) return null;
  const route = place?.match(/^routes\.(\d+)/)?.[1];
  if (route !== undefined) return { kind: "route", router: module, index: Number(route) };
  return { kind: place?.startsWith("filter") ? "filter" : "module", id: module };
}
