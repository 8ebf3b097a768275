"""HTTP: a request to any address, with credentials that stay at home."""

from trunkline.apps.http import request
from trunkline.apps.http.credential import Credential
from trunkline.apps.http.web import app

__all__ = ["Credential", "app", "request"]
