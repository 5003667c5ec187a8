"""The answers for many points at once, as columns: what rehearsing a policy over a record needs.

For each point the answer is the one that `sayso.place.resolve` gives; a property test holds the two
together. Arrays go in and columns of truth come out, one for each question that a policy may ask.
"""

from dataclasses import dataclass

import numpy as np

from sayso.errors import MalformedPlace
from sayso.place import calm, nearby
from sayso.place.ellipsoid import Floats
from sayso.place.nearby import Bools, Near
from sayso.place.pack import LAND, SEA, Pack
from sayso.place.pieces import Numbers
from sayso.place.resolve import REACH_M, Tolerance, refuse_finer
from sayso.place.viewpoint import Claims, Viewpoint


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Many points: degrees, and the metres around each."""

    lat: Floats
    lon: Floats
    within_m: Floats

    def __post_init__(self) -> None:
        inside = (np.abs(self.lat) <= 90) & (np.abs(self.lon) <= 180) & (self.within_m >= 0)  # noqa: PLR2004  # the ends of the world; NaN fails all three
        if not inside.all():
            raise MalformedPlace(f"point {int(np.argmin(inside))} is no position on Earth")


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The answers, kept sparse: a row for each point and territory that it may touch."""

    known: tuple[str, ...]
    count: int
    point: Numbers
    code: Numbers
    certain: Numbers
    """The number of the territory each point is certainly in, or -1."""
    zone: dict[str, Bools]
    tolerance_m: Numbers

    def touches(self, territory: str) -> Bools:
        """Return for each point whether it may touch `territory`."""
        column = np.zeros(self.count, np.bool_)
        column[self.point[self.code == self._number(territory)]] = True
        return column

    def certainly_in(self, territory: str) -> Bools:
        """Return for each point whether it is certainly in `territory`."""
        whole: Bools = self.certain == self._number(territory)
        return whole

    def may_touch(self, point: int) -> tuple[str, ...]:
        """Return the territories that one point may touch, sorted."""
        codes = np.unique(self.code[self.point == point])
        return tuple(self.known[code] for code in codes.tolist())

    def _number(self, territory: str) -> int:
        return _number(self.known, territory)


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """The least metres there may be to each territory, kept sparse: a row for each that is near."""

    known: tuple[str, ...]
    count: int
    point: Numbers
    code: Numbers
    metres: Numbers

    def least_m(self, territory: str) -> Numbers:
        """Return for each point what `Resolution.least_m` does: 0 if touched, 100 km if far."""
        own = self.code == _number(self.known, territory)
        column = np.full(self.count, REACH_M)
        np.minimum.at(column, self.point[own], self.metres[own])
        return column

    def within_km(self, territory: str, kilometres: int) -> Bools:
        """Return for each point whether it may be within so many kilometres of `territory`."""
        near: Bools = self.least_m(territory) <= kilometres * 1000
        return near


def _number(known: tuple[str, ...], territory: str) -> int:
    if territory not in known:
        raise MalformedPlace(f"the viewpoint knows no territory `{territory}`")
    return known.index(territory)


def resolve(points: Points, *, viewpoint: Viewpoint, pack: Pack, tolerance: Tolerance) -> Columns:
    """Return for each point what it may touch, what it is certainly in, and its zones."""
    refuse_finer(tolerance, pack)
    claims, names = viewpoint.claims(pack.about), pack.about.atoms
    coast = points.within_m + pack.about.coast_error_m
    loosest = max(tolerance.land_m, tolerance.sea_m)
    margin = max(loosest, pack.about.coast_error_m)
    near = calm.near(
        nearby.index(pack),
        points.lat,
        points.lon,
        metres=points.within_m + margin,
        beyond_m=loosest - margin,
    )
    on_land, at_sea = (_within(near, names.index(name), coast) for name in (LAND, SEA))
    used = np.where(at_sea, tolerance.sea_m, tolerance.land_m)
    territorial = ~np.isin(near.atom, [names.index(LAND), names.index(SEA)])
    kept = territorial & (near.metres <= (points.within_m + used)[near.point])
    point, atom = near.point[kept], near.atom[kept]
    owner, code = _claimed(point, atom, claims=claims, names=names)
    high, nobody = (
        np.isin(atom, [names.index(name) for name in some])
        for some in (claims.high_seas, claims.unclaimed)
    )
    state = _marked(point[~high & ~nobody], len(used))
    return Columns(
        known=claims.known,
        count=len(used),
        point=owner,
        code=code,
        certain=_certain((point, atom), len(used), claims=claims, names=names),
        zone={
            "land": state & on_land,
            "territorial-sea": state & at_sea,
            "high-seas": _marked(point[high], len(used)),
            "unclaimed": _marked(point[nobody], len(used)),
        },
        tolerance_m=used,
    )


