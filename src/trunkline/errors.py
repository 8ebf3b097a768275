"""Every error raised on purpose, one tree.

`ModuleError` and its children carry the names that people know from Make; those
names are what an execution shows and what error routes will filter on. The text of
each error says what happened and, where a person can act, what to do.
"""


class TrunklineError(Exception):
    """What all errors raised on purpose have in common: a sentence for a person."""


# What a person asked for cannot be done as asked


class UsageError(TrunklineError):
    """The request itself is wrong: a missing field, a bad file, an unknown option."""


class NotFoundError(TrunklineError):
    """The named thing does not exist."""


class ConflictError(TrunklineError):
    """The request contradicts what is already there."""


class FolderInUseError(ConflictError):
    """Another server owns the data folder."""


class PortInUseError(ConflictError):
    """The address to listen on is taken."""


class KeyMismatchError(TrunklineError):
    """The key at hand does not open the secrets in the folder."""


class NewerFolderError(TrunklineError):
    """The folder was written by a newer version of Trunkline."""


class OlderFolderError(TrunklineError):
    """The folder has to be migrated, and nobody has asked for that."""


class MigrationError(TrunklineError):
    """The schema of the folder could not be changed; it is as it was."""


class InReviewError(ConflictError):
    """The folder was restored from a backup, and nobody has confirmed it yet."""


class NobodyListensError(TrunklineError):
    """No active scenario watches the webhook, and nothing may wait there."""


class LoopError(TrunklineError):
    """Executions have led to one another too often."""


class TooManyDeliveriesError(TrunklineError):
    """The scenario may begin no more at present, and the caller wants an answer."""


# Who may enter


class NotEnteredError(TrunklineError):
    """Nobody is known who could make this request."""


class ForbiddenError(TrunklineError):
    """Whoever asks is known, and may not do this."""


class TooManyAttemptsError(TrunklineError):
    """Too many wrong passwords; `retry_after` are the seconds to wait."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutdatedError(ConflictError):
    """Somebody else changed it meanwhile."""


# What storage says


class StorageFullError(TrunklineError):
    """No space is left on the disk; nothing was answered that was not stored."""


class StorageUnavailableError(TrunklineError):
    """The store cannot write at present, for a reason other than space."""


class LeaseLostError(TrunklineError):
    """Somebody else owns the execution now; what this worker did is not recorded."""


# What a template says before it runs


class TemplateError(TrunklineError):
    """A template cannot be compiled.

    `position` is the 0-based offset of the fault in the template, `length` the
    number of characters concerned.
    """

    def __init__(self, message: str, *, position: int = 0, length: int = 1) -> None:
        super().__init__(message)
        self.position = position
        self.length = length


# What a module says while it runs


class ModuleError(TrunklineError):
    """A module did not do its work.

    `status` is the HTTP status that led here, if one did; `detail` what the other
    side said; `retry_after` the seconds it asked us to wait. `unsure` says that what
    must not be done twice may have been done.
    """

    unsure = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        detail: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after

    @property
    def type(self) -> str:
        """The name shown to people and matched by error routes."""
        return type(self).__name__


class RuntimeError(ModuleError):
    """Anything the other types do not cover."""


class UnexpectedError(ModuleError):
    """A fault in Trunkline or in an app: not the user's, not the service's."""


class DataError(ModuleError):
    """The service refused the data, or a function got a value it cannot use."""


class BundleValidationError(ModuleError):
    """The mapped values do not fit the module's fields; nothing was sent."""


class DuplicateDataError(DataError):
    """The service already has such a record."""


class IncompleteDataError(ModuleError):
    """The record is not ready yet."""


class ConnectionError(ModuleError):
    """The service could not be reached, or said 502, 503 or 504."""


class RateLimitError(ModuleError):
    """The service asked us to slow down."""


class ModuleTimeoutError(ModuleError):
    """No answer within the time allowed."""


class AccountValidationError(ModuleError):
    """The service does not accept the connection's credentials."""


class InvalidConfigurationError(ModuleError):
    """The settings cannot work: something they name does not exist."""


class InvalidAccessTokenError(InvalidConfigurationError):
    """The access token was revoked."""


class OutOfSpaceError(ModuleError):
    """The target has no space left."""


class MaxFileSizeExceededError(ModuleError):
    """The body is larger than allowed."""


class MaxResultsExceededError(ModuleError):
    """More results than allowed."""


class OperationsLimitExceededError(ModuleError):
    """The execution has done as many operations as it may."""


class MemoryLimitExceededError(ModuleError):
    """The bundles that the execution holds take more than they may."""


class ScenarioTimeoutError(ModuleError):
    """The execution ran longer than it may."""


class ExecutionInterruptedError(ModuleError):
    """The execution was stopped from outside."""


class InconsistencyError(ModuleError):
    """What was begun could neither be finished nor undone."""


class BlockedAddressError(InvalidConfigurationError):
    """The outbound guard refused the address; nothing was sent."""


class ForeignOriginError(InvalidConfigurationError):
    """A call tried to leave the origin its connection is bound to."""


class BudgetError(DataError):
    """An expression asked for more steps, bytes or depth than allowed."""


class DeliveryRefusedError(TrunklineError):
    """A webhook's own check refused a delivery."""
