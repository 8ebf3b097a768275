"""What a service sends us, and how to tell one sending from another."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from trunkline.errors import BundleValidationError
from trunkline.sdk.bundle import Bundle, Form

Model = TypeVar("Model", bound=BaseModel)


class Delivery(Struct, frozen=True, kw_only=True):
    """One request received by a webhook, as a trigger sees it.

    `payload` is the body as JSON values (`None` where it is not JSON), `body` the
    bytes as they came. `headers` are lower-cased and hold no credentials.
    """

    body: bytes
    payload: object = None
    method: str = "POST"
    headers: Mapping[str, str] = {}
    query: Mapping[str, str] = {}

    def into(self, model: type[Model]) -> Model:
        """The payload, checked against `model`.

        Raises:
            BundleValidationError: the payload lacks what the model asks for.
        """
        try:
            return model.model_validate(self.payload)
        except ValidationError as error:
            raise _unlike(model, error) from error

    def bundle(self, form: type[Form]) -> Bundle[Form]:
        """The payload, checked against `form`, where it is the bundle as it is.

        Raises:
            BundleValidationError: the payload lacks what the form asks for.
        """
        try:
            return Bundle.of(form, self.payload)
        except ValidationError as error:
            raise _unlike(form, error) from error


def _unlike(model: type[BaseModel], error: ValidationError) -> BundleValidationError:
    return BundleValidationError(
        f"The delivery is not what {model.__name__} describes: {explain(error)}"
    )


def explain(error: ValidationError) -> str:
    """All faults of a validation in one line, each with its place."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the body'}: {fault['msg']}"
        for fault in error.errors(include_url=False)
    )


class Webhook:
    """How a service's webhooks are recognised.

    The docstring of a subclass says how the address is entered in the service.
    All methods are pure: they see one delivery and nothing else.
    """

    signed: ClassVar[bool] = False
    """Whether the service signs what it sends, instead of sending
    `Authorization: Bearer SECRET`; `verify` then takes the token's place."""

    @classmethod
    def event(cls, delivery: Delivery) -> str | None:
        """The name of what happened, or `None` where the service has no such names."""
        del delivery
        return None

    @classmethod
    def dedupe_key(cls, delivery: Delivery) -> str | None:
        """What two sendings of the same happening have in common.

        `None` means that no two deliveries are ever the same.
        """
        del delivery
        return None

    @classmethod
    def scores(cls, delivery: Delivery) -> Mapping[str, float]:
        """Answers that are scores, by their names, for a chart of them.

        A name that begins with `nps` holds 0 to 10 and counts as a net promoter score,
        one that begins with `csat` counts whoever gave more than 0 as satisfied; of all
        others the average is shown.
        """
        del delivery
        return {}

    @classmethod
    def verify(cls, delivery: Delivery, secret: str) -> None:
        """Checks a signature made with `secret`, where the service signs.

        Raises:
            DeliveryRefusedError: the signature does not fit.
        """
        del delivery, secret
