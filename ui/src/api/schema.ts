// Made by `make reference` from the API; do not change it by hand.

/** One stretch of time: deliveries received in it, executions begun in it. */
export interface ActivityView {
  begins_at: string | null;
  deliveries: number;
  done: number;
  failed: number;
}

/**
 * What an aggregator gathers.
 *
 * It takes all bundles that come of one operation of the module `source`, and gives
 * one bundle, or one for each value that the template `group_by` has. With
 * `stop_if_empty` it gives none where none came.
 */
export interface Aggregation {
  source: number;
  group_by?: unknown;
  stop_if_empty?: boolean;
}

/** The server answers. */
export interface Alive {
  status: string;
  version: string;
}

/** One app with its connection's fields and its modules. */
export interface AppView {
  key: string;
  title: string;
  description: string;
  connection_help: string;
  connection_fields: Array<FieldView>;
  modules: Array<ModuleView>;
}

/** A template, and what runs before it. */
export interface AskedTemplate {
  template: string;
  /** Where the cursor stands. */
  offset?: number | null;
  /** The scenario file as values, saved or not. */
  scenario?: Record<string, unknown> | null;
  /** The module in it that the template belongs to. */
  module?: number | null;
  /** Bundles by module number, to try the template on. */
  bundles?: Record<string, unknown> | null;
  /** The scenario's time zone. */
  timezone?: string;
}

/**
 * How far the one under way has come: `done` bytes `of` so many in this step.
 *
 * `trouble` is why the last one was not made.
 */
export interface BackupProgress {
  under_way: boolean;
  step: "waiting" | "copying" | "packing";
  done: number;
  of: number;
  trouble: string | null;
}

/**
 * `accepted` deliveries are the sum of `states`; outcomes lie within them.
 *
 * What was accepted is counted by the requests kept, the states by where they are,
 * and both with the `pruned`, which count in the state in which they ended.
 */
export interface Balance {
  accepted: number;
  states: Record<string, number>;
  outcomes: Record<string, number>;
  executions: Record<string, number>;
  pruned: number;
}

/**
 * Where a trigger is to begin.
 *
 * `at` is a date for `date` (ISO 8601), and for `record` the key of one, which is the
 * first to be taken.
 */
export interface Beginning {
  start?: "now" | "date" | "all" | "record";
  at?: string | null;
}

/**
 * Where a trigger is; `looked` is false for one that will begin from now on.
 *
 * `mark` is the date or id of the latest record that was taken; `offers` are the
 * places where it can begin.
 */
export interface BeginningView {
  looked: boolean;
  mark: unknown;
  moved_at: string | null;
  offers: Array<"now" | "date" | "all" | "record">;
}

/** An execution that was begun. */
export interface Begun {
  execution: string;
}

/** What became of many. */
export interface Bulk {
  done: number;
  refused: Array<Refusal>;
}

/**
 * The input of a run by hand: what a webhook would have received, or the inputs.
 *
 * With `start` it begins at a module, with what an execution has done before it.
 */
export interface ByHand {
  input?: unknown;
  start?: Start | null;
}

/**
 * Something that could stand there.
 *
 * `insert` is what is typed for it, `cursor` where in that the cursor goes on.
 */
export interface Candidate {
  label: string;
  insert: string;
  cursor: number;
  kind: "field" | "module" | "keyword" | "variable" | "function";
  type: string;
  detail: string;
  help: string;
}

/** Other values for a connection; what is not given stays as it is. */
export interface ChangedConnection {
  fields?: Record<string, unknown>;
  base_url?: string | null;
}

/** What changes; an empty structure takes the structure away. */
export interface ChangedDataStore {
  name?: string | null;
  structure?: Array<FieldSpec> | null;
  limit_bytes?: number | null;
}

/** What happens to deliveries while no active scenario listens. */
export interface ChangedWebhook {
  when_inactive: InactivePolicy;
}

/** One thing looked at; `advice` says what to do where it is not well. */
export interface Check {
  name: string;
  well: boolean;
  found: string;
  advice: string;
}

/** A record from which a trigger can begin. */
export interface Choice {
  key: string;
  mark: unknown;
  record: unknown;
}

/**
 * Which incomplete executions are meant.
 *
 * Those of `executions`; or all, or all of one scenario (its name or id).
 */
