import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconFilterOff,
  IconLoader2,
  IconX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const LOOKS: Record<string, { color: string; icon: typeof IconCheck }> = {
  done: { color: "green", icon: IconCheck },
  active: { color: "green", icon: IconCheck },
  failed: { color: "red", icon: IconX },
  dead: { color: "red", icon: IconX },
  running: { color: "blue", icon: IconLoader2 },
  queued: { color: "gray", icon: IconClock },
  waiting: { color: "gray", icon: IconClock },
  held: { color: "yellow", icon: IconClock },
  incomplete: { color: "yellow", icon: IconAlertTriangle },
  warning: { color: "yellow", icon: IconAlertTriangle },
  filtered: { color: "gray", icon: IconFilterOff },
  cancelled: { color: "gray", icon: IconBan },
};

/** A named state: never by colour alone. */
export function State({ of }: { of: string }) {
  const { t } = useTranslation();
  const { color, icon: Icon } = LOOKS[of] ?? { color: "gray", icon: IconClock };
  return (
    <Badge
      variant="outline"
      color={color}
      tt="none"
      leftSection={<Icon size={14} aria-hidden />}
      styles={{ label: { color: "var(--mantine-color-text)" } }}
    >
      {t(`state ${of}`, { defaultValue: of })}
    </Badge>
  );
}
