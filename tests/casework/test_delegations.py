"""Powers are delegated, by chains of instruments: the laws, and the attacks."""

from typing import Any

import pytest

from sayso.casework import authority
from sayso.casework.authority import Warrant
from sayso.casework.events import (
    Clearance,
    Compartment,
    DelegationRevocation,
    Power,
    Relief,
    Scope,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from sayso.operations.perform import perform
from tests.casework.deputies import enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    advises,
    asks,
    consolidates,
    decides,
    governed,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House


def test_a_delegate_decides_in_the_office_s_name_by_the_chain(house: House) -> None:
    enrols(house, "deputy", "assistant")
    house.do(OWNER, grants(onward=True))
    under = grants("memo-2", "assistant", under="memo-1")
    house.do("deputy", under)
    case = owner_decides(house)
    act = owners(house, case)
    warrant = authority.may(house.state, act, person="assistant", at=house.now)
    assert warrant == Warrant("assistant", OWNER, None, ("memo-1", "memo-2"))
    house.do("assistant", act)
    assert house.state.case(case).dossier.decisions[-1].said.office == OWNER


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"powers": (Power.ADVISE,)}, "not `decide`"),
        ({"scope": Scope(partners=("poland",))}, "`ukraine`"),
        ({"scope": Scope(articles=("harpoon",))}, "`atacms`"),
        ({"scope": Scope(purposes=("training",))}, "`military-logistics`"),
        ({"scope": Scope(territories=("UA",))}, "touches RU"),
        ({"most_uses": 7}, "at most 7"),
    ],
)
def test_a_delegate_s_power_ends_at_its_limits(
    house: House, limits: dict[str, Any], why: str
) -> None:
    enrols(house, "deputy")
    house.do(OWNER, grants(**limits))
    answer = house.tries("deputy", owners(house, owner_decides(house)))
    assert isinstance(answer, Refusal)
    assert answer.code == "beyond-delegation"
    assert why in answer.words


def test_a_delegation_that_has_not_begun_gives_nothing(house: House) -> None:
    enrols(house, "deputy")
    house.do(OWNER, grants(term=Period.parse("2025-07-01T00:00:00Z/2025-08-01T00:00:00Z")))
    assert refused(house.tries("deputy", owners(house, owner_decides(house)))) == "no-part"


def test_a_delegate_grants_less_within_the_limit(house: House) -> None:
    enrols(house, "deputy")
    scope = Scope(("ukraine",), ("atacms",), ("RU",), ("military-logistics",))
    house.do(OWNER, grants(scope=scope, most_uses=7))
    house.do("deputy", owners(house, owner_decides(house), uses=7))


def test_a_reserved_power_cannot_be_delegated(house: House) -> None:
    enrols(house, "deputy")
    house.do(SECRETARY, grants(office=SECRETARY))
    case = to_be_decided(house)
    answer = house.tries("deputy", decides(house, case))
    assert refused(answer) == "beyond-delegation"


def test_no_more_is_granted_on_than_one_has(house: House) -> None:
    enrols(house, "deputy", "assistant")
    house.do(
        OWNER,
        grants(onward=True, most_uses=9, scope=Scope(territories=("RU",))),
    )
    house.do(OWNER, grants("closed"))
    narrow: dict[str, Any] = {
        "under": "memo-1",
        "most_uses": 9,
        "scope": Scope(territories=("RU",)),
    }
    longer = Period.parse("2025-06-01T00:00:00Z/2025-09-02T00:00:00Z")
    for wider in (
        {"powers": (Power.DECIDE, Power.ADVISE)},
        {"term": longer},
        {"most_uses": None},
        {"most_uses": 10},
        {"scope": Scope()},
        {"scope": Scope(territories=("RU", "UA"))},
    ):
        widened = grants("memo-2", "assistant", **{**narrow, **wider})
        assert refused(house.tries("deputy", widened)) == "widened", wider
    elsewhere = grants("memo-2", "assistant", under="memo-1", office=SECRETARY)
    assert refused(house.tries("deputy", elsewhere)) == "other-office"
    onward = grants("memo-2", "assistant", under="closed")
    assert refused(house.tries("deputy", onward)) == "not-onward"
    assert refused(house.tries("assistant", grants("memo-2", "deputy", under="memo-1"))) == (
        "no-part"
    )
    assert refused(house.tries("deputy", grants("memo-2", "assistant"))) == "not-appointed"
    house.do("deputy", grants("memo-2", "assistant", **narrow))


