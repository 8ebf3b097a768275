import type { Problem } from "./schema";

/** What the server refused, in its own words; `problems` where a scenario is at fault. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly problems: Problem[];

  constructor(status: number, title: string, detail: string, problems: Problem[] = []) {
    super(detail);
    this.status = status;
    this.title = title;
    this.problems = problems;
  }
}

type Query = Record<string, string | number | boolean | null | undefined>;

/** Tells everybody who cares that the session has ended. */
export const sessionEnded = new EventTarget();

export async function call<Answer>(
  method: string,
  path: string,
  options: { query?: Query; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await reach(method, path + asQuery(options.query), options);
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

async function reach(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> },
): Promise<Response> {
  const isText = typeof options.body === "string";
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      body: isText ? (options.body as string) : JSON.stringify(options.body),
    });
  } catch {
    throw new ApiError(0, "Unreachable", "The server does not answer. Is it running?");
  }
}

async function refusal(response: Response): Promise<ApiError> {
  let said: { title?: string; detail?: string; problems?: Problem[] } = {};
  try {
    said = await response.json();
  } catch {
    // Not a problem document: something stands between us and the server.
  }
  if (response.status === 401 && said.title === "NotEnteredError") {
    sessionEnded.dispatchEvent(new Event("ended"));
  }
  return new ApiError(
    response.status,
    said.title ?? "HTTPError",
    said.detail ?? `The server answered ${response.status}.`,
    said.problems,
  );
}

function asQuery(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

export const get = <Answer>(path: string, query?: Query) => call<Answer>("GET", path, { query });
export const post = <Answer>(path: string, body?: unknown, query?: Query) =>
  call<Answer>("POST", path, { body, query });
export const put = <Answer>(path: string, body: unknown, headers?: Record<string, string>) =>
  call<Answer>("PUT", path, { body, headers });
export const patch = <Answer>(path: string, body: unknown) => call<Answer>("PATCH", path, { body });
export const remove = (path: string) => call<void>("DELETE", path);

/** Any id or name as one part of a path. */
export const part = encodeURIComponent;
