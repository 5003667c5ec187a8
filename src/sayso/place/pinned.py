"""A resolution as the record keeps it, and what becomes of it under other data.

What is kept is the place, the answer, and the digests of the pack and of the viewpoint it came
from. From the same pack, viewpoint and tolerance the same bytes come again: `rederive` checks it.
Other data are never used in their stead: `Untrue` says which they were.

`changes` asks many kept places of another pack, and yields those whose answer would be another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sayso import wire
from sayso.errors import MalformedPlace, Untrue
from sayso.place import shape
from sayso.place.pack import Pack
from sayso.place.resolve import Resolution, Tolerance, resolve
from sayso.place.shape import Place
from sayso.place.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class Pinned:
    """A place, its answer, and what the answer came from."""

    place: Place
    answer: Mapping[str, wire.Value]
    pack_sha256: str
    viewpoint_sha256: str
    tolerance: Tolerance

    def value(self) -> dict[str, wire.Value]:
        """Return the written form."""
        return {
            "place": self.place.value(),
            "answer": dict(self.answer),
            "pack_sha256": self.pack_sha256,
            "viewpoint_sha256": self.viewpoint_sha256,
            "tolerance": {"land_m": self.tolerance.land_m, "sea_m": self.tolerance.sea_m},
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A kept place whose answer would be another: what of it, before and after."""

    place: Place
    before: Mapping[str, wire.Value]
    after: Mapping[str, wire.Value]
    said: tuple[str, ...]
    """The keys of the answer that differ in what they say, distances apart."""


_SAYS = ("certainly_in", "may_touch", "zones")


def pin(place: Place, *, viewpoint: Viewpoint, pack: Pack, tolerance: Tolerance) -> Pinned:
    """Return the place with its answer, to be kept."""
    answer = resolve(place, viewpoint=viewpoint, pack=pack, tolerance=tolerance)
    return Pinned(place, answer.value(), pack.sha256, viewpoint.sha256, tolerance)


def read(value: wire.Value) -> Pinned:
    """Return the kept resolution whose written form is `value`."""
    match value:
        case {
            "place": dict(place),
            "answer": dict(answer),
            "pack_sha256": str(pack),
            "viewpoint_sha256": str(view),
            "tolerance": {"land_m": int(land_m), "sea_m": int(sea_m)},
        }:
            return Pinned(shape.read(place), answer, pack, view, Tolerance(land_m, sea_m))
        case _:
            raise MalformedPlace("this is not the written form of a kept resolution")


def rederive(kept: Pinned, *, viewpoint: Viewpoint, pack: Pack) -> Resolution:
    """Return the resolution again; `Untrue` if the data are others, or one byte differs."""
    for name, pinned, given in (
        ("pack", kept.pack_sha256, pack.sha256),
        ("viewpoint", kept.viewpoint_sha256, viewpoint.sha256),
    ):
        if pinned != given:
            raise Untrue(
                f"the {name} given has the digest {given[:16]}…, not {pinned[:16]}…",
                hint=f"give the {name} that the resolution was made with",
            )
    again = resolve(kept.place, viewpoint=viewpoint, pack=pack, tolerance=kept.tolerance)
    if wire.dump(again.value()) != wire.dump(dict(kept.answer)):
        raise Untrue("the kept resolution is not what its place resolves to")
    return again


def changes(kept: Iterable[Pinned], *, viewpoint: Viewpoint, pack: Pack) -> Iterator[Change]:
    """Yield the kept places that `pack` and `viewpoint` answer otherwise, distances apart."""
    for each in kept:
        answer = resolve(
            each.place, viewpoint=viewpoint, pack=pack, tolerance=each.tolerance
        ).value()
        said = tuple(key for key in _SAYS if answer[key] != each.answer.get(key))
        if said:
            yield Change(each.place, each.answer, answer, said)


def side_by_side(
    place: Place, *, viewpoints: Iterable[Viewpoint], pack: Pack, tolerance: Tolerance
) -> tuple[Resolution, ...]:
    """Return the answer of each viewpoint for one place."""
    return tuple(
        resolve(place, viewpoint=each, pack=pack, tolerance=tolerance) for each in viewpoints
    )