export interface Chosen {
  executions?: Array<string> | null;
  scenario?: string | null;
}

/** How many records were removed. */
export interface Cleared {
  removed: number;
}

/** Two versions side by side, as the lines of a unified diff without its head. */
export interface Comparison {
  before: number;
  after: number;
  lines: Array<string>;
}

/** Candidates, best first, and the part of the template that one would replace. */
export interface Completion {
  position: number;
  length: number;
  candidates: Array<Candidate>;
}

/** `a` and `b` are templates, `o` the operator between them. */
export interface Condition {
  a: unknown;
  o: string;
  b?: unknown;
}

/** What becomes of the executions that the backup found unfinished. */
export interface Confirmation {
  unfinished: "run" | "cancel";
}

/** A review that is over: how many executions run on, and how many are cancelled. */
export interface Confirmed {
  run: number;
  cancelled: number;
}

/**
 * A connection without its secrets; `fields` are those that are none.
 *
 * `used_by` names the scenarios whose current version uses it.
 */
export interface ConnectionView {
  id: string;
  name: string;
  app: string;
  label: string | null;
  base_url: string | null;
  tested_at: string | null;
  created_at: string | null;
  fields: Record<string, unknown>;
  used_by: Array<string>;
}

/** A counter, and the number that was given last; its name may be empty. */
export interface CounterView {
  name: string;
  value: number;
}

/** A name and a password. */
export interface Credentials {
  name: string;
  password: string;
}

/**
 * A data store; `records` of them take `bytes`, and may take `limit_bytes`.
 *
 * `used_by` names the scenarios whose current version names it.
 */
export interface DataStoreView {
  id: string;
  name: string;
  structure: Array<FieldSpec> | null;
  records: number;
  bytes: number;
  limit_bytes: number;
  created_at: string | null;
  used_by: Array<string>;
}

/** Where an accepted delivery is; every one is in exactly one of these. */
export type DeliveryState = "waiting" | "running" | "done" | "held" | "dead" | "expired" | "cancelled";

/** One delivery; `body` and `headers` only where one is shown alone. */
export interface DeliveryView {
  id: string;
  received_at: string | null;
  state: string;
  outcome: string | null;
  reason: string | null;
  event: string | null;
  size: number;
  method: string | null;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: string | null;
}

/** Where a module stands on the canvas, in pixels; the engine does not look. */
export interface Designer {
  x: number;
  y: number;
}

/**
 * One fault. `position` and `column` count characters, from 0 and from 1.
 *
 * `suggestion` is what could stand in the place instead.
 */
export interface Diagnostic {
  severity: Severity;
  message: string;
  position: number;
  length: number;
  line: number;
  column: number;
  suggestion: string | null;
}

