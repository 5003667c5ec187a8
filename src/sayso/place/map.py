"""A small map of a place and the borders around it: an SVG text, or lines for a terminal.

It is drawn from the pack that answered and needs no server, no script and no font file, so that it
can stand in a record and on paper. A territory is a shade; ground that several claim is hatched.
The inner circle or outline is the place with its uncertainty, the outer what it may touch. The
attribution that the pack's licence asks for is part of the map.
"""

from collections.abc import Iterator
from html import escape

import numpy as np

from sayso.place import nearby, view
from sayso.place.ellipsoid import Floats
from sayso.place.nearby import Index
from sayso.place.pack import GROUND, Pack
from sayso.place.pieces import GRID
from sayso.place.resolve import Resolution
from sayso.place.shape import Place
from sayso.place.view import View
from sayso.place.viewpoint import Claims, Viewpoint

_SIDE = 400
_SHADES = ("#dbe7d3", "#f3e2c8", "#ded6ea", "#d3e5e0", "#efd9d9", "#e5e5c9")
_SEA = "#eef4f9"
_NAMED = 24
"""Cells of a side of the grid on which the names of territories find their place."""
_ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Kilometres that a scale may show."""
_SIGNS = ".:+=x%"


def svg(place: Place, told: Resolution, *, viewpoint: Viewpoint, pack: Pack) -> str:
    """Return an SVG map of `place`, complete in itself."""
    window, index = view.around(place, told), nearby.index(pack)
    claims = viewpoint.claims(pack.about)
    body = "".join(
        (
            *_grounds(index, window, claims),
            *_place(place, told, window),
            *_names(index, window, claims),
            *_margin(window, pack, viewpoint),
        )
    )
    title = f"Touches {', '.join(told.may_touch) or 'no territory'}, by {viewpoint.title}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}"'
        f' height="{_SIDE}" role="img" font-family="sans-serif" font-size="11">'
        f"<title>{escape(title)}</title>"
        '<defs><pattern id="both" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="M0 6 6 0" stroke="#888"/></pattern></defs>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="{_SEA}"/>{body}</svg>\n'
    )


def _grounds(index: Index, window: View, claims: Claims) -> Iterator[str]:
    """Yield the ground of each set of claimants as one path, and the hatching over the shared."""
    found = nearby.boxed(index, window.lat, window.lon, window.half_m * 1.5)
    rings: dict[tuple[str, ...], list[str]] = {}
    for piece in found.tolist():
        atom = index.names[index.atom[piece]]
        if atom not in GROUND and claims.of[atom]:
            rings.setdefault(claims.of[atom], []).extend(_rings(index, window, piece))
    for number, codes in enumerate(sorted(rings)):
        path, shade = " ".join(rings[codes]), _SHADES[number % len(_SHADES)]
        # The stroke hides the cuts between the pieces of one ground.
        yield f'<path d="{path}" fill="{shade}" stroke="{shade}" fill-rule="evenodd"/>'
        if len(codes) > 1:
            yield f'<path d="{path}" fill="url(#both)"/>'


def _rings(index: Index, window: View, piece: int) -> Iterator[str]:
    some = slice(index.start[piece], index.start[piece + 1])
    plane = window.plane(index.y[some] / GRID, index.x[some] / GRID)
    for ring in np.split(plane, np.flatnonzero(index.joint[some])[:-1] + 1):
        yield f"M{_points(np.clip(ring, -3, 3))}Z"


def _points(plane: Floats) -> str:
    pixels = np.round((plane + 1) * _SIDE / 2, 1)
    return " ".join(f"{x:g},{y:g}" for x, y in pixels.tolist())


def _place(place: Place, told: Resolution, window: View) -> Iterator[str]:
    """Yield the place as drawn, and around it what it may touch."""
    pixel = _SIDE / 2 / window.half_m
    wide = (place.within_m + told.basis.tolerance_m) * pixel
    around = place.within_m * pixel
    for kind, way in view.outlines(place, window):
        if kind == "point":
            x, y = np.round((way[0] + 1) * _SIDE / 2, 1).tolist()
            circle = f'<circle cx="{x:g}" cy="{y:g}" stroke="#a00" fill="#a00"'
            yield f'{circle} r="{wide:.1f}" fill-opacity="0"/>'
            yield f'{circle} r="{around:.1f}" fill-opacity=".2"/>'
            yield f'{circle} r="1.5"/>'
            continue
        line = f'<path d="M{_points(way)}" stroke-linejoin="round" stroke-linecap="round"'
        for width in (2 * wide, 2 * around):
            faint = f'stroke="#a00" stroke-opacity=".15" stroke-width="{width:.1f}"'
            yield f'{line} fill="none" {faint}/>'
        shade = "#a00" if kind == "area" else "none"
        yield f'{line} fill="{shade}" fill-opacity=".2" stroke="#a00"/>'


def _names(index: Index, window: View, claims: Claims) -> Iterator[str]:
    """Yield the code of each territory at the cell of its ground nearest to the ground's middle."""
    plane, atoms = view.cells(index, window, rows=_NAMED, columns=_NAMED)
    grounds: dict[str, list[int]] = {}
    for cell, held in enumerate(atoms):
        grounds.setdefault("/".join(view.claimants(held, claims)), []).append(cell)
    for name, some in sorted(grounds.items()):
        own = plane[some]
        best = own[np.argmin(np.hypot(*(own - own.mean(axis=0)).T))]
        x, y = np.round((best * 0.92 + 1) * _SIDE / 2).tolist()
        if name:
            yield f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="#333">{name}</text>'


