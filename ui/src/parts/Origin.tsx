import { Group } from "@mantine/core";
import { IconClock, IconHandClick, IconRoute, IconWebhook } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** What began an execution. */
export function Origin({ of }: { of: string }) {
  const { t } = useTranslation();
  const origins: Record<string, { label: string; icon: typeof IconClock }> = {
    webhook: { label: t("a webhook"), icon: IconWebhook },
    schedule: { label: t("its schedule"), icon: IconClock },
    person: { label: t("by hand"), icon: IconHandClick },
    scenario: { label: t("another scenario"), icon: IconRoute },
  };
  const { label, icon: Icon } = origins[of] ?? { label: of, icon: IconClock };
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <Icon size={16} aria-hidden />
      {label}
    </Group>
  );
}
