import {
  ActionIcon,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Loader,
  type MantineColorsTuple,
  Modal,
  Tooltip,
} from "@mantine/core";
import i18next from "i18next";

const brand: MantineColorsTuple = [
  "#e3fafc",
  "#c5f6fa",
  "#99e9f2",
  "#66d9e8",
  "#3bc9db",
  "#22b8cf",
  "#15aabf",
  "#1098ad",
  "#0c8599",
  "#0b7285",
];

/** A dialog's header is no banner of the page. */
const attributes = { header: { role: "presentation" } };

/** The name of the cross that closes, in the language that is shown at the time. */
const closing = {
  closeButtonProps: {
    get "aria-label"() {
      return i18next.t("Close");
    },
  },
};

export const theme = createTheme({
  colors: { brand },
  primaryColor: "brand",
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "650" },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Loader: Loader.extend({ defaultProps: { type: "dots" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
    Modal: Modal.extend({ defaultProps: { ...closing, centered: true, attributes } }),
    Drawer: Drawer.extend({ defaultProps: { ...closing, attributes } }),
  },
});

/** Mantine's own is a shade lighter, on which white is too pale. */
const FILLED_HOVER = "#095c6b";

/** Mantine's pale greys and reds are too pale for WCAG's AA; these are not. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#495057",
    "--mantine-color-placeholder": "#5c636a",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-anchor": "#0b7285",
    "--mantine-color-brand-filled-hover": FILLED_HOVER,
    "--edge": "#868e96",
    "--error-route": "#a13d00",
    "--surface": "#f8f9fa",
  },
  dark: {
    "--mantine-color-dimmed": "#b8bcc2",
    "--mantine-color-placeholder": "#a6abb1",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-anchor": "#66d9e8",
    "--mantine-color-brand-filled-hover": FILLED_HOVER,
    "--edge": "#868e96",
    "--error-route": "#ffa94d",
    "--surface": "#1f1f1f",
  },
});
