import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** What went wrong, in the server's words, and a way to try again. */
export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle />} role="alert" my="md">
      <Group justify="space-between">
        <Text style={{ whiteSpace: "pre-wrap" }}>{error.message}</Text>
        {again && (
          <Button variant="default" onClick={again}>
            {t("Try again")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