def test_a_chain_lasts_as_long_as_every_link(house: House) -> None:
    enrols(house, "deputy", "assistant", "next")
    house.do(OWNER, grants(onward=True))
    house.do("deputy", grants("memo-2", "assistant", under="memo-1"))
    case = owner_decides(house)
    house.later()
    assert refused(house.tries("assistant", DelegationRevocation("memo-1", "no"))) == (
        "not-appointed"
    )
    house.do(OWNER, DelegationRevocation("memo-1", "enough"))
    for person in ("deputy", "assistant"):
        assert refused(house.tries(person, owners(house, case))) == "no-part"
    assert refused(house.tries(OWNER, DelegationRevocation("memo-1", "twice"))) == "revoked"
    onward = grants("memo-3", "assistant", under="memo-1")
    assert refused(house.tries("deputy", onward)) == "no-part"


def test_a_delegation_ends_with_its_grantor_s_term(house: House) -> None:
    enrols(house, "deputy", "next")
    house.do(OWNER, grants())
    case = owner_decides(house)
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, "next"))
    assert refused(house.tries("deputy", owners(house, case))) == "no-part"
    house.later()
    house.do(SECRETARY, Relief(OWNER, "next", house.now, OWNER))
    assert refused(house.tries("deputy", owners(house, case))) == "no-part"


def test_whoever_stands_above_takes_a_delegation_back(house: House) -> None:
    enrols(house, "deputy", "assistant")
    house.do(OWNER, grants(onward=True))
    house.do("deputy", grants("memo-2", "assistant", under="memo-1"))
    for stranger in ("registrar", "joint-staff", LIAISON):
        answer = house.tries(stranger, DelegationRevocation("memo-2", "no"))
        assert refused(answer) in {"not-appointed", "partners"}
    house.do(SECRETARY, DelegationRevocation("memo-2", "too far"))
    house.do("deputy", grants("memo-3", "assistant", under="memo-1"))
    house.do("deputy", DelegationRevocation("memo-3", "back"))


def test_whoever_granted_it_takes_it_back_also_when_no_house_is_theirs_any_more(
    house: House,
) -> None:
    """A clearance alone keeps them inside, and tells them of nothing that offices did."""
    enrols(house, "deputy", "next")
    house.do(OWNER, grants())
    house.do(OWNER, Compartment(OWNER, "longshot", "Long shot"))
    house.do(OWNER, Clearance(OWNER, "longshot", OWNER, Period(house.now)))
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, "next"))
    house.do(OWNER, DelegationRevocation("memo-1", "it is done"))


def test_a_delegation_dated_back_gives_nothing_earlier(house: House) -> None:
    enrols(house, "deputy")
    case = owner_decides(house)
    signed = house.says("deputy", owners(house, case))
    assert refused(perform(house.desk, signed)) == "no-part"
    house.later()
    early = Period.parse("2020-01-01T00:00:00Z/2030-01-01T00:00:00Z")
    house.do(OWNER, grants(term=early))
    link = house.state.delegations["memo-1"]
    before = authority.by_link(house.state, link, "deputy", house.now)
    assert before is not None
    who = authority.who(house.state, case, Instant.parse("2025-06-01T09:00:00Z"))
    assert [each.person for each in who[0].able] == [OWNER]
    past = Period.parse("2020-01-01T00:00:00Z/2021-01-01T00:00:00Z")
    assert refused(house.tries(OWNER, grants("memo-2", term=past))) == "over"


