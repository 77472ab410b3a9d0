"""How a command ends: done, with a sentence, or at a signal. What it started is stopped in any case."""

import signal
from collections.abc import Callable, Iterator

import typer
from sqlalchemy.exc import DBAPIError

from bot.settings import SettingsError
from db.embedded import EmbeddedServerError
from recommender.taxonomy import TaxonomyError

_NOT_USABLE = 2
_INTERRUPTED = 130


def exit_code(work: Callable[[], int]) -> int:
    """Run ``work``; what the operator can mend ends in a sentence, and a signal as Ctrl-C does."""
    for number in ending_signals():
        # At any moment: what has been started so far is stopped on the way out.
        signal.signal(number, signal.default_int_handler)
    try:
        return work()
    except KeyboardInterrupt:
        typer.echo("\nStopped.", err=True)
        return _INTERRUPTED
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        typer.echo(said, err=True)
        return _NOT_USABLE


def ending_signals() -> Iterator[signal.Signals]:
    """Those that end the program: a closed terminal is one, but not under nohup."""
    yield from (signal.SIGTERM, signal.SIGINT)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP


def sentence(error: Exception) -> str | None:
    """What to tell the operator; None if the error is ours and wants its traceback."""
    match error:
        case SettingsError() | EmbeddedServerError() | TaxonomyError():
            return str(error)
        case DBAPIError() | OSError(filename=None):
            return (
                f"The database does not answer: {database_words(error)}. Check DATABASE_URL and the server."
            )
        case OSError():
            return str(error)
        case _:
            return None


def database_words(error: DBAPIError | OSError) -> str:
    """What the server, or the way to it, says: no statement, no values, no address with a password."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    words = str(cause) or type(cause).__name__
    return words.splitlines()[0].rstrip(".")
