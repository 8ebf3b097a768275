"""All that an app author imports.

    from trunkline.sdk import Api, App, BearerAuth, Connection, Input, Output

An app is one `App` object; see `App` for how its modules are declared.
"""

from trunkline.errors import (
    AccountValidationError,
    BlockedAddressError,
    BundleValidationError,
    ConnectionError,  # noqa: A004 - Make's name, see errors.py
    DataError,
    DeliveryRefusedError,
    DuplicateDataError,
    ExecutionInterruptedError,
    ForeignOriginError,
    IncompleteDataError,
    InconsistencyError,
    InvalidAccessTokenError,
    InvalidConfigurationError,
    MaxFileSizeExceededError,
    MaxResultsExceededError,
    MemoryLimitExceededError,
    ModuleError,
    ModuleTimeoutError,
    OperationsLimitExceededError,
    OutOfSpaceError,
    RateLimitError,
    RuntimeError,  # noqa: A004 - Make's name, see errors.py
    ScenarioTimeoutError,
    UnexpectedError,
)
from trunkline.sdk.answer import Answer
from trunkline.sdk.api import HOPS, Api, Withheld
from trunkline.sdk.app import App
from trunkline.sdk.auth import (
    Auth,
    BasicAuth,
    BearerAuth,
    HeaderAuth,
    NoAuth,
    QueryAuth,
)
from trunkline.sdk.bundle import Bundle
from trunkline.sdk.channel import Channel, Explain, Rate
from trunkline.sdk.connection import Connection
from trunkline.sdk.deadlines import Deadlines
from trunkline.sdk.fields import (
    Dropdown,
    Free,
    Further,
    FurtherField,
    Input,
    Operator,
    Option,
    Output,
    Pairs,
    Timestamp,
)
from trunkline.sdk.http import HttpClient
from trunkline.sdk.module import MARKERS, TRIGGERS, Kind, Module, NoInput
from trunkline.sdk.pages import (
    CursorPages,
    LinkPages,
    OffsetPages,
    PageNumberPages,
    Pages,
)
from trunkline.sdk.records import (
    Record,
    RecordCondition,
    RecordOrder,
    Records,
    SavedRecord,
)
from trunkline.sdk.scenarios import Scenarios
from trunkline.sdk.universal import ApiCall, ApiResult
from trunkline.sdk.variables import Counters, PassingCounters, Variables
from trunkline.sdk.watch import Watch
from trunkline.sdk.webhook import Delivery, Webhook

__all__ = [
    "HOPS",
    "MARKERS",
    "TRIGGERS",
    "AccountValidationError",
    "Answer",
    "Api",
    "ApiCall",
    "ApiResult",
    "App",
    "Auth",
    "BasicAuth",
    "BearerAuth",
    "BlockedAddressError",
    "Bundle",
    "BundleValidationError",
    "Channel",
    "Connection",
    "ConnectionError",
    "Counters",
    "CursorPages",
    "DataError",
    "Deadlines",
    "Delivery",
    "DeliveryRefusedError",
    "Dropdown",
    "DuplicateDataError",
    "ExecutionInterruptedError",
    "Explain",
    "ForeignOriginError",
    "Free",
    "Further",
    "FurtherField",
    "HeaderAuth",
    "HttpClient",
    "IncompleteDataError",
    "InconsistencyError",
    "Input",
    "InvalidAccessTokenError",
    "InvalidConfigurationError",
    "Kind",
    "LinkPages",
    "MaxFileSizeExceededError",
    "MaxResultsExceededError",
    "MemoryLimitExceededError",
    "Module",
    "ModuleError",
    "ModuleTimeoutError",
    "NoAuth",
    "NoInput",
    "OffsetPages",
    "OperationsLimitExceededError",
    "Operator",
    "Option",
    "OutOfSpaceError",
    "Output",
    "PageNumberPages",
    "Pages",
    "Pairs",
    "PassingCounters",
    "QueryAuth",
    "Rate",
    "RateLimitError",
    "Record",
    "RecordCondition",
    "RecordOrder",
    "Records",
    "RuntimeError",
    "SavedRecord",
    "ScenarioTimeoutError",
    "Scenarios",
    "Timestamp",
    "UnexpectedError",
    "Variables",
    "Watch",
    "Webhook",
    "Withheld",
]
