import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Empty } from "../parts/Empty";
import { Page } from "../parts/Page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("Nothing here")}>
      <Empty
        icon={<IconMapQuestion size={40} aria-hidden />}
        title={t("There is no such page")}
        text={t("The address may be old, or what it led to was removed.")}
      >
        <Button component={Link} href="/">
          {t("Home")}
        </Button>
      </Empty>
    </Page>
  );
}
