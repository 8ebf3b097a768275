import { Badge } from "@mantine/core";
import { IconHistory, IconPinFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OperationLine } from "../api/schema";

/** What stood in for a module that was not run: an earlier execution, or its pin. */
export function StoodIn({ by }: { by?: OperationLine["stood_in"] }) {
  const { t } = useTranslation();
  if (!by) return null;
  const Icon = by === "pinned" ? IconPinFilled : IconHistory;
  return (
    <Badge variant="default" tt="none" leftSection={<Icon size={12} aria-hidden />}>
      {by === "pinned" ? t("pinned") : t("taken over")}
    </Badge>
  );
}
