"""Advice: given anew while others are waited for, kept where its basis stays, dissent named."""

from dataclasses import replace

import pytest

from sayso.casework.case import Advising, Consolidating
from sayso.casework.events import Adoption, Advice, Nature, Outcome, Risk
from sayso.casework.refusal import Refusal
from sayso.casework.review import dissents
from sayso.errors import MalformedEntry
from sayso.queries.ways import ways
from tests.casework.texts import MECHANISM, advises, asks, consolidates, governed
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

CASE = "ukraine-1"


def test_an_office_advises_anew_while_others_are_waited_for(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    first = house.do("europe-desk", advises(CASE, "europe-desk"))
    second = house.do("europe-desk", advises(CASE, "europe-desk", Outcome.REFUSE))
    dossier = house.state.cases[CASE].dossier
    assert [on.stamp.index for on in dossier.advice] == [first.index, second.index]
    assert [on.stamp.index for on in dossier.current_advice] == [second.index]
    house.do("joint-staff", advises(CASE, "joint-staff"))
    house.do("general-counsel", advises(CASE, "general-counsel"))
    late = house.tries("europe-desk", advises(CASE, "europe-desk"))
    assert isinstance(late, Refusal)
    assert late.code == "out-of-turn"


def test_dissent_is_named_and_cannot_be_left_out(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    against = house.do("europe-desk", advises(CASE, "europe-desk", Outcome.REFUSE))
    house.do("joint-staff", advises(CASE, "joint-staff"))
    legal = Advice(CASE, "general-counsel", Outcome.REFUSE, "no", (), nature=Nature.LEGAL)
    house.do("general-counsel", legal)
    dossier = house.state.cases[CASE].dossier
    assert dissents(dossier, Outcome.GRANT) == (against.index,)
    right = consolidates(house, CASE)
    for wrong in ((), right.cites):
        answer = house.tries(OWNER, replace(right, dissents=wrong))
        assert isinstance(answer, Refusal)
        assert answer.code == "dissent"
    house.do(OWNER, right)


def test_legal_advice_is_counted_neither_for_a_way_nor_against_it(house: House) -> None:
    """It says what is lawful; who would have it so is for others to say."""
    governed(house)
    house.do(LIAISON, asks())
    house.do("europe-desk", advises(CASE, "europe-desk", Outcome.REFUSE))
    house.do("joint-staff", advises(CASE, "joint-staff"))
    legal = Advice(CASE, "general-counsel", Outcome.REFUSE, "no", (), nature=Nature.LEGAL)
    house.do("general-counsel", legal)
    found = {each.name: each for each in ways(house.state.cases[CASE].dossier)}
    assert (found["grant"].advised_by, found["grant"].against) == (
        ("joint-staff",),
        ("europe-desk",),
    )
    assert (found["refuse"].advised_by, found["refuse"].against) == (
        ("europe-desk",),
        ("joint-staff",),
    )


def another(text: str) -> str:
    """Return the mechanism as its next version, with this change of words."""
    after = MECHANISM.replace("version: 2", "version: 3").replace("fires@1", "fires@2")
    after = after.replace("issuer: under-secretary-policy", "issuer: secretary-of-defense")
    old, new = text.split(" -> ")
    assert old in after
    return after.replace(old, new)


@pytest.mark.parametrize(
    ("change", "kept", "stage"),
    [
        (
            "europe-desk, joint-staff, general-counsel -> joint-staff, europe-desk",
            ADVISERS[:2],
            Consolidating,
        ),
        ("europe-desk, joint-staff, -> joint-staff,", ("joint-staff",), Advising),
    ],
)
def test_advice_lapses_only_where_its_basis_does(
    house: House, change: str, kept: tuple[str, ...], stage: type[Advising | Consolidating]
) -> None:
    governed(house)
    house.do(LIAISON, asks())
    given = {
        office: house.do(office, advises(CASE, office)).index
        for office in ("europe-desk", "joint-staff")
    }
    house.later()
    house.do(SECRETARY, Adoption(another(change)))
    dossier = house.state.cases[CASE].dossier
    assert {on.said.office for on in dossier.current_advice} == set(kept)
    lapsed = tuple(index for office, index in given.items() if office not in kept)
    assert dossier.verdict.said.lapsed == lapsed
    assert isinstance(house.state.cases[CASE], stage)


def test_coded_reasons_are_names() -> None:
    rated = Advice(CASE, "desk", Outcome.REFUSE, "no", (), Risk.SEVERE, ("no-stocks",))
    assert rated.risk is Risk.SEVERE
    with pytest.raises(MalformedEntry, match="a reason"):
        Advice(CASE, "desk", Outcome.REFUSE, "no", (), codes=("No stocks",))
