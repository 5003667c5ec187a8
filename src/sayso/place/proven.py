"""Whether the test points of a viewpoint hold on a pack: what it says is its own proof.

Asked where a viewpoint and a pack come together from outside: a viewpoint of one's own, or another
pack, may say otherwise than its author meant.
"""

from collections.abc import Iterator
from functools import lru_cache

from sayso.errors import MalformedPlace
from sayso.place import lone, nearby
from sayso.place.pack import Pack
from sayso.place.viewpoint import Viewpoint


def faults(view: Viewpoint, pack: Pack) -> Iterator[str]:
    """Yield in words each test point of a viewpoint that does not hold."""
    index, claims = nearby.index(pack), view.claims(pack.about).of
    for point in view.points:
        atoms = [index.names[atom] for atom in lone.near(index, *point.at.degrees, metres=1)]
        codes = sorted({code for atom in atoms for code in claims.get(atom, ())})
        if (point.of in codes) is not point.inside:
            held = " and ".join(f"`{code}`" for code in codes) or "nobody"
            wanted = "is" if point.inside else "is not"
            yield f"{point.name} at {point.at} {wanted} to be of `{point.of}`, and is of {held}"


@lru_cache(maxsize=32)
def refuse(view: Viewpoint, pack: Pack) -> None:
    """Raise if a test point of the viewpoint does not hold on the pack."""
    for fault in faults(view, pack):
        raise MalformedPlace(
            f"a test point of the viewpoint `{view.name}` does not hold: {fault}",
            hint="mend the viewpoint, or give the pack it is written for",
        )