/** One operation that would be another one; a side that is missing is null. */
export interface Difference {
  module_id: number;
  label: string;
  path: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** A scenario that is not saved, and on how many executions to try it. */
export interface Draft {
  document: Record<string, unknown>;
  executions?: number;
}

/** What a module is to be given instead of what its mapping gives. */
export interface Edit {
  module_id: number;
  path?: string;
  input: Record<string, unknown>;
}

/** Where an execution is. */
export type ExecutionState = "queued" | "running" | "done" | "warning" | "failed" | "incomplete" | "cancelled";

/**
 * One execution, and what began it.
 *
 * `retry_at` is when an incomplete one goes on by itself. What comes behind it is
 * told only where it is shown alone: `stops` are where it stopped, `version` is the
 * number of the scenario's version that it runs on, `start` the module at which it
 * began, and the execution from which it took over what lies before.
 */
export interface ExecutionView {
  id: string;
  scenario: string;
  scenario_id: string;
  state: string;
  origin: string;
  delivery: string | null;
  created_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  attempts: number;
  operations: number;
  error: Record<string, unknown> | null;
  retry_at: string | null;
  stops: Array<StopView> | null;
  version: number | null;
  start: Start | null;
  modules: Array<ModuleCountView> | null;
  history: Array<OperationView> | null;
}

/** How many records a trigger would take; of very many, that there are `more`. */
export interface Expectation {
  records: number;
  more: boolean;
  first: Array<unknown>;
}

/** A field that the records of a data store have. */
export interface FieldSpec {
  name: string;
  type?: "any" | "text" | "number" | "boolean" | "date" | "array" | "collection";
  required?: boolean;
}

/**
 * One field of a dialog; what its `schema` refers to is in the schema's `$defs`.
 *
 * A collection with `depends_on` has further fields, which can be asked for once the
 * fields of these names are filled in.
 */
export interface FieldView {
  name: string;
  label: string;
  mandatory: boolean;
  help: string;
  schema: Record<string, unknown>;
  options: string | null;
  depends_on: Array<string> | null;
}

/** A module's fields as far as they are mapped. */
export interface Filled {
  connection?: string | null;
  fields?: Record<string, unknown>;
}

/** A gate in front of a module: alternatives of conditions that must all hold. */
export interface FilterSpec {
  conditions?: Array<Array<Condition>>;
  name?: string;
}

/** The same, with the code that the console shows at the first start. */
export interface FirstCredentials {
  name: string;
  password: string;
  code: string;
}

/** A function as an editor's panel shows it; `example` gives `result`. */
export interface FunctionView {
  name: string;
  group: string;
  signature: string;
  help: string;
  example: string;
  result: string;
}

/**
 * A time in which deliveries may be missing.
 *
 * Of a `silence` and an `outage` (nobody served the folder), `deliveries` is how many
 * usually come in such a time; of `refusals` how many were refused, and `reason` why.
 */
export interface Gap {
  kind: "silence" | "refusals" | "outage";
  begins_at: string | null;
  ends_at: string | null;
  deliveries: number;
  reason: string | null;
}

/** One day, UTC: what came, what usually comes, and what was refused. */
export interface GapDay {
  day: string;
  deliveries: number;
  expected: number;
  refused: number;
}

/**
 * A webhook's gaps, the latest first, and its days.
 *
 * `rhythm` says what the usual number is known from: the same hours of other weeks, or
 * of other days; while it is unknown no silence is told. `since` is later than asked
 * where the webhook is younger.
 */
export interface GapReport {
  webhook: string;
  since: string | null;
  until: string | null;
  rhythm: "week" | "day" | "unknown";
  usual_per_day: number;
  gaps: Array<Gap>;
  days: Array<GapDay>;
}

/** A part of the template and what it means, line by line. */
export interface Hover {
  position: number;
  length: number;
  lines: Array<string>;
}

/** What an import did. */
export interface ImportView {
  imported: number;
}

/** What a webhook does while no active scenario listens. */
export type InactivePolicy = "reject" | "queue";

/**
 * How much history this scenario keeps, where it is not as the installation has it.
 *
 * 0 is without bound. With `exchanges`, what operations sent and were answered is
 * kept too, as it always is for runs by hand.
 */
export interface Keep {
  days?: number | null;
  executions?: number | null;
  megabytes?: number | null;
  exchanges?: boolean;
}

/** What the installation keeps of each scenario; 0 is without bound. */
export interface KeepView {
  days: number;
  executions: number;
  bytes: number;
  seen_days: number;
}

/** What one module has done so far: operations by how they ended, and bundles. */
export interface ModuleCountView {
  module_id: number;
  states: Record<string, number>;
  bundles: number;
  duration_ms: number;
  stood_in: "taken over" | "pinned" | null;
}

/** A module's fields, filled in. */
export interface ModuleRun {
  connection?: string | null;
  fields?: Record<string, unknown>;
}

/**
 * One module as its dialog and its reference page show it.
 *
 * With `any_field` it takes fields of any name besides those in `fields`.
 */
export interface ModuleView {
  name: string;
  label: string;
  kind: string;
  description: string;
  needs_connection: boolean;
  fields: Array<FieldView>;
  any_field: boolean;
  output: Record<string, unknown>;
  sample: Record<string, unknown> | null;
}

/** What *Create a connection* asks for. */
export interface NewConnection {
  name: string;
  app: string;
  fields?: Record<string, unknown>;
  base_url?: string | null;
}

/** A name; without a structure records may have any fields. */
export interface NewDataStore {
  name: string;
  structure?: Array<FieldSpec> | null;
  limit_bytes?: number;
}

/** Another password. */
export interface NewPassword {
  password: string;
}

/**
 * Another secret, made where none is given.
 *
 * The one before it stays valid for `keep_old_hours`, so that nothing is refused
 * while the service is told; 0 ends it at once.
 */
export interface NewSecret {
  secret?: string | null;
  open?: boolean;
  keep_old_hours?: number;
}

/** A token's name, by which its owner will know it. */
export interface NewToken {
  name: string;
  /** It may look, and change nothing. */
  read_only?: boolean;
}

/** A webhook's name and module; without a secret one is made. */
export interface NewWebhook {
  name: string;
  module: string;
  secret?: string | null;
  open?: boolean;
  when_inactive?: InactivePolicy;
}

/** One operation as a list shows it. */
export interface OperationLine {
  number: number;
  module_id: number;
  path: string;
  state: string;
  started_at: string | null;
  duration_ms: number;
  attempts: number;
  bundles: number;
  stood_in: "taken over" | "pinned" | null;
}

/**
 * One operation: what went in, what came out, how long it took.
 *
 * `exchanges` are its last calls, each with `request` and `response`, without secrets;
 * they are kept of runs by hand, and where the scenario says so, and told where the
 * operation is shown alone. That of an operation that failed is in its error.
 */
export interface OperationView {
  number: number;
  module_id: number;
  module: string;
  label: string;
  path: string;
  state: string;
  started_at: string | null;
  duration_ms: number;
  attempts: number;
  bundles: number;
  input: unknown;
  output: Array<unknown>;
  error: Record<string, unknown> | null;
  warnings: Array<string>;
  exchanges: Array<Record<string, unknown>>;
  stood_in: "taken over" | "pinned" | null;
}

/** An operator of filters; a unary one has no right side. */
export interface OperatorView {
  name: string;
  group: string;
  unary: boolean;
}

/** One choice of a dropdown. */
export interface OptionView {
  value: string;
  label: string;
}

/** The next five times of a schedule, or what is wrong with it. */
export interface Outlook {
  times: Array<string>;
  faults: Array<ScheduleFaultView>;
}

/** What a route asks for; each is declared where the route is. */
export type Permission = "read" | "change" | "own";

/** A part of a template: its kind, its text, and where it begins. */
export interface Piece {
  kind: "plain" | "brace" | "space" | "number" | "string" | "module" | "field" | "keyword" | "variable" | "function" | "operator" | "separator" | "bracket" | "dot" | "error";
  text: string;
  position: number;
}

/** A pinned module, and the bundles that it gives in runs by hand. */
export interface PinView {
  module: number;
  bundles: Array<unknown>;
  pinned_at: string | null;
}

/** The bundles to pin, or the execution in which the module gave them. */
export interface Pinned {
  bundles?: Array<unknown> | null;
  execution?: string | null;
}

/**
 * One module in a scenario, known to expressions by its number `id`.
 *
 * `limit` is how many bundles a trigger gives in one cycle, at most. `on_error` is the
 * flow that a bundle takes when the module fails. Where a module with many bundles
 * finds none, `continue_if_empty` lets one go on that says so. `note` and `designer`
 * are for people who look at the scenario.
 */
export interface PlacedModule {
  id: number;
  module: string;
  name?: string;
  connection?: string | null;
  webhook?: string | null;
  map?: Record<string, unknown>;
  filter?: FilterSpec | null;
  limit?: number | null;
  aggregate?: Aggregation | null;
  continue_if_empty?: boolean;
  routes?: Array<Route>;
  on_error?: Array<PlacedModule>;
  note?: string;
  designer?: Designer | null;
}

/** A schedule as a scenario file holds it, and the scenario's time zone. */
export interface Planned {
  schedule: Record<string, unknown>;
  timezone?: string;
}

/** What a template gives; `error` says why it gives nothing. */
export interface Preview {
  value: unknown;
  type: string | null;
  error: string | null;
}

/**
 * One fault, in a whole sentence; an error keeps the scenario from being saved.
 *
 * `module` is the number of the module, `place` leads to the text inside it, such as
 * `map.additional_data.nps` or `filter.conditions.0.0.a`. `position` and `length`
 * count characters of that text, `line` and `column` from 1. `suggestion` is what
 * could stand there instead.
 */
export interface Problem {
  message: string;
  severity: "error" | "warning";
  module: number | null;
  place: string | null;
  position: number | null;
  length: number | null;
  line: number | null;
  column: number | null;
  suggestion: string | null;
}

/** `compact` writes the file anew afterwards; deliveries wait meanwhile. */
export interface Prune {
  compact?: boolean;
}

/** When something was pruned last, and what. */
export interface PrunedView {
  at: string | null;
  executions: number;
  deliveries: number;
  bytes: number;
}

/** The pass that is under way, or the last one of this process. */
export interface PruningView {
  under_way: boolean;
  looked_at: string | null;
  executions: number;
  deliveries: number;
  bytes: number;
  trouble: string | null;
}

/** One record; `written_by` is the execution whose operation wrote it last. */
export interface RecordView {
  key: string;
  data: Record<string, unknown>;
  bytes: number;
  created_at: string | null;
  updated_at: string | null;
  written_by: string | null;
}

/** An execution that could not go on, and why. */
export interface Refusal {
  execution: string;
  reason: string;
}

/** What a scenario would do. */
export interface RehearsalView {
  state: string;
  error: Record<string, unknown> | null;
  operations: Array<RehearsedOperation>;
}

/**
 * One operation of a dry run; `request` is what was not sent.
 *
 * `invented` says that its output is the module's sample, not an answer, `pinned` that
 * it is what a person has pinned.
 */
export interface RehearsedOperation {
  number: number;
  module_id: number;
  module: string;
  label: string;
  path: string;
  state: string;
  input: unknown;
  output: Array<unknown>;
  error: Record<string, unknown> | null;
  request: Record<string, unknown> | null;
  invented: boolean;
  pinned: boolean;
}

/** The execution that runs a delivery again. */
export interface Replayed {
  execution: string;
}

/** An execution on the draft: its state then and now, and what differs. */
export interface ReplayedExecution {
  execution: string;
  before: string;
  after: string;
  error: Record<string, unknown> | null;
  differences: Array<Difference>;
}

/** Which are to go on, and how. */
export interface ResumeMany {
  executions?: Array<string> | null;
  scenario?: string | null;
  how?: Resumption;
}

/**
 * How an execution goes on.
 *
 * From where it failed nothing that is done is done again; from the start a new
 * execution does all anew. It goes on with the version it began with, or with the
 * scenario's current one.
 */
export interface Resumption {
  start?: "failed" | "start";
  version?: "original" | "current";
  edits?: Array<Edit>;
}

/**
 * Whether a restored folder waits to be confirmed.
 *
 * `unfinished` executions go on then, or are cancelled; what they did after the
 * backup was made, they do again.
 */
export interface ReviewView {
  pending: boolean;
  backup_made_at: string | null;
  unfinished: number;
}

/**
 * One way out of a router or an if-else.
 *
 * A router's fallback runs when no other route took the bundle. An if-else takes the
 * first route whose `condition` holds; the last one may be without. Such a route
 * comes back to what follows the if-else, unless `merge` is false.
 */
export interface Route {
  flow: Array<PlacedModule>;
  name?: string;
  fallback?: boolean;
  condition?: FilterSpec | null;
  merge?: boolean;
}

/** What there is to say; what was not asked for is null. */
export interface Said {
  pieces: Array<Piece>;
  diagnostics: Array<Diagnostic>;
  completion: Completion | null;
  hover: Hover | null;
  signature: Signature | null;
  preview: Preview | null;
}

/**
 * A backup that stays on the server's disk, until somebody removes it.
 *
 * `trouble` says why it is of no use as it is; `holds` how much is in it.
 */
export interface SavedBackup {
  name: string;
  made_at: string | null;
  bytes: number;
  version: string | null;
  holds: Record<string, number>;
  trouble: string | null;
}

/** The backups on the server's disk, the newest first, and the one under way. */
export interface SavedBackups {
  folder: string;
  disk_free_bytes: number;
  progress: BackupProgress;
  backups: Array<SavedBackup>;
}

/** The text of a scenario test, to be kept beside the scenario's file. */
export interface SavedTest {
  text: string;
}

/**
 * What a scenario file says.
 *
 * Without a `schedule`, a scenario that begins with a webhook runs immediately, and
 * any other on demand. `inputs` are what it is given by whoever runs or calls it,
 * `outputs` what it returns.
 */
export interface ScenarioDocument {
  name: string;
  flow: Array<PlacedModule>;
  description?: string;
  settings?: ScenarioSettings;
  schedule?: Schedule | null;
  inputs?: Array<ScenarioField>;
  outputs?: Array<ScenarioField>;
}

/** An input or an output of a scenario, known to expressions as `var.input.NAME`. */
export interface ScenarioField {
  name: string;
  type?: "any" | "text" | "number" | "integer" | "boolean" | "date" | "array" | "collection";
  label?: string;
  help?: string;
  required?: boolean;
  default?: unknown;
}

/**
 * Settings by Make's names.
 *
 * `roundtrips` is how many cycles an execution has at most, `max_running` how many
 * executions run side by side (0 is without bound, and `sequential` one after another
 * in their order). `dlq` keeps a bundle that
 * failed as an incomplete execution, to be resumed; without it the execution fails.
 * `max_errors` is how many executions in a row may fail before the scenario is
 * switched off, `max_seconds` and `max_operations` how long an execution may run.
 * `max_megabytes` is what the last bundles of its modules may take together, as JSON;
 * 0 is without bound here, too.
 * With `auto_commit` off, what a cycle wrote to data stores is taken back where the
 * execution fails, and stands once the cycle has come through.
 * With `confidential`, what bundles held is removed when an execution has ended, and
 * nothing of what was sent is kept.
 * `keep` says how much of its history stays.
 */
export interface ScenarioSettings {
  roundtrips?: number;
  sequential?: boolean;
  max_running?: number;
  confidential?: boolean;
  dlq?: boolean;
  auto_commit?: boolean;
  max_errors?: number;
  max_seconds?: number;
  max_operations?: number;
  max_megabytes?: number;
  timezone?: string;
  keep?: Keep;
}

/** A scenario's history; unless `exact`, operations and bytes are estimates. */
export interface ScenarioStorage {
  scenario: string;
  executions: number;
  operations: number;
  bytes: number;
  exact: boolean;
  oldest: string | null;
}

/**
 * A scenario in its current version; `warnings` are told when it is saved.
 *
 * `shutdown` says why it was switched off by itself, until it is switched on again;
 * `next_runs` are the next times of its schedule, five where it is shown alone.
 * `schedule` is the one that holds, `timezone` that of the scenario, and `plan` says
 * both in words.
 */
export interface ScenarioView {
  id: string;
  name: string;
  active: boolean;
  version: number;
  webhook: string | null;
  modules: Array<string>;
  created_at: string | null;
  updated_at: string | null;
  schedule: Schedule;
  timezone: string;
  plan: string;
  shutdown: ShutdownView | null;
  next_runs: Array<string>;
  document: Record<string, unknown> | null;
  warnings: Array<Problem>;
}

/**
 * When a scenario runs; which keys count depends on `type`.
 *
 * - `immediately`: with each delivery, at most `max_runs_per_minute` of them.
 * - `indefinitely`: every `interval` seconds.
 * - `once`: at `date`, ISO 8601.
 * - `daily`, `weekly`, `monthly`, `yearly`: at `time` ("HH:MM", or several), on
 *   `days` (weekly: 0 to 6 from Sunday, else 1 to 31) of `months` (1 to 12).
 * - `on-demand`: only when somebody asks.
 *
 * `between` is the first and the last moment, ISO 8601, either of them null for none;
 * a date without a time stands for its whole day. `restrict` are windows of which one
 * must be open. Times are those on the wall in `timezone`, which is the scenario's
 * where it is null.
 */
export interface Schedule {
  type: "immediately" | "indefinitely" | "once" | "daily" | "weekly" | "monthly" | "yearly" | "on-demand";
  interval?: number;
  date?: string | null;
  time?: string | Array<string> | null;
  days?: Array<number>;
  months?: Array<number>;
  between?: Array<unknown> | null;
  restrict?: Array<Window>;
  max_runs_per_minute?: number | null;
  timezone?: string | null;
}

/** What keeps a schedule from being used; `key` is like `time` or `interval`. */
export interface ScheduleFaultView {
  key: string;
  message: string;
}

/** One day's answers: how many, and what they come to. */
export interface ScoreOfDay {
  day: string;
  count: number;
  value: number;
}

/**
 * One question: its score over all, and day by day.
 *
 * `nps` is the promoters less the detractors, from -100 to 100; `csat` the satisfied
 * ones of a hundred; all others are averages.
 */
export interface ScoreView {
  name: string;
  kind: "nps" | "csat" | "average";
  count: number;
  value: number;
  days: Array<ScoreOfDay>;
}

/**
 * Who makes this request; `name` is null for nobody.
 *
 * `awaits_owner` says that there is no user yet, and that the code from the console
 * makes the first one.
 */
export interface SessionView {
  name: string | null;
  permissions: Array<Permission>;
  awaits_owner: boolean;
}

/** An error fails whenever the template runs; a warning is probably not meant. */
export type Severity = "error" | "warning";

/** When and why a scenario was switched off, and by which execution. */
export interface ShutdownView {
  at: string | null;
  reason: string;
  execution: string | null;
}

/** The function whose arguments are being typed; `argument` counts from 0. */
export interface Signature {
  name: string;
  signature: string;
  help: string;
  argument: number;
}

/**
 * A module to begin at, with what those before it gave in an execution.
 *
 * Without an `execution` it is the latest one that has ended.
 */
export interface Start {
  module: number;
  execution?: string | null;
}

/**
 * Where an execution stopped. `retry_at` is when it goes on by itself, if it does.
 *
 * `tries` says how often it was tried again, `edited` what a person wants to be given
 * to the module instead.
 */
export interface StopView {
  module_id: number;
  module: string;
  label: string;
  path: string;
  stopped_at: string | null;
  error: Record<string, unknown>;
  tries: number;
  retry_at: string | null;
  edited: Record<string, unknown> | null;
}

/**
 * Sizes in bytes; those of tables only where they were asked for and are known.
 *
 * `spare_bytes` lie free within the file, which `shrinks` if they can be taken out.
 */
export interface StorageView {
  file_bytes: number;
  log_bytes: number;
  spare_bytes: number;
  disk_free_bytes: number;
  shrinks: boolean;
  oldest: string | null;
  pruned_deliveries: number;
  scenarios: Array<ScenarioStorage>;
  tables: Array<TableStorage> | null;
  keep: KeepView;
  pruning: PruningView;
  last_pruned: PrunedView | null;
}

/** A table of the database with its indexes. */
export interface TableStorage {
  name: string;
  bytes: number;
}

/** A token of a program; `token` itself is shown once, when it is made. */
export interface TokenView {
  id: string;
  name: string;
  read_only: boolean;
  created_at: string | null;
  used_at: string | null;
  token: string | null;
}

/**
 * What a dry run is done with.
 *
 * `document` is a scenario that is not saved; without it the current version is
 * taken. A scenario that begins with a webhook needs the id of a `delivery`, or an
 * `input` that stands for its body; any other takes its inputs as `input`.
 */
export interface Trial {
  document?: Record<string, unknown> | null;
  delivery?: string | null;
  input?: unknown;
}

/** Where the sandbox is, and the scenario that listens; null while there is none. */
export interface TryoutView {
  address: string | null;
  scenario: string | null;
}

/** A user as others see them. */
export interface UserView {
  id: string;
  name: string;
  created_at: string | null;
}

/** One version; `document` and `text` only where it is shown alone. */
export interface VersionView {
  number: number;
  created_at: string | null;
  current: boolean;
  document: Record<string, unknown> | null;
  text: string | null;
}

/** What can be written in templates and filters. */
export interface Vocabulary {
  functions: Array<FunctionView>;
  operators: Array<OperatorView>;
}

/** A webhook with its address and its balance: `accepted` = sum of the states. */
export interface WebhookView {
  id: string;
  name: string;
  module: string;
  address: string;
  has_secret: boolean;
  when_inactive: string;
  held: boolean;
  created_at: string | null;
  deliveries: Record<string, number>;
  scenario: string | null;
  old_secret_until: string | null;
  secret: string | null;
}

/**
 * Part of a week in which runs may start; what is left out admits everything.
 *
 * `days` are those of the week, 0 to 6 from Sunday, and `months` 1 to 12. `time` is
 * from and to, both "HH:MM" and both inside. A window that ends at an earlier time
 * than it begins lasts into the next day and belongs to the day on which it opens.
 */
export interface Window {
  days?: Array<number>;
  months?: Array<number>;
  time?: Array<unknown> | null;
}
