"""From the text somebody types to a place; one way in for every form.

| form | for example | module |
|---|---|---|
| decimal degrees; degrees, minutes, seconds | `51.73, 36.19` | `angles` |
| a town's name, or its number in GeoNames | `Kursk`, `geonames:538560` | `gazetteer` |

A form that does not say how exact it is implies a least radius; `within_m` can only enlarge it.
Whatever cannot be meant, or may mean two things, is a `MalformedPlace` that says so.
"""

from sayso.errors import MalformedPlace
from sayso.place import angles, gazetteer
from sayso.place.shape import Place

LONGEST = 1_000_000
"""Characters of the longest text read."""


def parse(text: str, *, within_m: int | None = None) -> Place:
    """Return the place that `text` names, and nothing nearer than `within_m` around it."""
    typed = text.strip()
    if not typed or len(typed) > LONGEST:
        raise MalformedPlace("a place needs a text", hint="write a position or a town's name")
    around = within_m or 0
    if angles.looks(typed):
        return angles.parse(typed, within_m=around)
    return gazetteer.parse(typed, within_m=around)