def test_nobody_fills_two_parts_of_one_case_by_delegation(house: House) -> None:
    case = owner_decides(house)
    house.do(OWNER, grants(to="joint-staff"))
    assert refused(house.tries("joint-staff", owners(house, case))) == "two-parts"
    house.do(OWNER, grants("memo-2", to=LIAISON))
    assert refused(house.tries(LIAISON, owners(house, case))) == "two-parts"
    enrols(house, "second-liaison")
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now, "second-liaison"))
    house.do(OWNER, grants("memo-3", to="second-liaison"))
    assert refused(house.tries("second-liaison", owners(house, case))) == "own-request"


def test_a_delegate_who_advised_for_another_does_not_advise_for_their_own(house: House) -> None:
    governed(house)
    advising = grants(office="joint-staff", to="europe-desk", powers=(Power.ADVISE,))
    house.do("joint-staff", advising)
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-1", "joint-staff"))
    own = house.tries("europe-desk", advises("ukraine-1", "europe-desk"))
    assert refused(own) == "two-parts"


def test_a_power_is_granted_to_somebody_else_and_to_the_right_hands(house: House) -> None:
    assert refused(house.tries(OWNER, grants(to=OWNER))) == "to-oneself"
    office: dict[str, Any] = {"person": None, "to_office": OWNER}
    assert refused(house.tries(OWNER, grants(**office))) == "to-oneself"
    office["to_office"] = LIAISON
    assert refused(house.tries(OWNER, grants(**office))) == "others"
    of_partner = grants(office=LIAISON)
    enrols(house, "deputy")
    assert refused(house.tries(LIAISON, of_partner)) == "partners"
    house.do(OWNER, grants())
    assert refused(house.tries(OWNER, grants())) == "delegation-exists"
    for wrong in ({"person": None}, {"to_office": OWNER}, {"powers": ()}, {"most_uses": 0}):
        with pytest.raises(MalformedEntry):
            grants(**wrong)
    with pytest.raises(MalformedEntry, match="end to its term"):
        grants(term=Period(house.now))


def test_a_decision_is_not_delegated_to_an_office_that_is_filled_from_below(house: House) -> None:
    """Law 15: the registrar fills it, and would choose who decides."""
    to: dict[str, Any] = {"person": None, "to_office": "europe-desk"}
    assert refused(house.tries(OWNER, grants(**to))) == "filled-from-below"
    house.do(OWNER, grants(**to, powers=(Power.CONSOLIDATE,)))


def test_whoever_holds_the_office_at_that_moment_has_what_was_granted_to_it(house: House) -> None:
    governed(house)
    enrols(house, "newcomer")
    to: dict[str, Any] = {"person": None, "to_office": "europe-desk"}
    house.do(OWNER, grants(**to, powers=(Power.CONSOLIDATE,)))
    house.do(LIAISON, asks())
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.later()
    house.do("registrar", Relief("europe-desk", "europe-desk", house.now, "newcomer"))
    gone = house.tries("europe-desk", consolidates(house, "ukraine-1"))
    assert refused(gone) == "no-part"
    warrant = authority.may(
        house.state, consolidates(house, "ukraine-1"), person="newcomer", at=house.now
    )
    assert isinstance(warrant, Warrant)
    assert (warrant.office, warrant.chain) == (OWNER, ("memo-1",))
    house.do("newcomer", consolidates(house, "ukraine-1"))


def test_chains_have_an_end(house: House) -> None:
    people = [f"clerk-{number}" for number in range(9)]
    enrols(house, *people)
    house.do(OWNER, grants("memo-0", people[0], onward=True))
    for number in range(1, 8):
        link = grants(f"memo-{number}", people[number], onward=True, under=f"memo-{number - 1}")
        house.do(people[number - 1], link)
    last = grants("memo-8", people[8], under="memo-7")
    assert refused(house.tries(people[7], last)) == "too-long"
