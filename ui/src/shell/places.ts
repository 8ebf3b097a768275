import {
  IconApps,
  IconDatabase,
  IconHistory,
  IconHome,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconWebhook,
} from "@tabler/icons-react";

/** Where one can go, and the two keys that lead there. */
export const PLACES = [
  { path: "/", label: "Home", icon: IconHome, key: "g h" },
  { path: "/scenarios", label: "Scenarios", icon: IconRoute, key: "g s" },
  { path: "/executions", label: "Executions", icon: IconHistory, key: "g e" },
  { path: "/connections", label: "Connections", icon: IconPlugConnected, key: "g c" },
  { path: "/webhooks", label: "Webhooks", icon: IconWebhook, key: "g w" },
  { path: "/datastores", label: "Data stores", icon: IconDatabase, key: "g d" },
  { path: "/apps", label: "Apps", icon: IconApps, key: "g a" },
  { path: "/settings", label: "Settings", icon: IconSettings, key: "g t" },
] as const;
