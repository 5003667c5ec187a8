"""`sayso place`: what territory a place touches, by whose map, and how sure that is.

The modules of `place` are imported where they are used: most commands need none of them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso import app
from sayso.atlas import pack_of, viewpoint_of
from sayso.cli import phrases
from sayso.cli.rim import METRES, REFUSED, Rim, command, told, write_new
from sayso.errors import MalformedPlace

if TYPE_CHECKING:
    from sayso.place.pack import Pack
    from sayso.place.pinned import Change, Pinned
    from sayso.place.resolve import Resolution
    from sayso.place.viewpoint import Viewpoint

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_VIEWPOINTS = click.option(
    "--viewpoint",
    "views",
    multiple=True,
    default=["us"],
    show_default=True,
    help="Whose idea of the borders, or a file of your own; several stand side by side.",
)


@click.group()
def place() -> None:
    """Places: which territories they touch, by whose map."""


class _Southern(click.Command):
    """A command whose argument may start with a minus sign: `-33.86, 151.22` is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return what is left of the arguments, those like `-33` taken as they stand."""
        south = [each for each in args if re.match(r"-\d", each)]
        if south and "--" not in args:
            args = [*(each for each in args if each not in south), "--", *south]
        return super().parse_args(ctx, args)


@place.command("show", cls=_Southern)
@click.argument("text", metavar="PLACE")
@click.option("--within", "within_m", type=METRES, help="Its radius or uncertainty: 500m, 5km.")
@_VIEWPOINTS
@click.option("--tolerance", "tolerance_m", type=METRES, help="Else 1.5 km on land, 2.5 at sea.")
@click.option("--pack", "pack_file", type=_FILE, help="A boundary pack; else the one shipped.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write a map there.")
@command
def show(
    rim: Rim,
    text: str,
    within_m: int | None,
    views: tuple[str, ...],
    tolerance_m: int | None,
    pack_file: Path | None,
    svg: Path | None,
) -> None:
    """Show which territories a place certainly lies in, and which it may touch.

    PLACE is a town, degrees, MGRS, UTM, a Plus code, GeoJSON, WKT or KML; @FILE reads a file.

    \b
    Example: sayso place show "50.27, 36.30" --within 5km --viewpoint us --viewpoint ru
    """
    from sayso.place import map as maps  # noqa: PLC0415  # loads NumPy and Shapely
    from sayso.place import parse, pinned, proven, resolve  # noqa: PLC0415  # loads NumPy and Shapely

    found = parse.parse(_typed(text), within_m=within_m)
    viewpoints, pack = [_viewpoint(each) for each in views], _pack(pack_file)
    for view in viewpoints:
        proven.refuse(view, pack)
    tolerance = (
        resolve.Tolerance() if tolerance_m is None else resolve.Tolerance(tolerance_m, tolerance_m)
    )
    told = pinned.side_by_side(found, viewpoints=viewpoints, pack=pack, tolerance=tolerance)
    if svg is not None:
        drawn = maps.svg(found, told[0], viewpoint=viewpoints[0], pack=pack)
        svg.write_text(drawn, encoding="utf-8")
    value: object = told[0].value() if len(told) == 1 else [each.value() for each in told]
    drawing = maps.lines(found, told[0], viewpoint=viewpoints[0], pack=pack)
    rim.show(value, "\n".join((_side_by_side(told), "", *drawing)))


def _side_by_side(told: "tuple[Resolution, ...]") -> str:
    rows = [
        (
            each.basis.viewpoint,
            phrases.listed(each.certainly_in) or "none",
            phrases.listed(each.may_touch) or "none",
            phrases.listed(each.zones),
            phrases.listed(f"{code} {metres / 1000:.1f} km" for code, metres in each.nearest[:3]),
        )
        for each in told
    ]
    return phrases.table(rows, ("Viewpoint", "Certainly in", "May touch", "Zones", "Nearest"))


@place.command("lay")
@click.argument("overlay", type=_FILE)
@click.option("--name", required=True, help="What the ground is called: small letters, hyphens.")
@click.option("--source", required=True, help="Who drew it.")
@click.option("--licence", required=True, help="Under what licence.")
@click.option("--date", required=True, help="Of which day: 2026-05-30.")
@click.option("--pack", "pack_file", type=_FILE, help="Over which pack; else the one in use.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new pack."
)
@command
def lay(
    rim: Rim,
    overlay: Path,
    name: str,
    source: str,
    licence: str,
    date: str,
    pack_file: Path | None,
    out: Path,
) -> None:
    """Lay a deployment's own ground over a boundary pack: a zone, a line of control.

    OVERLAY is GeoJSON, or a GeoPackage (.gpkg). Name the new pack in SAYSO_PACK to use it.

    \b
    Example: sayso place lay held.geojson --name held --source "staff map" \\
      --licence internal --date 2026-05-30 --out ours.pack
    """
    from sayso.place import overlay as overlays  # noqa: PLC0415  # loads NumPy and Shapely
    from sayso.place import pack  # noqa: PLC0415  # loads NumPy and Shapely

    if out.exists():
        raise MalformedPlace(f"`{out}` is there already", hint="a pack is never replaced")
    read = overlays.from_geopackage if overlay.suffix == ".gpkg" else overlays.from_geojson
    drawn = read(told(overlay), overlays.Origin(name, source, licence, date))
    data = overlays.lay(_pack(pack_file), drawn)
    made = pack.load(data)
    write_new(out, data)
    added = [each for each in made.about.atoms if each.endswith(f"+{name}")]
    rim.show(
        {"pack": str(out), "sha256": made.sha256, "atoms": added},
        f"Wrote {out}, SHA-256 {made.sha256}.\nIts new atoms: {phrases.listed(added) or 'none'}.\n"
        f"A viewpoint says whose they are: `plus` or `minus: [+{name}]`.",
    )


@place.command("compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@command
def compare(rim: Rim, before: Path, after: Path) -> None:
    """List the recorded places whose answer would change from one boundary pack to another.

    Status 0 if none would, 1 if some would.

    \b
    Example: sayso place compare packs/2025.pack packs/2026.pack
    """
    old, new = _pack(before), _pack(after)
    changed = list(_changes(rim, old, new))
    rows = [
        (case, phrases.listed(change.said), _answer(change.before), _answer(change.after))
        for case, change in changed
    ]
    rim.show(
        [
            {"case": case, "changes": list(each.said), "before": each.before, "after": each.after}
            for case, each in changed
        ],
        phrases.table(rows, ("Case", "Changes", "Before", "After"))
        if rows
        else "No recorded place would be answered otherwise.",
    )
    if changed:
        click.get_current_context().exit(REFUSED)


def _answer(answer: object) -> str:
    touched = answer.get("may_touch") if isinstance(answer, dict) else None
    return phrases.listed(touched) if isinstance(touched, list) else ""


def _changes(rim: Rim, old: "Pack", new: "Pack") -> "Iterator[tuple[str, Change]]":
    from sayso.place import pinned  # noqa: PLC0415  # loads NumPy and Shapely

    state = rim.state()
    viewpoint = _viewpoint(state.viewpoint)
    for name, case in sorted(state.cases.items()):
        kept: Pinned = pinned.read(case.dossier.verdict.said.place)
        then = pinned.pin(kept.place, viewpoint=viewpoint, pack=old, tolerance=kept.tolerance)
        for change in pinned.changes([then], viewpoint=viewpoint, pack=new):
            yield name, change


def _typed(text: str) -> str:
    if not text.startswith("@"):
        return text
    file = Path(text[1:])
    if not file.is_file():
        raise MalformedPlace(f"there is no file `{file}`", hint="@FILE reads a place from a file")
    try:
        return told(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedPlace(f"`{file}` is not UTF-8", hint="save it as UTF-8") from None


def _viewpoint(name: str) -> "Viewpoint":
    from sayso.place import viewpoint as viewpoints  # noqa: PLC0415  # loads NumPy and Shapely

    file = Path(name)
    return viewpoints.parse(told(file)) if file.is_file() else viewpoint_of(app.atlas(), name)


def _pack(file: Path | None) -> "Pack":
    maps = app.atlas()
    return pack_of(maps if file is None else replace(maps, pack=file))
