"""The records of the REST API.

Made by `make reference` from the API; do not change it by hand.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ActivityView(TypedDict):
    """One stretch of time: deliveries received in it, executions begun in it."""

    begins_at: str | None
    deliveries: int
    done: int
    failed: int


class Aggregation(TypedDict):
    """What an aggregator gathers.

    It takes all bundles that come of one operation of the module `source`, and gives
    one bundle, or one for each value that the template `group_by` has. With
    `stop_if_empty` it gives none where none came.
    """

    source: int
    group_by: NotRequired[Any]
    stop_if_empty: NotRequired[bool]


class Alive(TypedDict):
    """The server answers."""

    status: str
    version: str


class AppView(TypedDict):
    """One app with its connection's fields and its modules."""

    key: str
    title: str
    description: str
    connection_help: str
    connection_fields: list[FieldView]
    modules: list[ModuleView]


class AskedTemplate(TypedDict):
    """A template, and what runs before it."""

    template: str
    offset: NotRequired[int | None]
    scenario: NotRequired[dict[str, Any] | None]
    module: NotRequired[int | None]
    bundles: NotRequired[dict[str, Any] | None]
    timezone: NotRequired[str]


class BackupProgress(TypedDict):
    """How far the one under way has come: `done` bytes `of` so many in this step.

    `trouble` is why the last one was not made.
    """

    under_way: bool
    step: Literal["waiting", "copying", "packing"]
    done: int
    of: int
    trouble: str | None


class Balance(TypedDict):
    """`accepted` deliveries are the sum of `states`; outcomes lie within them.

    What was accepted is counted by the requests kept, the states by where they are,
    and both with the `pruned`, which count in the state in which they ended.
    """

    accepted: int
    states: dict[str, int]
    outcomes: dict[str, int]
    executions: dict[str, int]
    pruned: int


class Beginning(TypedDict):
    """Where a trigger is to begin.

    `at` is a date for `date` (ISO 8601), and for `record` the key of one, which is the
    first to be taken.
    """

    start: NotRequired[Literal["now", "date", "all", "record"]]
    at: NotRequired[str | None]


class BeginningView(TypedDict):
    """Where a trigger is; `looked` is false for one that will begin from now on.

    `mark` is the date or id of the latest record that was taken; `offers` are the
    places where it can begin.
    """

    looked: bool
    mark: Any
    moved_at: str | None
    offers: list[Literal["now", "date", "all", "record"]]


class Begun(TypedDict):
    """An execution that was begun."""

    execution: str


class Bulk(TypedDict):
    """What became of many."""

    done: int
    refused: list[Refusal]


class ByHand(TypedDict):
    """The input of a run by hand: what a webhook would have received, or the inputs.

    With `start` it begins at a module, with what an execution has done before it.
    """

    input: NotRequired[Any]
    start: NotRequired[Start | None]


class Candidate(TypedDict):
    """Something that could stand there.

    `insert` is what is typed for it, `cursor` where in that the cursor goes on.
    """

    label: str
    insert: str
    cursor: int
    kind: Literal["field", "module", "keyword", "variable", "function"]
    type: str
    detail: str
    help: str


class ChangedConnection(TypedDict):
    """Other values for a connection; what is not given stays as it is."""

    fields: NotRequired[dict[str, Any]]
    base_url: NotRequired[str | None]


class ChangedDataStore(TypedDict):
    """What changes; an empty structure takes the structure away."""

    name: NotRequired[str | None]
    structure: NotRequired[list[FieldSpec] | None]
    limit_bytes: NotRequired[int | None]


class ChangedWebhook(TypedDict):
    """What happens to deliveries while no active scenario listens."""

    when_inactive: InactivePolicy


class Check(TypedDict):
    """One thing looked at; `advice` says what to do where it is not well."""

    name: str
    well: bool
    found: str
    advice: str


class Choice(TypedDict):
    """A record from which a trigger can begin."""

    key: str
    mark: Any
    record: Any


class Chosen(TypedDict):
    """Which incomplete executions are meant.

    Those of `executions`; or all, or all of one scenario (its name or id).
    """

    executions: NotRequired[list[str] | None]
    scenario: NotRequired[str | None]


