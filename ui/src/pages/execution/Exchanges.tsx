import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { OperationView } from "../../api/schema";
import { useKnown } from "../../editor/known";
import { Json } from "../../parts/Json";

type Side = { method?: string; url?: string; status?: number; headers: object; body: string };
type Exchange = { request: Side; response?: Side };

/** What an operation sent and was answered, without secrets. */
export function Exchanges({ operation }: { operation: OperationView }) {
  const { t } = useTranslation();
  const module = useKnown().get(operation.module)?.module;
  const failed = operation.error?.exchange as Exchange | undefined;
  const found = failed ? [failed] : (operation.exchanges as Exchange[]);
  if (found.length > 0) {
    return found.map((one, index) => (
      <Json
        // biome-ignore lint/suspicious/noArrayIndexKey: the list of an operation never changes
        key={index}
        value={{ [summary(one)]: readable(one) }}
        label={
          found.length === 1
            ? t("HTTP exchange")
            : t("HTTP exchange {{number}}", { number: index + 1 })
        }
      />
    ));
  }
  const calls = module?.needs_connection || operation.module.startsWith("http.");
  if (!calls || operation.state !== "done") return null;
  return (
    <Text size="sm" c="dimmed">
      {t(
        "What was sent and answered is kept for runs by hand, and of all runs where you choose so under More actions.",
      )}
    </Text>
  );
}

function summary({ request, response }: Exchange): string {
  return `${request.method} ${request.url} → ${response?.status ?? "–"}`;
}

function readable({ request, response }: Exchange): Exchange {
  return { request: parsed(request), ...(response && { response: parsed(response) }) };
}

/** A body that is JSON is shown as what it means. */
function parsed(side: Side): Side {
  try {
    return { ...side, body: JSON.parse(side.body) };
  } catch {
    return side;
  }
}
