"""From a place as it was typed to the facts a policy asks of it."""

from dataclasses import dataclass

from sayso.casework.facts import Located
from sayso.errors import MalformedPlace, Unknown
from sayso.wire import Value

_TOUCHES = {"Kursk": ("RU",), "Belgorod": ("RU",), "Dzhankoi": ("UA",)}


@dataclass(frozen=True, slots=True)
class _Row:
    facts: Value
    basis: Value


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The few places of the reference scenario, under the viewpoint `us`."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> Located:
        """Return `place` resolved; `Unknown` if it is not in the table."""
        if viewpoint != "us":
            raise MalformedPlace(f"the viewpoint `{viewpoint}` is not known", hint="use `us`")
        if within_m:
            raise MalformedPlace("a radius cannot be resolved by the table", hint="leave it out")
        touches = _TOUCHES.get(place)
        if touches is None:
            raise Unknown.named("place", place, _TOUCHES)
        return _Row(
            {"touches": list(touches), "certainly_in": list(touches)},
            {"source": "table", "viewpoint": viewpoint},
        )
