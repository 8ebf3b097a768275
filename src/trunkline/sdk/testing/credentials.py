"""What a connection asks for, and that its secrets stay secret."""

import re
from collections.abc import Iterator
from typing import get_args

from pydantic import SecretStr

from trunkline.sdk.app import App
from trunkline.sdk.connection import Connection

_SECRET_WORDS = frozenset({"key", "token", "password", "secret"})
# `key_id` and `public_key` name a secret or belong to one, without being one.
_HARMLESS_WORDS = frozenset({"id", "name", "url", "public", "header", "type"})


def connections_are_explained_and_tested(app: App) -> Iterator[str]:
    """A connection says where its values are found, and tries them out."""
    connection = app.connection_class
    if connection is None:
        return
    if not (connection.__doc__ or "").strip():
        yield f"{app.key} connection: its docstring has to say where values are found"
    if connection.test is Connection.test:
        yield f"{app.key} connection: it has no test()"


def secrets_are_secret(app: App) -> Iterator[str]:
    """Fields of a connection that look like secrets are `SecretStr`."""
    if app.connection_class is None:
        return
    for name, field in app.connection_class.model_fields.items():
        if _looks_secret(name) and not _is_secret(field.annotation):
            yield f"{app.key} connection.{name}: it looks like a secret; use SecretStr"


def outputs_hide_no_secret(app: App) -> Iterator[str]:
    """No field of an output is called as a secret of the connection is.

    History shows outputs in full, and people would take the one for the other.
    """
    if app.connection_class is None:
        return
    secrets = {
        name
        for name, field in app.connection_class.model_fields.items()
        if _is_secret(field.annotation)
    }
    for module in app.modules.values():
        for name, field in module.output.model_fields.items():
            if secrets & {name, field.alias, field.validation_alias}:
                yield f"{module.name}: the output field {name!r} is named like a secret"


def _looks_secret(name: str) -> bool:
    words = set(re.split(r"[^a-z]+", name.lower()))
    return bool(words & _SECRET_WORDS) and not words & _HARMLESS_WORDS


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))
