import { Box, Code, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyIcon } from "./Copy";

const MOST = 200;
const OPEN_UNTIL = 2;

/** A value as a tree that can be opened, or as JSON text. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const { t } = useTranslation();
  const [raw, setRaw] = useState("tree");
  const text = JSON.stringify(value, null, 2) ?? "";
  return (
    <Box role="group" aria-label={label}>
      <Box style={{ display: "flex", alignItems: "center", gap: 8 }} mb={4}>
        <Text fw={600}>{label}</Text>
        <SegmentedControl
          size="xs"
          aria-label={t("How to show {{label}}", { label })}
          value={raw}
          onChange={setRaw}
          data={[
            { value: "tree", label: t("Tree") },
            { value: "raw", label: "JSON" },
          ]}
        />
        <CopyIcon text={text} label={t("Copy {{label}}", { label })} />
      </Box>
      {raw === "raw" ? (
        <Code block mah={420} style={{ overflow: "auto" }} tabIndex={0}>
          {text}
        </Code>
      ) : (
        <div className="json">
          <Branch value={value} depth={0} />
        </div>
      )}
    </Box>
  );
}

function Branch({ value, depth }: { value: unknown; depth: number }) {
  if (Array.isArray(value)) {
    return <Members members={value.map((one, index) => [String(index + 1), one])} depth={depth} />;
  }
  if (value !== null && typeof value === "object") {
    return <Members members={Object.entries(value)} depth={depth} />;
  }
  return <span>{typeof value === "string" ? value : JSON.stringify(value)}</span>;
}

function Members({ members, depth }: { members: [string, unknown][]; depth: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(MOST);
  return (
    <ul>
      {members.slice(0, shown).map(([name, value]) => (
        <li key={name}>
          <Member name={name} value={value} depth={depth} />
        </li>
      ))}
      {members.length > shown && (
        <li>
          <button type="button" onClick={() => setShown(shown + 1000)}>
            {t("{{count}} more", { count: members.length - shown })}
          </button>
        </li>
      )}
    </ul>
  );
}

function Member({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const isNested = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  if (!isNested) {
    return (
      <>
        <span className="json-name">{name}: </span>
        <Branch
          value={isEmptyObject(value) ? (Array.isArray(value) ? "[]" : "{}") : value}
          depth={depth}
        />
      </>
    );
  }
  const count = Object.keys(value).length;
  return (
    <details open={depth < OPEN_UNTIL}>
      <summary>
        <span className="json-name">{name}</span>{" "}
        <span className="json-kind">{Array.isArray(value) ? `[${count}]` : `{${count}}`}</span>
      </summary>
      <Branch value={value} depth={depth + 1} />
    </details>
  );
}

function isEmptyObject(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}