class Cleared(TypedDict):
    """How many records were removed."""

    removed: int


class Comparison(TypedDict):
    """Two versions side by side, as the lines of a unified diff without its head."""

    before: int
    after: int
    lines: list[str]


class Completion(TypedDict):
    """Candidates, best first, and the part of the template that one would replace."""

    position: int
    length: int
    candidates: list[Candidate]


class Condition(TypedDict):
    """`a` and `b` are templates, `o` the operator between them."""

    a: Any
    o: str
    b: NotRequired[Any]


class Confirmation(TypedDict):
    """What becomes of the executions that the backup found unfinished."""

    unfinished: Literal["run", "cancel"]


class Confirmed(TypedDict):
    """A review that is over: how many executions run on, and how many are cancelled."""

    run: int
    cancelled: int


class ConnectionView(TypedDict):
    """A connection without its secrets; `fields` are those that are none.

    `used_by` names the scenarios whose current version uses it.
    """

    id: str
    name: str
    app: str
    label: str | None
    base_url: str | None
    tested_at: str | None
    created_at: str | None
    fields: dict[str, Any]
    used_by: list[str]


class CounterView(TypedDict):
    """A counter, and the number that was given last; its name may be empty."""

    name: str
    value: int


class Credentials(TypedDict):
    """A name and a password."""

    name: str
    password: str


class DataStoreView(TypedDict):
    """A data store; `records` of them take `bytes`, and may take `limit_bytes`.

    `used_by` names the scenarios whose current version names it.
    """

    id: str
    name: str
    structure: list[FieldSpec] | None
    records: int
    bytes: int
    limit_bytes: int
    created_at: str | None
    used_by: list[str]


DeliveryState = Literal[
    "waiting", "running", "done", "held", "dead", "expired", "cancelled"
]


class DeliveryView(TypedDict):
    """One delivery; `body` and `headers` only where one is shown alone."""

    id: str
    received_at: str | None
    state: str
    outcome: str | None
    reason: str | None
    event: str | None
    size: int
    method: str | None
    headers: dict[str, str]
    query: dict[str, str]
    body: str | None


class Designer(TypedDict):
    """Where a module stands on the canvas, in pixels; the engine does not look."""

    x: float
    y: float


class Diagnostic(TypedDict):
    """One fault. `position` and `column` count characters, from 0 and from 1.

    `suggestion` is what could stand in the place instead.
    """

    severity: Severity
    message: str
    position: int
    length: int
    line: int
    column: int
    suggestion: str | None


class Difference(TypedDict):
    """One operation that would be another one; a side that is missing is null."""

    module_id: int
    label: str
    path: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Draft(TypedDict):
    """A scenario that is not saved, and on how many executions to try it."""

    document: dict[str, Any]
    executions: NotRequired[int]


class Edit(TypedDict):
    """What a module is to be given instead of what its mapping gives."""

    module_id: int
    path: NotRequired[str]
    input: dict[str, Any]


ExecutionState = Literal[
    "queued", "running", "done", "warning", "failed", "incomplete", "cancelled"
]


class ExecutionView(TypedDict):
    """One execution, and what began it.

    `retry_at` is when an incomplete one goes on by itself. What comes behind it is
    told only where it is shown alone: `stops` are where it stopped, `version` is the
    number of the scenario's version that it runs on, `start` the module at which it
    began, and the execution from which it took over what lies before.
    """

    id: str
    scenario: str
    scenario_id: str
    state: str
    origin: str
    delivery: str | None
    created_at: str | None
    started_at: str | None
    ended_at: str | None
    attempts: int
    operations: int
    error: dict[str, Any] | None
    retry_at: str | None
    stops: list[StopView] | None
    version: int | None
    start: Start | None
    modules: list[ModuleCountView] | None
    history: list[OperationView] | None


class Expectation(TypedDict):
    """How many records a trigger would take; of very many, that there are `more`."""

    records: int
    more: bool
    first: list[Any]


class FieldSpec(TypedDict):
    """A field that the records of a data store have."""

    name: str
    type: NotRequired[
        Literal["any", "text", "number", "boolean", "date", "array", "collection"]
    ]
    required: NotRequired[bool]


