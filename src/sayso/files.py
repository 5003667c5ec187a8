"""Files that are whole or not there: nobody ever sees half of one, not even after a crash."""

import os
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

from sayso.errors import SaysoError

PUBLIC = 0o644
PRIVATE = 0o600
USUAL = 0o666
"""What the process's own mask takes from."""


def replace(path: Path, data: bytes, *, mode: int = PUBLIC) -> None:
    """Let `path` hold `data` from now on; it is on the disk when this returns.

    Written beside it and put in its place in one step. The folder is synced too, or the step itself
    could be lost.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync(path.parent)


def new(path: Path, data: bytes, *, hint: str, mode: int = USUAL) -> None:
    """Write a file that must be new; it is on the disk when this returns.

    What is there already is never replaced; `hint` says then what to do.
    """
    made = beside(path)
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        placed(made, path)
    except FileExistsError:
        raise SaysoError(f"`{path}` is there already", hint=hint) from None
    except OSError as error:
        raise SaysoError(f"`{path}` cannot be written: {error.strerror}") from None
    finally:
        made.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Return where a file can be made that is to become `path`: a name that nobody has."""
    return path.with_name(f".{path.name}.{token_hex(8)}")


def placed(made: Path, path: Path) -> None:
    """Give a file made beside it its name for good; FileExistsError if something has the name."""
    os.link(made, path)
    made.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
