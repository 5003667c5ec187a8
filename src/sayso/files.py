"""Files that are whole or not there: nobody ever sees half of one, not even after a crash."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

PUBLIC = 0o644
PRIVATE = 0o600


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


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
