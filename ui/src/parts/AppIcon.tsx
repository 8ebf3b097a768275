import {
  IconApps,
  IconArrowsSplit2,
  IconDatabase,
  IconMessageHeart,
  IconTool,
  IconWorld,
} from "@tabler/icons-react";

const ICONS: Record<string, { icon: typeof IconApps; color: string }> = {
  refiner: { icon: IconMessageHeart, color: "#5f3dc4" },
  http: { icon: IconWorld, color: "#0b7285" },
  flow: { icon: IconArrowsSplit2, color: "#2b8a3e" },
  datastore: { icon: IconDatabase, color: "#862e9c" },
  tools: { icon: IconTool, color: "#a13d00" },
};

/** An app's round mark; unknown apps get a common one. */
export function AppIcon({ app, size = 36 }: { app: string; size?: number }) {
  const { icon: Icon, color } = ICONS[app] ?? { icon: IconApps, color: "#495057" };
  return (
    <span
      aria-hidden
      style={{
        width: size,
        height: size,
        borderRadius: "50%",
        background: color,
        color: "#fff",
        display: "inline-grid",
        placeItems: "center",
        flexShrink: 0,
      }}
    >
      <Icon size={size * 0.55} />
    </span>
  );
}
