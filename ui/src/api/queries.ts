import { QueryClient, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, get, part } from "./client";
import type {
  ActivityView,
  AppView,
  Balance,
  Check,
  ConnectionView,
  DataStoreView,
  DeliveryView,
  ExecutionView,
  GapReport,
  OperationView,
  OptionView,
  ReviewView,
  SavedBackups,
  ScenarioView,
  ScoreView,
  SessionView,
  StorageView,
  TokenView,
  TryoutView,
  UserView,
  VersionView,
  Vocabulary,
  WebhookView,
} from "./schema";

const ATTEMPTS = 2;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) =>
        count < ATTEMPTS && (!(error instanceof ApiError) || error.status === 0),
    },
  },
});

type Options<Data> = Omit<UseQueryOptions<Data, Error>, "queryKey" | "queryFn">;

function useFetched<Data>(key: unknown[], path: string, options?: Options<Data>) {
  return useQuery<Data, Error>({ queryKey: key, queryFn: () => get<Data>(path), ...options });
}

const forEver = { staleTime: Number.POSITIVE_INFINITY };

export const useSession = () =>
  useFetched<SessionView>(["session"], "/session", { staleTime: 60_000 });
export const useApps = () => useFetched<AppView[]>(["apps"], "/apps", forEver);
export const useVocabulary = () =>
  useFetched<Vocabulary>(["vocabulary"], "/templates/vocabulary", forEver);
export const useScenarios = () =>
  useFetched<ScenarioView[]>(["scenarios"], "/scenarios", {
    refetchInterval: ({ state }) => untilNextRun(state.data),
  });
export const useScenario = (id: string) =>
  useFetched<ScenarioView>(["scenarios", id], `/scenarios/${part(id)}`);
export const useVersions = (id: string) =>
  useFetched<VersionView[]>(["scenarios", id, "versions"], `/scenarios/${part(id)}/versions`);
export const useVersion = (id: string, number: number | null | undefined) =>
  useFetched<VersionView>(
    ["scenarios", id, "versions", number],
    `/scenarios/${part(id)}/versions/${number}`,
    { enabled: number != null, ...forEver },
  );
export const useConnections = () => useFetched<ConnectionView[]>(["connections"], "/connections");
export const useDataStores = () => useFetched<DataStoreView[]>(["data stores"], "/data-stores");
export const useDataStore = (id: string) =>
  useFetched<DataStoreView>(["data stores", id], `/data-stores/${part(id)}`);
export const useWebhooks = () => useFetched<WebhookView[]>(["webhooks"], "/webhooks");
export const useGaps = (webhook: string, days: number) =>
  useFetched<GapReport>(["gaps", webhook, days], `/webhooks/${part(webhook)}/gaps?days=${days}`, {
    staleTime: 60_000,
    refetchInterval: 60_000,
  });

/** What is counted over much is asked at a pace of its own, not at each news. */
const unhurried = { refetchInterval: 5_000 };
export const useBalance = () => useFetched<Balance>(["balance"], "/balance", unhurried);
export const useDoctor = () => useFetched<Check[]>(["doctor"], "/doctor");
export const useStorage = () =>
  useFetched<StorageView>(["storage"], "/storage", {
    refetchInterval: ({ state }) => (state.data?.pruning.under_way ? 500 : false),
  });
export const useBackups = () =>
  useFetched<SavedBackups>(["backups"], "/backups/saved", {
    refetchInterval: ({ state }) => (state.data?.progress.under_way ? 500 : false),
  });
export const useReview = () => useFetched<ReviewView>(["review"], "/review");
export const useActivity = (hours: number) =>
  useFetched<ActivityView[]>(["activity", hours], `/activity?hours=${hours}`, unhurried);
export const useTryout = () => useFetched<TryoutView>(["tryout"], "/tryout");
export const useScores = (days: number) =>
  useFetched<ScoreView[]>(["scores", days], `/scores?days=${days}`, unhurried);
export const useUsers = () => useFetched<UserView[]>(["users"], "/users");
export const useTokens = () => useFetched<TokenView[]>(["tokens"], "/tokens");
export const useDelivery = (id: string | null) =>
  useFetched<DeliveryView>(["deliveries", id], `/deliveries/${id}`, { enabled: id !== null });

export const useExecution = (id: string | null) =>
  useFetched<ExecutionView>(["executions", id], `/executions/${part(id ?? "")}?history=false`, {
    enabled: id !== null,
    refetchInterval: (query) => (isUnderWay(query.state.data) ? 400 : false),
  });
const MOST_COUNTED = 100;

/** The newest incomplete executions, as many as are counted. */
export const useIncomplete = () =>
  useFetched<ExecutionView[]>(
    ["executions", "incomplete"],
    `/executions?state=incomplete&limit=${MOST_COUNTED}`,
  );

/** How many there are, as far as they were counted. */
export function asCount(found: unknown[] | undefined): string {
  const count = found?.length ?? 0;
  return count < MOST_COUNTED ? String(count) : `${MOST_COUNTED}+`;
}

export const useOperation = (id: string, number: number | null) =>
  useFetched<OperationView>(
    ["executions", id, "operations", number],
    `/executions/${part(id)}/operations/${number}`,
    { enabled: number !== null, ...forEver },
  );
export const useOptions = (module: string, field: string, connection: string | null | undefined) =>
  useFetched<OptionView[]>(
    ["options", module, field, connection],
    `/modules/${part(module)}/fields/${part(field)}/options${
      connection ? `?connection=${part(connection)}` : ""
    }`,
    { enabled: false, retry: false },
  );

const SOONEST = 5_000;
const LATEST = 86_400_000;

/** Milliseconds until a scenario is due, after which the times are others. */
function untilNextRun(scenarios: ScenarioView[] = []): number | false {
  const due = scenarios.flatMap((one) => one.next_runs.slice(0, 1).map((at) => Date.parse(at)));
  if (due.length === 0) return false;
  return Math.min(LATEST, Math.max(SOONEST, Math.min(...due) - Date.now() + 1_000));
}

export function isUnderWay(execution: { state: string } | undefined): boolean {
  return execution?.state === "running" || execution?.state === "queued";
}
