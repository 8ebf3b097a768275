import { Badge } from "@mantine/core";
import { IconHistory, IconPinFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OperationLine } from "../api/schema";

/** What stood in for a module that was not run: an earlier execution, or its pin. */
export function StoodIn({ by, brief }: { by?: OperationLine["stood_in"]; brief?: boolean }) {
  const { t } = useTranslation();
  if (!by) return null;
  const Icon = by === "pinned" ? IconPinFilled : IconHistory;
  const label = by === "pinned" ? t("pinned") : t("taken over");
  if (brief) {
    return (
      <span role="img" aria-label={label} title={label} style={{ lineHeight: 0 }}>
        <Icon size={16} />
      </span>
    );
  }
  return (
    <Badge variant="default" tt="none" leftSection={<Icon size={12} aria-hidden />}>
      {label}
    </Badge>
  );
}
