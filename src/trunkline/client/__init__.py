"""The REST API from the other side: a client for programs, and for the command line.

`connected(address, token)` opens one; every method is one call, and what it gives is
typed as the API's document says.
"""

from trunkline.client.client import Client, connected

__all__ = ["Client", "connected"]
