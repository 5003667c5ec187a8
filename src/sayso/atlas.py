"""From a place as it was typed to the facts a policy asks of it: casework's atlas is `place`.

The pack, the viewpoints and the gazetteer are those that come with the program; a verdict keeps the
pack's digest and the whole resolution, so that another pack is noticed and never silently used.
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
    from sayso.place import pack, parse, resolve  # noqa: PLC0415
    from sayso.place import viewpoint as viewpoints  # noqa: PLC0415

    found = resolve.resolve(
        parse.parse(place, within_m=within_m),
        viewpoint=viewpoints.shipped(viewpoint),
        pack=pack.shipped(),
        tolerance=resolve.Tolerance(),
    )
    return _Found(dict(found.facts()), dict(found.value()))