class FieldView(TypedDict):
    """One field of a dialog; what its `schema` refers to is in the schema's `$defs`.

    A collection with `depends_on` has further fields, which can be asked for once the
    fields of these names are filled in.
    """

    name: str
    label: str
    mandatory: bool
    help: str
    schema: dict[str, Any]
    options: str | None
    depends_on: list[str] | None


class Filled(TypedDict):
    """A module's fields as far as they are mapped."""

    connection: NotRequired[str | None]
    fields: NotRequired[dict[str, Any]]


class FilterSpec(TypedDict):
    """A gate in front of a module: alternatives of conditions that must all hold."""

    conditions: NotRequired[list[list[Condition]]]
    name: NotRequired[str]


class FirstCredentials(TypedDict):
    """The same, with the code that the console shows at the first start."""

    name: str
    password: str
    code: str


class FunctionView(TypedDict):
    """A function as an editor's panel shows it; `example` gives `result`."""

    name: str
    group: str
    signature: str
    help: str
    example: str
    result: str


class Gap(TypedDict):
    """A time in which deliveries may be missing.

    Of a `silence` and an `outage` (nobody served the folder), `deliveries` is how many
    usually come in such a time; of `refusals` how many were refused, and `reason` why.
    """

    kind: Literal["silence", "refusals", "outage"]
    begins_at: str | None
    ends_at: str | None
    deliveries: float
    reason: str | None


class GapDay(TypedDict):
    """One day, UTC: what came, what usually comes, and what was refused."""

    day: str
    deliveries: int
    expected: float
    refused: int


class GapReport(TypedDict):
    """A webhook's gaps, the latest first, and its days.

    `rhythm` says what the usual number is known from: the same hours of other weeks, or
    of other days; while it is unknown no silence is told. `since` is later than asked
    where the webhook is younger.
    """

    webhook: str
    since: str | None
    until: str | None
    rhythm: Literal["week", "day", "unknown"]
    usual_per_day: float
    gaps: list[Gap]
    days: list[GapDay]


class Hover(TypedDict):
    """A part of the template and what it means, line by line."""

    position: int
    length: int
    lines: list[str]


class ImportView(TypedDict):
    """What an import did."""

    imported: int


InactivePolicy = Literal["reject", "queue"]


class Keep(TypedDict):
    """How much history this scenario keeps, where it is not as the installation has it.

    0 is without bound. With `exchanges`, what operations sent and were answered is
    kept too, as it always is for runs by hand.
    """

    days: NotRequired[int | None]
    executions: NotRequired[int | None]
    megabytes: NotRequired[int | None]
    exchanges: NotRequired[bool]


class KeepView(TypedDict):
    """What the installation keeps of each scenario; 0 is without bound."""

    days: int
    executions: int
    bytes: int
    seen_days: int


class ModuleCountView(TypedDict):
    """What one module has done so far: operations by how they ended, and bundles."""

    module_id: int
    states: dict[str, int]
    bundles: int
    duration_ms: float
    stood_in: Literal["taken over", "pinned"] | None


class ModuleRun(TypedDict):
    """A module's fields, filled in."""

    connection: NotRequired[str | None]
    fields: NotRequired[dict[str, Any]]


class ModuleView(TypedDict):
    """One module as its dialog and its reference page show it.

    With `any_field` it takes fields of any name besides those in `fields`.
    """

    name: str
    label: str
    kind: str
    description: str
    needs_connection: bool
    fields: list[FieldView]
    any_field: bool
    output: dict[str, Any]
    sample: dict[str, Any] | None


class NewConnection(TypedDict):
    """What *Create a connection* asks for."""

    name: str
    app: str
    fields: NotRequired[dict[str, Any]]
    base_url: NotRequired[str | None]


class NewDataStore(TypedDict):
    """A name; without a structure records may have any fields."""

    name: str
    structure: NotRequired[list[FieldSpec] | None]
    limit_bytes: NotRequired[int]


class NewPassword(TypedDict):
    """Another password."""

    password: str


class NewSecret(TypedDict):
    """Another secret, made where none is given.

    The one before it stays valid for `keep_old_hours`, so that nothing is refused
    while the service is told; 0 ends it at once.
    """

    secret: NotRequired[str | None]
    open: NotRequired[bool]
    keep_old_hours: NotRequired[float]


