"""Point 2 of the reference scenario, and every probe point of the pack's recipe."""

import pytest

from sayso import wire
from sayso.place import nearby, viewpoint
from sayso.place.build import recipe
from sayso.place.pack import GROUND, Pack
from tests.place.conftest import Asked


def test_kursk_is_certainly_in_russia_by_every_viewpoint(asked: Asked) -> None:
    for view in viewpoint.SHIPPED:
        assert asked("Kursk", view).certainly_in == ("RU",)


def test_dzhankoi_is_ukraine_or_russia_as_the_viewpoint_has_it(asked: Asked) -> None:
    assert asked("Dzhankoi", "us").may_touch == ("UA",)
    assert asked("Dzhankoi", "ru").may_touch == ("RU",)


def test_under_any_claim_dzhankoi_touches_both_and_is_certainly_in_neither(asked: Asked) -> None:
    told = asked("Dzhankoi", "any-claim")
    assert told.may_touch == ("RU", "UA")
    assert told.certainly_in == ()


def test_two_kilometres_from_the_border_with_five_of_uncertainty_touches_russia(
    asked: Asked,
) -> None:
    near = "50.2700, 36.3000"
    assert 1_500 < dict(asked(near).nearest)["RU"] < 6_000
    told = asked(near, within_m=5_000)
    assert told.may_touch == ("RU", "UA")
    assert told.certainly_in == ()


def test_the_written_form_is_the_fixed_surface(asked: Asked, world: Pack) -> None:
    value = asked("Sudzha").value()
    assert list(value) == ["certainly_in", "may_touch", "zones", "nearest", "basis"]
    (near,) = asked("Sudzha").nearest
    assert value["nearest"] == [{"territory": near[0], "metres": near[1]}]
    assert value["basis"] == {
        "source": "OpenStreetMap time zones, by tzfpy",
        "version": "2026e (tzfpy 2.1.1)",
        "sha256": world.sha256,
        "viewpoint": "us",
        "tolerance_m": 1500,
    }
    assert wire.load(wire.dump(value)) == value


def test_facts_are_what_the_policy_schema_calls_them(asked: Asked) -> None:
    facts = asked("Belgorod").facts()
    assert facts["touches"] == ["RU"]
    assert facts["certainly_in"] == ["RU"]
    assert facts["zones"] == ["land"]
    assert facts["radius_km"] == 9
    distances = facts["distance_km"]
    assert isinstance(distances, dict)
    assert distances["RU"] == 0
    assert isinstance(distances["UA"], int)
    assert 10 < distances["UA"] < 40
    assert distances["FR"] == 100


@pytest.mark.parametrize("probe", recipe.PROBES, ids=lambda probe: probe.name)
def test_each_probe_point_lies_in_its_atom(probe: recipe.Probe, world: Pack) -> None:
    found = nearby.around(nearby.index(world), probe.lat, probe.lon, metres=1)
    assert found.keys() - GROUND == {probe.atom}


DISPUTED = {
    "crimea": {"us": "UA", "un": "UA", "ua": "UA", "ru": "RU", "any-claim": "RU UA"},
    "ua.oblasts4": {"us": "UA", "un": "UA", "ua": "UA", "ru": "RU", "any-claim": "RU UA"},
    "abkhazia": {"us": "GE", "un": "GE", "ua": "GE", "ru": "XA", "any-claim": "GE XA"},
    "kosovo": {"us": "XK", "un": "RS", "ua": "RS", "ru": "RS", "any-claim": "RS XK"},
    "tw.core": {"any-claim": "CN TW"},
}
"""Whose the atoms are that the viewpoints see otherwise; written down, not asked of the program."""


@pytest.mark.parametrize("view", viewpoint.SHIPPED)
@pytest.mark.parametrize("probe", recipe.PROBES, ids=lambda probe: probe.name)
def test_each_probe_point_is_whose_each_viewpoint_says(
    probe: recipe.Probe, view: str, world: Pack
) -> None:
    """To the metre: no tolerance, so that nothing beside the point is named."""
    own = "" if probe.atom == "high-seas" else probe.atom.partition(".")[0].upper()
    wanted = DISPUTED.get(probe.atom, {}).get(view, own)
    claims = viewpoint.shipped(view).claims(world.about).of
    atoms = nearby.around(nearby.index(world), probe.lat, probe.lon, metres=1).keys() - GROUND
    assert sorted({code for atom in atoms for code in claims[atom]}) == wanted.split()


@pytest.mark.parametrize("name", viewpoint.SHIPPED)
def test_the_test_points_of_each_viewpoint_hold(name: str, world: Pack) -> None:
    view = viewpoint.shipped(name)
    claims = view.claims(world.about).of
    for point in view.points:
        atoms = nearby.around(nearby.index(world), *point.at.degrees, metres=1)
        codes = {code for atom in atoms for code in claims.get(atom, ())}
        assert (point.of in codes) is point.inside, point


def test_where_no_state_is_the_answer_says_so(asked: Asked) -> None:
    told = asked("46.00, 36.80")
    assert told.may_touch == ()
    assert told.zones == ("high-seas",)
