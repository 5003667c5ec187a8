"""What the world's pack is made of: which zones and cuts become which atom.

An *atom* is a piece of the world that no viewpoint needs to split further. Most states are one
atom, `fr.core`, the union of the time zones that tzdata's `zone.tab` gives to them. Where states
disagree the ground in dispute is an atom of its own:

| atom | is | from |
|---|---|---|
| `crimea` | Crimea and Sevastopol with their sea | the zone Europe/Simferopol |
| `ua.oblasts4` | Donetsk, Luhansk, Zaporizhzhia, Kherson | Natural Earth, grown by its error |
| `abkhazia` | Abkhazia | where Europe/Moscow and Asia/Tbilisi overlap |
| `kosovo` | Kosovo | the second publisher's outline, inside Europe/Belgrade |
| `aa-bb.overlap` | any other ground two states' zones share | the overlap itself |
| `high-seas` | the sea that no atom holds | the rest of the world |
| `unclaimed` | the land that no atom holds | the same |
| `land`, `sea` | the layer that tells land from sea | Natural Earth 1:10m |

A line of control is never here: a deployment brings its own, dated (`sayso.place.overlay`).
"""

from dataclasses import dataclass

ERROR_M = 150
"""Farthest that a border lies from the source's: 0.001° of simplification, rounded up."""

COAST_ERROR_M = 5_000
"""Farthest that the coast of the land layer is taken to lie from the coast: Natural Earth's own
error and 0.02° of simplification. The layer tells land from sea, and no border."""

OVERLAPS = {("GE", "RU"): "abkhazia"}
"""Overlaps of two states' zones that have a name of their own."""

OUTREACH = (
    *("AR", "AU", "GP", "GU", "MP", "MQ", "MU", "PR", "RE", "TF", "VI", "ZA"),
)  # fmt: skip
"""States whose zones reach beyond their sea: trimmed to the second publisher's limit."""

BORROWED = ("BV", "HM")
"""Islands that no time zone covers, taken from the second publisher."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The part of `zone` that holds the point is ground of `territory`."""

    zone: str
    lat: float
    lon: float
    territory: str


MOVED = (Moved("Asia/Bangkok", 21.03, 105.85, "VN"),)
"""Northern Viet Nam keeps Bangkok's time in tzdata; it is a part of its own, cut off by Laos."""

ANTARCTIC_LIMIT = -60
"""ISO 3166-1 gives AQ to everything south of 60° South."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A point that must lie in exactly this atom of the pack."""

    name: str
    lat: float
    lon: float
    atom: str


PROBES = (
    Probe("Belgorod", 50.60, 36.59, "ru.core"),
    Probe("Kursk", 51.73, 36.19, "ru.core"),
    Probe("Sudzha", 51.191, 35.271, "ru.core"),
    Probe("Rostov-on-Don", 47.22, 39.71, "ru.core"),
    Probe("Taganrog", 47.236, 38.905, "ru.core"),
    Probe("off Taganrog", 47.05, 38.80, "ru.core"),
    Probe("Kaliningrad", 54.71, 20.51, "ru.core"),
    Probe("Wrangel Island", 71.2, -179.5, "ru.core"),
    Probe("Big Diomede", 65.78, -169.06, "ru.core"),
    Probe("18 km off Sochi", 43.48, 39.55, "ru.core"),
    Probe("55 km off Sochi", 43.30, 39.15, "high-seas"),
    Probe("the middle of the Sea of Azov", 46.0, 36.8, "high-seas"),
    Probe("Kyiv", 50.45, 30.52, "ua.core"),
    Probe("Kharkiv", 49.98, 36.25, "ua.core"),
    Probe("Sumy", 50.91, 34.80, "ua.core"),
    Probe("Snake Island", 45.255, 30.204, "ua.core"),
    Probe("Donetsk", 48.02, 37.80, "ua.oblasts4"),
    Probe("Luhansk", 48.57, 39.31, "ua.oblasts4"),
    Probe("Mariupol", 47.10, 37.55, "ua.oblasts4"),
    Probe("Melitopol", 46.85, 35.37, "ua.oblasts4"),
    Probe("Kherson", 46.64, 32.61, "ua.oblasts4"),
    Probe("Simferopol", 44.95, 34.10, "crimea"),
    Probe("Sevastopol", 44.60, 33.52, "crimea"),
    Probe("Dzhankoi", 45.71, 34.39, "crimea"),
    Probe("the middle of the Kerch bridge", 45.30, 36.50, "crimea"),
    Probe("Tuzla", 45.27, 36.55, "crimea"),
    Probe("Sukhumi", 43.00, 41.02, "abkhazia"),
    Probe("Tbilisi", 41.72, 44.78, "ge.core"),
    Probe("Narva", 59.377, 28.19, "ee.core"),
    Probe("Minsk", 53.90, 27.56, "by.core"),
    Probe("Hanoi", 21.03, 105.85, "vn.core"),
    Probe("Bangkok", 13.75, 100.5, "th.core"),
    Probe("Pristina", 42.66, 21.16, "kosovo"),
    Probe("Washington", 38.9, -77.04, "us.core"),
    Probe("London", 51.51, -0.13, "gb.core"),
    Probe("Beijing", 39.9, 116.4, "cn.core"),
    Probe("Taipei", 25.03, 121.56, "tw.core"),
    Probe("the South Pole", -90.0, 0.0, "aq.core"),
    Probe("the North Pole", 90.0, 0.0, "high-seas"),
    Probe("the middle of the Atlantic", 30.0, -45.0, "high-seas"),
)

AREAS_KM2 = {
    "ru.core": 18_190_000,
    "ua.core": 463_000,
    "ua.oblasts4": 130_000,
    "crimea": 44_800,
    "abkhazia": 12_500,
    "ge.core": 62_000,
}
"""Areas, sea included, that the atoms must have to within the tolerance of the check."""
