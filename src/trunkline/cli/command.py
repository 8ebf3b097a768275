"""The `trunkline` command: finds the subcommand, and turns errors into sentences.

Commands are named here and loaded when they are called, so that help comes at once.
"""

import os
import signal
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, UnknownCommandError

from trunkline import __version__
from trunkline.cli.terminal import complain
from trunkline.errors import TrunklineError, UsageError

FAILED = 1
WRONG_USAGE = 2

app = App(
    "trunkline",
    help="A self-hosted integrator: receives webhooks, stores them before it answers, "
    "runs scenarios, shows what happened.\n\n"
    "While a server owns the data folder, commands talk to it; otherwise they open the "
    "folder themselves for as long as they run. They end with 0 when done, 1 when "
    "something failed, and 2 when they were called wrongly.",
    version=__version__,
    help_format="plaintext",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)

_COMMANDS = {
    "demo": ("demo.command:demo", "Show the main job end to end on the sandbox."),
    "serve": ("serve:serve", "Run the server until it is told to stop."),
    "sandbox": ("sandbox:sandbox", "Run a local Refiner to try things on."),
    "connection": ("connections:app", "Create, test, list and remove connections."),
    "webhook": ("webhooks:app", "Make webhooks, and see what they received."),
    "datastore": ("datastores:app", "Keep records for scenarios, and look after them."),
    "scenario": ("scenarios:app", "Save, switch on, run and export scenarios."),
    "run": ("modules:run", "Run one module by itself, one bundle a line."),
    "execution": ("executions:app", "See what ran, and how it ended."),
    "incomplete": ("incomplete:app", "See what an error stopped, and let it go on."),
    "eval": ("expressions:evaluate", "Evaluate a template, to see what it gives."),
    "app": ("modules:app", "See the installed apps and their modules."),
    "user": ("users:app", "Add, list and remove those who may enter."),
    "prune": ("pruning:prune", "Remove now what is beyond the bounds of the history."),
    "backup": ("backup:backup", "Save everything to one file, also while running."),
    "backups": ("saved_backups:app", "Keep backups on the server's disk."),
    "restore": ("restore:restore", "Make a folder from a backup, and confirm it."),
    "migrate": ("migrate:migrate", "Change an older folder to this version, or back."),
    "doctor": ("doctor:doctor", "Check the installation."),
}
for _number, (_name, (_target, _help)) in enumerate(_COMMANDS.items()):
    app.command(f"trunkline.cli.{_target}", name=_name, help=_help, sort_key=_number)


def run(arguments: Sequence[str]) -> int:
    """Runs a command and gives its exit code; nothing but sentences leaves here."""
    _prepare()
    try:
        code = _called(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _hung_up()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAILED
    return code


def _called(arguments: Sequence[str]) -> int:
    try:
        result = app(arguments, exit_on_error=False, print_error=False)
    except BrokenPipeError:
        raise
    except CycloptsError as error:
        return _wrong_usage(error)
    except (KeyboardInterrupt, Exception) as error:
        if os.environ.get("TRUNKLINE_LOG_LEVEL", "").lower() == "debug":
            raise
        complain(_sentence(error))
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    return result if isinstance(result, int) else 0


def _prepare() -> None:
    """Output that cannot be encoded is shown in escapes; SIGTERM ends as Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _wrong_usage(error: CycloptsError) -> int:
    chain = " ".join(("trunkline", *(error.command_chain or ())))
    if isinstance(error, UnknownCommandError):
        # Its own text names every command, for which all of them would be loaded.
        fault = f"There is no command {' '.join(error.unused_tokens or ())!r}"
    else:
        fault = str(error).rstrip(".")
    complain(f"{fault}. `{chain} --help` shows how it is used.")
    return WRONG_USAGE


def _sentence(error: BaseException) -> str:
    match error:
        case KeyboardInterrupt():
            return "Interrupted."
        case TrunklineError():
            return str(error)
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return f"{place}{error.strerror or error}."
        case _:
            said = str(error).partition("\n")[0]
            return (
                f"A fault in Trunkline: {type(error).__name__}: {said}. Set "
                "TRUNKLINE_LOG_LEVEL=debug to see where, and please report it."
            )


def _hung_up() -> int:
    """Whoever read the output has had enough, as in `| head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