class NewToken(TypedDict):
    """A token's name, by which its owner will know it."""

    name: str
    read_only: NotRequired[bool]


class NewWebhook(TypedDict):
    """A webhook's name and module; without a secret one is made."""

    name: str
    module: str
    secret: NotRequired[str | None]
    open: NotRequired[bool]
    when_inactive: NotRequired[InactivePolicy]


class OperationLine(TypedDict):
    """One operation as a list shows it."""

    number: int
    module_id: int
    path: str
    state: str
    started_at: str | None
    duration_ms: float
    attempts: int
    bundles: int
    stood_in: Literal["taken over", "pinned"] | None


class OperationView(TypedDict):
    """One operation: what went in, what came out, how long it took.

    `exchanges` are its last calls, each with `request` and `response`, without secrets;
    they are kept of runs by hand, and where the scenario says so, and told where the
    operation is shown alone. That of an operation that failed is in its error.
    """

    number: int
    module_id: int
    module: str
    label: str
    path: str
    state: str
    started_at: str | None
    duration_ms: float
    attempts: int
    bundles: int
    input: Any
    output: list[Any]
    error: dict[str, Any] | None
    warnings: list[str]
    exchanges: list[dict[str, Any]]
    stood_in: Literal["taken over", "pinned"] | None


class OperatorView(TypedDict):
    """An operator of filters; a unary one has no right side."""

    name: str
    group: str
    unary: bool


class OptionView(TypedDict):
    """One choice of a dropdown."""

    value: str
    label: str


class Outlook(TypedDict):
    """The next five times of a schedule, or what is wrong with it."""

    times: list[str]
    faults: list[ScheduleFaultView]


Permission = Literal["read", "change", "own"]


class Piece(TypedDict):
    """A part of a template: its kind, its text, and where it begins."""

    kind: Literal[
        "plain",
        "brace",
        "space",
        "number",
        "string",
        "module",
        "field",
        "keyword",
        "variable",
        "function",
        "operator",
        "separator",
        "bracket",
        "dot",
        "error",
    ]
    text: str
    position: int


class PinView(TypedDict):
    """A pinned module, and the bundles that it gives in runs by hand."""

    module: int
    bundles: list[Any]
    pinned_at: str | None


class Pinned(TypedDict):
    """The bundles to pin, or the execution in which the module gave them."""

    bundles: NotRequired[list[Any] | None]
    execution: NotRequired[str | None]


class PlacedModule(TypedDict):
    """One module in a scenario, known to expressions by its number `id`.

    `limit` is how many bundles a trigger gives in one cycle, at most. `on_error` is the
    flow that a bundle takes when the module fails. Where a module with many bundles
    finds none, `continue_if_empty` lets one go on that says so. `note` and `designer`
    are for people who look at the scenario.
    """

    id: int
    module: str
    name: NotRequired[str]
    connection: NotRequired[str | None]
    webhook: NotRequired[str | None]
    map: NotRequired[dict[str, Any]]
    filter: NotRequired[FilterSpec | None]
    limit: NotRequired[int | None]
    aggregate: NotRequired[Aggregation | None]
    continue_if_empty: NotRequired[bool]
    routes: NotRequired[list[Route]]
    on_error: NotRequired[list[PlacedModule]]
    note: NotRequired[str]
    designer: NotRequired[Designer | None]


class Planned(TypedDict):
    """A schedule as a scenario file holds it, and the scenario's time zone."""

    schedule: dict[str, Any]
    timezone: NotRequired[str]


class Preview(TypedDict):
    """What a template gives; `error` says why it gives nothing."""

    value: Any
    type: str | None
    error: str | None


class Problem(TypedDict):
    """One fault, in a whole sentence; an error keeps the scenario from being saved.

    `module` is the number of the module, `place` leads to the text inside it, such as
    `map.additional_data.nps` or `filter.conditions.0.0.a`. `position` and `length`
    count characters of that text, `line` and `column` from 1. `suggestion` is what
    could stand there instead.
    """

    message: str
    severity: Literal["error", "warning"]
    module: int | None
    place: str | None
    position: int | None
    length: int | None
    line: int | None
    column: int | None
    suggestion: str | None


