"""Which territories a place may touch, and which it is certainly in, by whose map, and how sure.

A place is what was typed, grown by its uncertainty; a border is what the pack draws, give or take
the tolerance. So with `wide` = uncertainty + tolerance:

* it *may touch* a territory if any ground of it lies within `wide` of the place as drawn;
* it is *certainly in* a territory if nothing else lies within `wide`: no other territory, no ground
  that a second territory claims too, no high seas. At most one is certain, and what is certain is
  also touched.

The tolerance is the sea's if any sea may lie within the uncertainty, else the land's. A tolerance
below the error of the pack's own borders is refused.

Distances are metres on the ellipsoid, rounded down, from the place as drawn, without its
uncertainty, up to 100 km beyond `wide`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sayso import wire
from sayso.errors import MalformedPlace
from sayso.place import nearby, whole
from sayso.place.pack import LAND, SEA, Pack
from sayso.place.shape import Place
from sayso.place.viewpoint import Claims, Viewpoint

REACH_M = 100_000
"""How far beyond the place and the tolerance distances are told."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from a drawn border the true one may run; set by policy."""

    land_m: int = 1_500
    sea_m: int = 2_500

    def __post_init__(self) -> None:
        if not 0 <= self.land_m <= REACH_M or not 0 <= self.sea_m <= REACH_M:
            raise MalformedPlace(f"a tolerance lies between 0 and {REACH_M} m")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a resolution rests on: the pack, the viewpoint and the tolerance used."""

    source: str
    version: str
    sha256: str
    viewpoint: str
    viewpoint_sha256: str
    tolerance_m: int

    def value(self) -> dict[str, wire.Value]:
        """Return the written form; the viewpoint by its name."""
        return {
            "source": self.source,
            "version": self.version,
            "sha256": self.sha256,
            "viewpoint": self.viewpoint,
            "tolerance_m": self.tolerance_m,
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer. Territories are ISO 3166-1 alpha-2 codes, sorted; `nearest` by metres."""

    certainly_in: tuple[str, ...]
    may_touch: tuple[str, ...]
    zones: tuple[str, ...]
    nearest: tuple[tuple[str, int], ...]
    basis: Basis
    within_m: int
    known: tuple[str, ...]
    """The territories of the viewpoint: of those not near, it is known that they are far."""

    def value(self) -> dict[str, wire.Value]:
        """Return the written form, as the record keeps it and `place show --json` prints it."""
        return {
            "certainly_in": list(self.certainly_in),
            "may_touch": list(self.may_touch),
            "zones": list(self.zones),
            "nearest": [{"territory": code, "metres": metres} for code, metres in self.nearest],
            "basis": self.basis.value(),
        }

    def least_m(self, territory: str) -> int:
        """Return the least metres there may be to `territory`: 0 if it may be touched.

        Of a territory that is not near, 100 km are told: the truth is no less.
        """
        if territory in self.may_touch:
            return 0
        if territory not in self.known:
            raise MalformedPlace(
                f"the viewpoint `{self.basis.viewpoint}` knows no territory `{territory}`",
                hint="write an ISO 3166-1 alpha-2 code",
            )
        wide = self.within_m + self.basis.tolerance_m
        near = dict(self.nearest)
        return min(near[territory] - wide, REACH_M) if territory in near else REACH_M

    def within_km(self, territory: str, kilometres: int) -> bool:
        """Return whether the place may be within so many kilometres of `territory`."""
        return self.least_m(territory) <= kilometres * 1000

    def facts(self) -> dict[str, wire.Value]:
        """Return what a policy may ask of `place`, kilometres rounded to the side of caution."""
        return {
            "touches": list(self.may_touch),
            "certainly_in": list(self.certainly_in),
            "zones": list(self.zones),
            "radius_km": -(-self.within_m // 1000),
            "distance_km": {code: self.least_m(code) // 1000 for code in self.known},
        }


def resolve(place: Place, *, viewpoint: Viewpoint, pack: Pack, tolerance: Tolerance) -> Resolution:
    """Return where `place` is, as `viewpoint` sees the borders that `pack` draws."""
    refuse_finer(tolerance, pack)
    claims = viewpoint.claims(pack.about)
    widest = max(tolerance.land_m, tolerance.sea_m, pack.about.coast_error_m)
    near = whole.near(nearby.index(pack), place, metres=place.within_m + widest, beyond_m=REACH_M)
    coast = place.within_m + pack.about.coast_error_m
    at_sea = SEA in near and near[SEA] <= coast
    used = tolerance.sea_m if at_sea else tolerance.land_m
    wide = place.within_m + used
    touched = {atom for atom, metres in near.items() if metres <= wide and atom in claims.of}
    metres = _by_territory(near, claims.of)
    return Resolution(
        certainly_in=_certain(claims.of[atom] for atom in touched),
        may_touch=tuple(sorted({code for atom in touched for code in claims.of[atom]})),
        zones=_zones(touched, claims, (near.get(LAND, coast + 1) <= coast, at_sea)),
        nearest=tuple(
            sorted(
                ((code, m) for code, m in metres.items() if 0 < m <= wide + REACH_M),
                key=lambda each: (each[1], each[0]),
            )
        ),
        basis=_basis(pack, viewpoint, used),
        within_m=place.within_m,
        known=claims.known,
    )


def refuse_finer(tolerance: Tolerance, pack: Pack) -> None:
    """Raise if `tolerance` pretends to know borders better than `pack` draws them."""
    if min(tolerance.land_m, tolerance.sea_m) < pack.about.error_m:
        raise MalformedPlace(
            f"a tolerance below {pack.about.error_m} m is finer than the pack's borders",
            hint=f"give at least {pack.about.error_m} m",
        )


def _by_territory(
    near: Mapping[str, int], claims: Mapping[str, tuple[str, ...]]
) -> Mapping[str, int]:
    """Return the metres to each territory near: the least of those to its atoms."""
    least: dict[str, int] = {}
    for atom, metres in near.items():
        for code in claims.get(atom, ()):
            least[code] = min(metres, least.get(code, metres))
    return least


def _certain(claimed: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the one territory that alone claims everything touched, if there is one."""
    whole = set(claimed)
    only = next(iter(whole)) if len(whole) == 1 else ()
    return only if len(only) == 1 else ()


def _zones(touched: set[str], claims: Claims, ground: tuple[bool, bool]) -> tuple[str, ...]:
    """Return the zones the place may touch, in the order land, territorial sea, and beyond."""
    on_land, at_sea = ground
    states = bool(touched - claims.high_seas - claims.unclaimed)
    may = {
        "land": states and on_land,
        "territorial-sea": states and at_sea,
        "high-seas": bool(touched & claims.high_seas),
        "unclaimed": bool(touched & claims.unclaimed),
    }
    return tuple(zone for zone, touches in may.items() if touches)


def _basis(pack: Pack, viewpoint: Viewpoint, used: int) -> Basis:
    about = pack.about
    return Basis(about.source, about.version, pack.sha256, viewpoint.name, viewpoint.sha256, used)
