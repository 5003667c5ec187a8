"""From a place as it was typed to the facts a policy asks of it: casework's atlas is `place`.

The boundary pack and the viewpoints are those that come with the program, or a deployment's own. A
verdict keeps the pinned resolution: the place, the answer, and the digests of what it came from, so
that other data are noticed and never silently used.

The modules of `place` are imported where they are used, by those few commands that ask for one.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.casework.facts import Located
from sayso.errors import MalformedPlace
from sayso.wire import Value

if TYPE_CHECKING:
    from sayso.place.pack import Pack
    from sayso.place.viewpoint import Viewpoint

_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Found:
    """A place as it was resolved."""

    facts: Value
    basis: Value


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by a boundary pack and viewpoints: files of a deployment, or those that come along.

    `pack` is a file; `viewpoints` a folder whose `NAME.yaml` goes before the one that comes along.
    """

    pack: Path | None = None
    viewpoints: Path | None = None

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> Located:
        """Return `place` resolved; `MalformedPlace` if it names no place, or more than one."""
        return _located(self, place, within_m, viewpoint)


def configured() -> Gazetteer:
    """Return the atlas this program resolves places with.

    A deployment names its own boundary pack in SAYSO_PACK, a file, and its own viewpoints in
    SAYSO_VIEWPOINTS, a folder of files NAME.yaml.
    """
    pack, viewpoints = os.environ.get("SAYSO_PACK"), os.environ.get("SAYSO_VIEWPOINTS")
    return Gazetteer(Path(pack) if pack else None, Path(viewpoints) if viewpoints else None)


@lru_cache(maxsize=1024)
def _located(maps: Gazetteer, place: str, within_m: int | None, viewpoint: str) -> _Found:
    from sayso.place import parse, pinned, proven, resolve  # noqa: PLC0415  # loads NumPy and Shapely: half a second

    view, world = viewpoint_of(maps, viewpoint), pack_of(maps)
    proven.refuse(view, world)
    kept = pinned.pin(
        parse.parse(place, within_m=within_m),
        viewpoint=view,
        pack=world,
        tolerance=resolve.Tolerance(),
    )
    told = pinned.rederive(kept, viewpoint=view, pack=world)
    return _Found(dict(told.facts()), dict(kept.value()))


@lru_cache(maxsize=4)
def pack_of(maps: Gazetteer) -> "Pack":
    """Return the boundary pack of `maps`."""
    from sayso.place import pack  # noqa: PLC0415  # loads NumPy and Shapely: half a second

    return pack.shipped() if maps.pack is None else pack.load(_contents(maps.pack))


@lru_cache(maxsize=16)
def viewpoint_of(maps: Gazetteer, name: str) -> "Viewpoint":
    """Return the viewpoint called `name`; `MalformedPlace` if there is none."""
    from sayso.place import viewpoint as viewpoints  # noqa: PLC0415  # loads NumPy and Shapely: half a second

    own = None if maps.viewpoints is None else maps.viewpoints / f"{name}.yaml"
    if own is None or not own.is_file():
        return viewpoints.shipped(name)
    return viewpoints.parse(_contents(own))


def _contents(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST)
    except OSError as error:
        raise MalformedPlace(f"`{file}` cannot be read: {error.strerror}") from None
