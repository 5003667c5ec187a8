"""From a place as it was typed to the facts a policy asks of it: casework's atlas is `place`.

The pack, the viewpoints and the gazetteer are those that come with the program. A verdict keeps the
pinned resolution: the place, the answer, and the digests of what it came from, so that other data
are noticed and never silently used.
"""

from dataclasses import dataclass
from functools import lru_cache

from sayso.casework.facts import Located
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class _Found:
    """A place as it was resolved."""

    facts: Value
    basis: Value


class Gazetteer:
    """Places by the boundary pack that comes with the program."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> Located:
        """Return `place` resolved; `MalformedPlace` if it names no place, or more than one."""
        return _located(place, within_m, viewpoint)


def check_viewpoint(name: str) -> None:
    """Raise `MalformedPlace` or `Unknown` unless there is a viewpoint of that name."""
    from sayso.place import viewpoint as viewpoints  # noqa: PLC0415  # as below

    viewpoints.shipped(name)


@lru_cache(maxsize=1024)
def _located(place: str, within_m: int | None, viewpoint: str) -> _Found:
    # Imported here and not at the top: NumPy, Shapely and the pack take half a second to load, and
    # most commands ask for no place.
    from sayso.place import pack, parse, pinned, resolve  # noqa: PLC0415
    from sayso.place import viewpoint as viewpoints  # noqa: PLC0415

    view, world = viewpoints.shipped(viewpoint), pack.shipped()
    kept = pinned.pin(
        parse.parse(place, within_m=within_m),
        viewpoint=view,
        pack=world,
        tolerance=resolve.Tolerance(),
    )
    told = pinned.rederive(kept, viewpoint=view, pack=world)
    return _Found(dict(told.facts()), dict(kept.value()))