class Prune(TypedDict):
    """`compact` writes the file anew afterwards; deliveries wait meanwhile."""

    compact: NotRequired[bool]


class PrunedView(TypedDict):
    """When something was pruned last, and what."""

    at: str | None
    executions: int
    deliveries: int
    bytes: int


class PruningView(TypedDict):
    """The pass that is under way, or the last one of this process."""

    under_way: bool
    looked_at: str | None
    executions: int
    deliveries: int
    bytes: int
    trouble: str | None


class RecordView(TypedDict):
    """One record; `written_by` is the execution whose operation wrote it last."""

    key: str
    data: dict[str, Any]
    bytes: int
    created_at: str | None
    updated_at: str | None
    written_by: str | None


class Refusal(TypedDict):
    """An execution that could not go on, and why."""

    execution: str
    reason: str


class RehearsalView(TypedDict):
    """What a scenario would do."""

    state: str
    error: dict[str, Any] | None
    operations: list[RehearsedOperation]


class RehearsedOperation(TypedDict):
    """One operation of a dry run; `request` is what was not sent.

    `invented` says that its output is the module's sample, not an answer, `pinned` that
    it is what a person has pinned.
    """

    number: int
    module_id: int
    module: str
    label: str
    path: str
    state: str
    input: Any
    output: list[Any]
    error: dict[str, Any] | None
    request: dict[str, Any] | None
    invented: bool
    pinned: bool


class Replayed(TypedDict):
    """The execution that runs a delivery again."""

    execution: str


class ReplayedExecution(TypedDict):
    """An execution on the draft: its state then and now, and what differs."""

    execution: str
    before: str
    after: str
    error: dict[str, Any] | None
    differences: list[Difference]


class ResumeMany(TypedDict):
    """Which are to go on, and how."""

    executions: NotRequired[list[str] | None]
    scenario: NotRequired[str | None]
    how: NotRequired[Resumption]


class Resumption(TypedDict):
    """How an execution goes on.

    From where it failed nothing that is done is done again; from the start a new
    execution does all anew. It goes on with the version it began with, or with the
    scenario's current one.
    """

    start: NotRequired[Literal["failed", "start"]]
    version: NotRequired[Literal["original", "current"]]
    edits: NotRequired[list[Edit]]


class ReviewView(TypedDict):
    """Whether a restored folder waits to be confirmed.

    `unfinished` executions go on then, or are cancelled; what they did after the
    backup was made, they do again.
    """

    pending: bool
    backup_made_at: str | None
    unfinished: int


class Route(TypedDict):
    """One way out of a router or an if-else.

    A router's fallback runs when no other route took the bundle. An if-else takes the
    first route whose `condition` holds; the last one may be without. Such a route
    comes back to what follows the if-else, unless `merge` is false.
    """

    flow: list[PlacedModule]
    name: NotRequired[str]
    fallback: NotRequired[bool]
    condition: NotRequired[FilterSpec | None]
    merge: NotRequired[bool]


class Said(TypedDict):
    """What there is to say; what was not asked for is null."""

    pieces: list[Piece]
    diagnostics: list[Diagnostic]
    completion: Completion | None
    hover: Hover | None
    signature: Signature | None
    preview: Preview | None


class SavedBackup(TypedDict):
    """A backup that stays on the server's disk, until somebody removes it.

    `trouble` says why it is of no use as it is; `holds` how much is in it.
    """

    name: str
    made_at: str | None
    bytes: int
    version: str | None
    holds: dict[str, int]
    trouble: str | None


class SavedBackups(TypedDict):
    """The backups on the server's disk, the newest first, and the one under way."""

    folder: str
    disk_free_bytes: int
    progress: BackupProgress
    backups: list[SavedBackup]


class SavedTest(TypedDict):
    """The text of a scenario test, to be kept beside the scenario's file."""

    text: str


class ScenarioDocument(TypedDict):
    """What a scenario file says.

    Without a `schedule`, a scenario that begins with a webhook runs immediately, and
    any other on demand. `inputs` are what it is given by whoever runs or calls it,
    `outputs` what it returns.
    """

    name: str
    flow: list[PlacedModule]
    description: NotRequired[str]
    settings: NotRequired[ScenarioSettings]
    schedule: NotRequired[Schedule | None]
    inputs: NotRequired[list[ScenarioField]]
    outputs: NotRequired[list[ScenarioField]]