def distances(
    points: Points, *, viewpoint: Viewpoint, pack: Pack, tolerance: Tolerance
) -> Distances:
    """Return for each point how far it is at least from each territory within 100 km of it.

    Slower than `resolve`, which looks no farther than a point may touch.
    """
    refuse_finer(tolerance, pack)
    claims, names = viewpoint.claims(pack.about), pack.about.atoms
    widest = max(tolerance.land_m, tolerance.sea_m, pack.about.coast_error_m)
    near = calm.near(
        nearby.index(pack),
        points.lat,
        points.lon,
        metres=points.within_m + widest,
        beyond_m=REACH_M,
    )
    at_sea = _within(near, names.index(SEA), points.within_m + pack.about.coast_error_m)
    wide = points.within_m + np.where(at_sea, tolerance.sea_m, tolerance.land_m)
    left = np.maximum(np.ceil(near.metres - wide[near.point]), 0).astype(np.int64)
    row, code = _claimed(np.arange(len(near.atom)), near.atom, claims=claims, names=names)
    return Distances(claims.known, len(wide), near.point[row], code, left[row])


def _within(near: Near, atom: int, metres: Floats) -> Bools:
    """Return which points have `atom` within their `metres`."""
    of = near.atom == atom
    point = near.point[of]
    return _marked(point[near.metres[of] <= metres[point]], len(metres))


def _marked(some: Numbers, count: int) -> Bools:
    column = np.zeros(count, np.bool_)
    column[some] = True
    return column


def _claimed(
    point: Numbers, atom: Numbers, *, claims: Claims, names: tuple[str, ...]
) -> tuple[Numbers, Numbers]:
    """Return the pairs of a point and the number of a territory that claims one of its atoms."""
    number = {code: at for at, code in enumerate(claims.known)}
    owners = [[number[code] for code in claims.of.get(name, ())] for name in names]
    sizes = np.array([len(codes) for codes in owners])
    begin = np.cumsum(sizes) - sizes
    flat = np.array([code for codes in owners for code in codes], np.int64)
    many = sizes[atom]
    ends = np.cumsum(many)
    at = np.arange(int(many.sum())) + np.repeat(begin[atom] - (ends - many), many)
    return np.repeat(point, many), flat[at]


def _certain(
    near: tuple[Numbers, Numbers], count: int, *, claims: Claims, names: tuple[str, ...]
) -> Numbers:
    """Return for each point the number of the territory it is certainly in, or -1.

    It is certain if all the point's atoms have the same claimants, and those are one.
    """
    point, atom = near
    owners = [claims.of.get(name, ()) for name in names]
    kinds = {codes: at for at, codes in enumerate(dict.fromkeys(owners))}
    kind = np.array([kinds[codes] for codes in owners])[atom]
    one = np.array([claims.known.index(c[0]) if len(c) == 1 else -1 for c in kinds])
    low, high = np.full(count, len(kinds)), np.full(count, -1)
    np.minimum.at(low, point, kind)
    np.maximum.at(high, point, kind)
    return np.where(low == high, one[np.maximum(high, 0)], -1)
