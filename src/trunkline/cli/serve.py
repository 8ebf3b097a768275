"""`trunkline serve`: the server, until it is told to stop."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from trunkline import __version__
from trunkline.cli.configuration import read_settings
from trunkline.cli.logs import log_everything
from trunkline.cli.terminal import say
from trunkline.server import Running
from trunkline.server import run as run_server
from trunkline.settings import Settings


def serve(
    *,
    data: Annotated[Path | None, Parameter(metavar="DIR")] = None,
    host: Annotated[str | None, Parameter(metavar="H")] = None,
    port: Annotated[
        int | None, Parameter(metavar="P", validator=Number(gte=0, lte=65535))
    ] = None,
    allow_host: Annotated[
        tuple[str, ...], Parameter(metavar="H", negative=(), show_default=False)
    ] = (),
) -> None:
    """Run the server: webhooks, API and engine, until Ctrl-C or SIGTERM.

    It stops gracefully: what it has answered is on disk, operations under way may
    end, and everything else goes on at the next start. Every option can also be set
    as a TRUNKLINE_* variable or in trunkline.toml.

    Parameters
    ----------
    data
        The data folder; otherwise TRUNKLINE_DATA or ./trunkline-data.
    host
        The address to listen on; otherwise TRUNKLINE_HOST or 127.0.0.1.
    port
        The port; otherwise TRUNKLINE_PORT or 8787. 0 takes a free one.
    allow_host
        A private host that modules may call, such as 127.0.0.1; may be repeated.
    """
    given = read_settings(data=data, host=host, port=port)
    settings = given.model_copy(
        update={"allow_hosts": (*given.allow_hosts, *allow_host)}
    )
    log_everything(settings.log_level)
    run_server(settings, lambda running: _say_where(running, settings))


def _say_where(running: Running, settings: Settings) -> None:
    say(f"Trunkline {__version__} on {running.address}, data in {settings.data}")
    if running.first_code is not None:
        enter = f"{running.address}/enter#{running.first_code}"
        say(f"Nobody has entered yet. Open {enter} and choose a name and a password.")