class ScenarioField(TypedDict):
    """An input or an output of a scenario, known to expressions as `var.input.NAME`."""

    name: str
    type: NotRequired[
        Literal[
            "any", "text", "number", "integer", "boolean", "date", "array", "collection"
        ]
    ]
    label: NotRequired[str]
    help: NotRequired[str]
    required: NotRequired[bool]
    default: NotRequired[Any]


class ScenarioSettings(TypedDict):
    """Settings by Make's names.

    `roundtrips` is how many cycles an execution has at most, `max_running` how many
    executions run side by side (0 is without bound, and `sequential` one after another
    in their order). `dlq` keeps a bundle that
    failed as an incomplete execution, to be resumed; without it the execution fails.
    `max_errors` is how many executions in a row may fail before the scenario is
    switched off, `max_seconds` and `max_operations` how long an execution may run.
    `max_megabytes` is what the last bundles of its modules may take together, as JSON;
    0 is without bound here, too.
    With `auto_commit` off, what a cycle wrote to data stores is taken back where the
    execution fails, and stands once the cycle has come through.
    With `confidential`, what bundles held is removed when an execution has ended, and
    nothing of what was sent is kept.
    `keep` says how much of its history stays.
    """

    roundtrips: NotRequired[int]
    sequential: NotRequired[bool]
    max_running: NotRequired[int]
    confidential: NotRequired[bool]
    dlq: NotRequired[bool]
    auto_commit: NotRequired[bool]
    max_errors: NotRequired[int]
    max_seconds: NotRequired[int]
    max_operations: NotRequired[int]
    max_megabytes: NotRequired[int]
    timezone: NotRequired[str]
    keep: NotRequired[Keep]


class ScenarioStorage(TypedDict):
    """A scenario's history; unless `exact`, operations and bytes are estimates."""

    scenario: str
    executions: int
    operations: int
    bytes: int
    exact: bool
    oldest: str | None


class ScenarioView(TypedDict):
    """A scenario in its current version; `warnings` are told when it is saved.

    `shutdown` says why it was switched off by itself, until it is switched on again;
    `next_runs` are the next times of its schedule, five where it is shown alone.
    `schedule` is the one that holds, `timezone` that of the scenario, and `plan` says
    both in words.
    """

    id: str
    name: str
    active: bool
    version: int
    webhook: str | None
    modules: list[str]
    created_at: str | None
    updated_at: str | None
    schedule: Schedule
    timezone: str
    plan: str
    shutdown: ShutdownView | None
    next_runs: list[str]
    document: dict[str, Any] | None
    warnings: list[Problem]


class Schedule(TypedDict):
    """When a scenario runs; which keys count depends on `type`.

    - `immediately`: with each delivery, at most `max_runs_per_minute` of them.
    - `indefinitely`: every `interval` seconds.
    - `once`: at `date`, ISO 8601.
    - `daily`, `weekly`, `monthly`, `yearly`: at `time` ("HH:MM", or several), on
      `days` (weekly: 0 to 6 from Sunday, else 1 to 31) of `months` (1 to 12).
    - `on-demand`: only when somebody asks.

    `between` is the first and the last moment, ISO 8601, either of them null for none;
    a date without a time stands for its whole day. `restrict` are windows of which one
    must be open. Times are those on the wall in `timezone`, which is the scenario's
    where it is null.
    """

    type: Literal[
        "immediately",
        "indefinitely",
        "once",
        "daily",
        "weekly",
        "monthly",
        "yearly",
        "on-demand",
    ]
    interval: NotRequired[int]
    date: NotRequired[str | None]
    time: NotRequired[str | list[str] | None]
    days: NotRequired[list[int]]
    months: NotRequired[list[int]]
    between: NotRequired[list[Any] | None]
    restrict: NotRequired[list[Window]]
    max_runs_per_minute: NotRequired[int | None]
    timezone: NotRequired[str | None]


class ScheduleFaultView(TypedDict):
    """What keeps a schedule from being used; `key` is like `time` or `interval`."""

    key: str
    message: str


