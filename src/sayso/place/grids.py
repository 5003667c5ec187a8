"""Military grid (MGRS) and UTM coordinates.

    37U CS 29 08       a cell of 1 km; the cell is the place
    37U 389000 5610000, or 37 north 389000 5610000

The inverse projection is Krüger's series to the fourth order, as in C. Karney, "Transverse Mercator
with an accuracy of a few nanometers", J. Geodesy 85 (2011): a micrometre within a zone. The letters
of squares follow NGA.SIG.0012 (the AA scheme). The polar squares (A, B, Y, Z) are not read. After a
zone, `S` may mean the south or the band from 32° to 40° North: it is refused in UTM.
"""

import math
import re
from dataclasses import dataclass

from sayso.errors import MalformedPlace
from sayso.place.shape import Part, Place, Point

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_SQUARE = re.compile(
    rf"(\d{{1,2}})\s*([{_BANDS}])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*((?:\d\s*){{0,10}})",
    re.IGNORECASE | re.ASCII,
)
_POLAR = re.compile(r"[ABYZ]\s*[A-HJ-NP-Z]{2}\s*(?:\d\s*){0,10}", re.IGNORECASE | re.ASCII)
_UTM = re.compile(
    rf"(\d{{1,2}})\s*([{_BANDS}]|north|south)[\s,]+(\d{{6}}(?:\.\d{{1,3}})?)\s*m?\s*E?[\s,]+"
    r"(\d{1,8}(?:\.\d{1,3})?)\s*m?\s*N?",
    re.IGNORECASE | re.ASCII,
)
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_LOWEST = (11, 20, 28, 37, 46, 55, 64, 73, 82, 91, 0, 8, 17, 26, 35, 44, 53, 62, 70, 79)
"""The least northing of each band, in units of 100 km, counted in the south from 10,000 km."""
_HUNDRED = 100_000
_EQUATOR = 10_000_000

_F = 1 / 298.257223563
_N = _F / (2 - _F)
_RECTIFYING = 6_378_137.0 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_E = math.sqrt(_F * (2 - _F))


def looks(text: str) -> bool:
    """Return whether `text` may be a grid reference."""
    return any(form.fullmatch(text) for form in (_SQUARE, _POLAR, _UTM))


def parse(text: str, *, within_m: int) -> Place:
    """Return the place of a grid reference: a cell of MGRS, or a point of UTM."""
    if square := _SQUARE.fullmatch(text):
        return _mgrs(square, text, within_m)
    if utm := _UTM.fullmatch(text):
        return _utm(utm, text, within_m)
    raise MalformedPlace(f"`{text}` is a polar square", hint="write it in degrees")


def _mgrs(found: re.Match[str], text: str, within_m: int) -> Place:
    zone, band, column, row = int(found[1]), found[2].upper(), found[3].upper(), found[4].upper()
    digits = re.sub(r"\s", "", found[5])
    columns = _COLUMNS[zone % 3]
    if not 1 <= zone <= 60 or column not in columns or len(digits) % 2:  # noqa: PLR2004  # UTM has 60 zones
        raise MalformedPlace(
            f"`{text}` is not a grid reference",
            hint=f"zone {zone} has the columns {columns}, and the digits come in two halves",
        )
    half = len(digits) // 2
    cell = 10 ** (5 - half)
    easting = (columns.index(column) + 1) * _HUNDRED + int(digits[:half] or 0) * cell
    northing = _row(row, zone, band) + int(digits[half:] or 0) * cell
    at = _Projected(zone, band >= "N", easting + cell / 2, northing + cell / 2)
    lat, lon = inverse(at)
    _refuse_outside(lat, band, text, cell)
    around = max(within_m, math.ceil(cell * math.sqrt(0.5) * 1.001))
    return Place((Part("point", ((Point.at(lat, lon),),)),), around, text, "MGRS")


def _row(row: str, zone: int, band: str) -> int:
    """Return the northing of a row; rows repeat every 2,000 km, and the band says which."""
    shift = 5 if zone % 2 == 0 else 0
    within = (_ROWS.index(row) - shift) % len(_ROWS)
    lowest = _LOWEST[_BANDS.index(band)]
    return (lowest + (within - lowest) % len(_ROWS)) * _HUNDRED


def _refuse_outside(lat: float, band: str, text: str, cell: int) -> None:
    south = -80 + 8 * _BANDS.index(band)
    north = 84 if band == "X" else south + 8
    slack = cell / 110_000 + 0.001
    if not south - slack <= lat <= north + slack:
        raise MalformedPlace(f"`{text}` names a square that is not in the band {band}")


def _utm(found: re.Match[str], text: str, within_m: int) -> Place:
    zone, side = int(found[1]), found[2].upper()
    if side == "S":
        raise MalformedPlace(
            f"`{text}` may mean the south, or the band S in the north",
            hint=f"write `{zone} north` or `{zone} south`",
        )
    easting, northing = float(found[3]), float(found[4])
    if not 1 <= zone <= 60 or not 100_000 <= easting < 900_000 or northing > _EQUATOR:  # noqa: PLR2004  # UTM's own limits
        raise MalformedPlace(f"`{text}` lies outside its zone", hint="easting first, then northing")
    northern = side in {"NORTH", "N"} or (side != "SOUTH" and side >= "N")
    lat, lon = inverse(_Projected(zone, northern, easting, northing))
    if len(side) == 1 and side != "N":
        _refuse_outside(lat, side, text, 1)
    digits = max(len(each.partition(".")[2]) for each in (found[3], found[4]))
    around = max(within_m, math.ceil(10**-digits * math.sqrt(0.5)))
    return Place((Part("point", ((Point.at(lat, lon),),)),), around, text, "UTM")


@dataclass(frozen=True, slots=True)
class _Projected:
    """A point of a UTM zone, in metres."""

    zone: int
    northern: bool
    easting: float
    northing: float


def inverse(at: _Projected) -> tuple[float, float]:
    """Return the latitude and longitude, in degrees, of a point of a UTM zone."""
    xi = (at.northing - (0 if at.northern else _EQUATOR)) / (0.9996 * _RECTIFYING)
    eta = (at.easting - 500_000) / (0.9996 * _RECTIFYING)
    terms = tuple(enumerate(_BETA, 1))
    xi_sphere = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in terms)
    eta_sphere = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in terms)
    tau_sphere = math.sin(xi_sphere) / math.hypot(math.sinh(eta_sphere), math.cos(xi_sphere))
    turn = math.atan2(math.sinh(eta_sphere), math.cos(xi_sphere))
    lon = (math.degrees(turn) + 6 * at.zone - 183 + 180) % 360 - 180
    return math.degrees(math.atan(_tau(tau_sphere))), lon


def _tau(sphere: float) -> float:
    """Return the tangent of the latitude whose conformal latitude has the tangent `sphere`.

    Newton's method, Karney's equation 21; five rounds reach the last bit anywhere in a zone.
    """
    tau = sphere
    for _ in range(5):
        sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
        ours = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        slope = (1 - _E**2) * math.hypot(1, tau) / (1 + (1 - _E**2) * tau**2)
        tau += (sphere - ours) / (math.hypot(1, ours) * slope)
    return tau
