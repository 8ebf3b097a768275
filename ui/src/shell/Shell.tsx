import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import {
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { remove } from "../api/client";
import { queries } from "../api/queries";
import type { SessionView } from "../api/schema";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";
import { useAct } from "../parts/act";
import { ConfirmDialog } from "../parts/Confirm";
import { Palette, usePalette } from "./Palette";
import { PLACES } from "./places";
import { Shortcuts, useShortcutSheet } from "./Shortcuts";

/** What surrounds every page: the places to go, and who is here. */
export function Shell({ session, children }: { session: SessionView; children: ReactNode }) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  useHotkeys([
    ["mod+K", () => usePalette.setState({ opened: true })],
    ["shift+?", () => useShortcutSheet.setState({ opened: true })],
  ]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 210, breakpoint: "sm", collapsed: { mobile: !opened } }}
    >
      <a className="skip" href="#content">
        {t("Skip to the content")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t("Menu")}
              aria-expanded={opened}
            />
            <img src="/icon.svg" alt="" width={26} height={26} />
            <Text fw={700}>Trunkline</Text>
          </Group>
          <Tools session={session} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("Places")}>
        {PLACES.map(({ path, label, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={t(label)}
            leftSection={<Icon size={20} aria-hidden />}
            active={isAt(location, path)}
            aria-current={isAt(location, path) ? "page" : undefined}
            variant="filled"
            onClick={close}
            style={{ borderRadius: 8 }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: "none" }}>
        {children}
      </AppShell.Main>
      <Palette />
      <Shortcuts />
      <ConfirmDialog />
    </AppShell>
  );
}

function isAt(location: string, path: string): boolean {
  return path === "/" ? location === "/" : location.startsWith(path);
}

function Tools({ session }: { session: SessionView }) {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme() === "dark";
  const leave = useAct(() => remove("/session"), { quiet: true });
  const goOut = async () => {
    await leave.mutateAsync(undefined);
    queries.clear();
    window.location.assign("/");
  };
  return (
    <Group gap={4} wrap="nowrap">
      <Tool
        label={t("Search and commands")}
        icon={<IconSearch size={20} />}
        onClick={() => usePalette.setState({ opened: true })}
      />
      <Tool
        label={t("Keyboard shortcuts")}
        icon={<IconKeyboard size={20} />}
        onClick={() => useShortcutSheet.setState({ opened: true })}
      />
      <Tool
        label={isDark ? t("Light appearance") : t("Dark appearance")}
        icon={isDark ? <IconSun size={20} /> : <IconMoon size={20} />}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
      />
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t("Language")}>
            <IconLanguage size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {Object.entries(LANGUAGES).map(([key, name]) => (
            <Menu.Item
              key={key}
              lang={key}
              aria-current={i18n.language === key}
              onClick={() => chooseLanguage(key as Language)}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t("You")}>
            <IconUserCircle size={22} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{session.name}</Menu.Label>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={goOut}>
            {t("Leave")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function Tool(props: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon aria-label={props.label} onClick={props.onClick}>
        {props.icon}
      </ActionIcon>
    </Tooltip>
  );
}
