"""What must hold of a pack before it is written. Each check gives the faults it found, in words.

The pack is asked through the same code that answers at run time, so that a fault of the cutting or
of the file is found as well as one of the source.
"""

from collections.abc import Iterator

import numpy as np
import shapely

from sayso.place import nearby, proven, viewpoint
from sayso.place.build import recipe
from sayso.place.build.atoms import Atoms
from sayso.place.ellipsoid import Floats
from sayso.place.pack import GROUND, Pack

_AREA = 0.02
"""How much of an area may be gained or lost between two vintages."""
_WORLD = 4 * np.pi * 6_371_007.2**2 / 1e6
"""Area of the world, km²."""
_UNCOVERED = 1e-6
"""Part of the world that may lie in seams between the atoms: 500 km² along 250,000 km of border."""
_STATES = 0.03
"""How much a state's land may differ from the second publisher's."""
_JUDGED = ("BY", "EE", "FI", "GE", "KZ", "LT", "LV", "MN", "PL", "RU", "UA")
"""The states whose borders the second publisher is asked about: Russia and around it."""


def faults(made: Pack, atoms: Atoms, outlines: Atoms) -> Iterator[str]:
    """Yield every fault of the pack `made` from `atoms`."""
    yield from probes(made)
    yield from areas(atoms)
    yield from seams(atoms)
    yield from second_opinion(atoms, outlines)
    for name in viewpoint.SHIPPED:
        view = viewpoint.shipped(name)
        yield from (f"by `{name}`: {fault}" for fault in proven.faults(view, made))


def probes(made: Pack) -> Iterator[str]:
    """Yield the probe points that lie in another atom than the recipe says."""
    ready = nearby.index(made)
    for probe in recipe.PROBES:
        found = nearby.around(ready, probe.lat, probe.lon, metres=1).keys() - GROUND
        if found != {probe.atom}:
            yield f"{probe.name} lies in {sorted(found)}, not in {probe.atom}"


def areas(atoms: Atoms) -> Iterator[str]:
    """Yield the atoms whose area is not the one the recipe says."""
    for name, wanted in recipe.AREAS_KM2.items():
        got = area_km2(atoms[name])
        if abs(got / wanted - 1) > _AREA:
            yield f"{name} has {got:,.0f} km², not {wanted:,}"


def seams(atoms: Atoms) -> Iterator[str]:
    """Yield a fault if the atoms of the territory layer leave too much of the world to nobody."""
    held = sum(area_km2(each) for name, each in atoms.items() if name not in GROUND)
    if abs(held / _WORLD - 1) > _UNCOVERED:
        yield f"the atoms hold {held:,.0f} km² of the world's {_WORLD:,.0f}"


def second_opinion(atoms: Atoms, outlines: Atoms) -> Iterator[str]:
    """Yield the states that the second publisher draws otherwise."""
    also = {"UA": ("ua.oblasts4",), "GE": ("abkhazia",), "FI": ("ax.core",)}
    for code in _JUDGED:
        names = (f"{code.lower()}.core", *also.get(code, ()))
        ours = shapely.union_all([atoms[name] for name in names])
        theirs = shapely.difference(outlines[code], atoms["crimea"])
        apart = area_km2(shapely.symmetric_difference(ours, theirs))
        if apart / area_km2(theirs) > _STATES:
            yield f"the second publisher draws {code} otherwise by {apart:,.0f} km²"


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the area on the authalic sphere: exact for a partition, 0.5 % off for one state."""

    def lambert(lonlat: Floats) -> Floats:
        return np.stack([np.radians(lonlat[:, 0]), np.sin(np.radians(lonlat[:, 1]))], axis=1)

    flat = shapely.transform(shapely.segmentize(geometry, 0.1), lambert)
    return float(shapely.area(flat)) * 6371.0072**2