class ScoreOfDay(TypedDict):
    """One day's answers: how many, and what they come to."""

    day: str
    count: int
    value: float


class ScoreView(TypedDict):
    """One question: its score over all, and day by day.

    `nps` is the promoters less the detractors, from -100 to 100; `csat` the satisfied
    ones of a hundred; all others are averages.
    """

    name: str
    kind: Literal["nps", "csat", "average"]
    count: int
    value: float
    days: list[ScoreOfDay]


class SessionView(TypedDict):
    """Who makes this request; `name` is null for nobody.

    `awaits_owner` says that there is no user yet, and that the code from the console
    makes the first one.
    """

    name: str | None
    permissions: list[Permission]
    awaits_owner: bool


Severity = Literal["error", "warning"]


class ShutdownView(TypedDict):
    """When and why a scenario was switched off, and by which execution."""

    at: str | None
    reason: str
    execution: str | None


class Signature(TypedDict):
    """The function whose arguments are being typed; `argument` counts from 0."""

    name: str
    signature: str
    help: str
    argument: int


class Start(TypedDict):
    """A module to begin at, with what those before it gave in an execution.

    Without an `execution` it is the latest one that has ended.
    """

    module: int
    execution: NotRequired[str | None]


class StopView(TypedDict):
    """Where an execution stopped. `retry_at` is when it goes on by itself, if it does.

    `tries` says how often it was tried again, `edited` what a person wants to be given
    to the module instead.
    """

    module_id: int
    module: str
    label: str
    path: str
    stopped_at: str | None
    error: dict[str, Any]
    tries: int
    retry_at: str | None
    edited: dict[str, Any] | None


class StorageView(TypedDict):
    """Sizes in bytes; those of tables only where they were asked for and are known.

    `spare_bytes` lie free within the file, which `shrinks` if they can be taken out.
    """

    file_bytes: int
    log_bytes: int
    spare_bytes: int
    disk_free_bytes: int
    shrinks: bool
    oldest: str | None
    pruned_deliveries: int
    scenarios: list[ScenarioStorage]
    tables: list[TableStorage] | None
    keep: KeepView
    pruning: PruningView
    last_pruned: PrunedView | None


class TableStorage(TypedDict):
    """A table of the database with its indexes."""

    name: str
    bytes: int


class TokenView(TypedDict):
    """A token of a program; `token` itself is shown once, when it is made."""

    id: str
    name: str
    read_only: bool
    created_at: str | None
    used_at: str | None
    token: str | None


class Trial(TypedDict):
    """What a dry run is done with.

    `document` is a scenario that is not saved; without it the current version is
    taken. A scenario that begins with a webhook needs the id of a `delivery`, or an
    `input` that stands for its body; any other takes its inputs as `input`.
    """

    document: NotRequired[dict[str, Any] | None]
    delivery: NotRequired[str | None]
    input: NotRequired[Any]


class TryoutView(TypedDict):
    """Where the sandbox is, and the scenario that listens; null while there is none."""

    address: str | None
    scenario: str | None


class UserView(TypedDict):
    """A user as others see them."""

    id: str
    name: str
    created_at: str | None


class VersionView(TypedDict):
    """One version; `document` and `text` only where it is shown alone."""

    number: int
    created_at: str | None
    current: bool
    document: dict[str, Any] | None
    text: str | None


class Vocabulary(TypedDict):
    """What can be written in templates and filters."""

    functions: list[FunctionView]
    operators: list[OperatorView]


class WebhookView(TypedDict):
    """A webhook with its address and its balance: `accepted` = sum of the states."""

    id: str
    name: str
    module: str
    address: str
    has_secret: bool
    when_inactive: str
    held: bool
    created_at: str | None
    deliveries: dict[str, int]
    scenario: str | None
    old_secret_until: str | None
    secret: str | None


class Window(TypedDict):
    """Part of a week in which runs may start; what is left out admits everything.

    `days` are those of the week, 0 to 6 from Sunday, and `months` 1 to 12. `time` is
    from and to, both "HH:MM" and both inside. A window that ends at an earlier time
    than it begins lasts into the next day and belongs to the day on which it opens.
    """

    days: NotRequired[list[int]]
    months: NotRequired[list[int]]
    time: NotRequired[list[Any] | None]