def _margin(window: View, pack: Pack, viewpoint: Viewpoint) -> Iterator[str]:
    """Yield the scale, whose borders these are, and whose data."""
    scale = next((km for km in reversed(_ROUND) if km * 1000 < window.half_m / 2), 1)
    pixels = scale * 1000 * _SIDE / 2 / window.half_m
    yield f'<path d="M8,22 h{pixels:.1f}" stroke="#333" stroke-width="2"/>'
    yield f'<text x="8" y="16" fill="#333">{scale} km</text>'
    said = escape(f"borders as seen by {viewpoint.name} · {pack.about.attribution}")
    end = f'x="{_SIDE - 6}" y="{_SIDE - 8}" text-anchor="end"'
    yield f'<text {end} fill="#333" font-size="9">{said}</text>'


def lines(
    place: Place, told: Resolution, *, viewpoint: Viewpoint, pack: Pack, rows: int = 19
) -> tuple[str, ...]:
    """Return a map of `place` for a terminal, and under it what its signs mean.

    A cell is twice as high as it is wide. `@` is the place, `#` the edge of its uncertainty, `o`
    the edge of what it may touch.
    """
    window, index = view.around(place, told), nearby.index(pack)
    claims = viewpoint.claims(pack.about)
    columns = 2 * rows
    plane, atoms = view.cells(index, window, rows=rows, columns=columns)
    owners = [view.claimants(held, claims) for held in atoms]
    named = sorted(set(owners) - {()})
    signs = {(): "~"} | {codes: _SIGNS[n % len(_SIGNS)] for n, codes in enumerate(named)}
    away = _away(place, window, plane) * window.half_m
    edges = _edges(place, told, window.half_m / rows)
    drawn = "".join(
        next((mark for mark, least, most in edges if least < metres <= most), signs[codes])
        for metres, codes in zip(away.tolist(), owners, strict=True)
    )
    legend = "  ".join(f"{signs[codes]} {'/'.join(codes) or 'no territory'}" for codes in signs)
    source = f"borders as seen by {viewpoint.name}; {pack.about.attribution}"
    return (
        *(drawn[begin : begin + columns] for begin in range(0, len(drawn), columns)),
        f"@ the place  # its uncertainty  o what it may touch  {legend}",
        f"{2 * window.half_m / 1000:.0f} km across; {source}",
    )


def _edges(place: Place, told: Resolution, cell: float) -> tuple[tuple[str, float, float], ...]:
    """Return each mark, and between how many metres from the place as drawn it stands."""
    wide = place.within_m + told.basis.tolerance_m
    return (
        ("@", -1.0, cell),
        ("#", place.within_m - cell, place.within_m + cell),
        ("o", wide - cell, wide + cell),
    )


def _away(place: Place, window: View, plane: Floats) -> Floats:
    """Return how far in the plane each cell's middle lies from the place as drawn."""
    least = np.full(len(plane), np.inf)
    for _, way in view.outlines(place, window):
        ends = way[1:] if len(way) > 1 else way
        for one, two in zip(way[: len(ends)], ends, strict=True):
            squares = nearby.to_segments(one - plane, two - plane)
            least = np.minimum(least, np.sqrt(squares))
    return least
