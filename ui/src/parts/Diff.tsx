import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

const LOOKS: Record<string, string> = {
  "+": "diff-added",
  "-": "diff-removed",
  "@": "diff-place",
};

/** The lines of a unified diff. */
export function Diff({ lines }: { lines: string[] }) {
  const { t } = useTranslation();
  if (lines.length === 0) return <Text c="dimmed">{t("Nothing differs.")}</Text>;
  return (
    <pre className="diff">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat and never move
        <div key={index} className={LOOKS[line[0] ?? ""]}>
          {line}
        </div>
      ))}
    </pre>
  );
}
