"""Who may act for whom: delegations, substitutes, recusals and keys; the laws, and the attacks."""

from typing import Any

import pytest

from sayso.casework import authority
from sayso.casework.authority import Warrant
from sayso.casework.events import (
    Adoption,
    Appointment,
    Decision,
    Delegation,
    DelegationRevocation,
    Enrolment,
    KeyRevocation,
    Opening,
    Outcome,
    Power,
    Recusal,
    Relief,
    Scope,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from sayso.operations.perform import Receipt, perform
from sayso.queries import wanted
from sayso.record.signature import SigningKey
from tests.casework.texts import (
    GREEN_LIGHT,
    WINDOW,
    advises,
    asks,
    consolidates,
    decides,
    governed,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

MONTHS = Period.parse("2025-06-01T00:00:00Z/2025-09-01T00:00:00Z")


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def enrols(house: House, *people: str) -> None:
    """Put people on the record who hold no office."""
    for person in people:
        house.do("registrar", Enrolment(person, str(house.key(person).public)))


def grants(name: str = "memo-1", to: str = "deputy", **changed: Any) -> Delegation:
    """Return the policy owner's delegation of its decisions to a deputy, with what is `changed`."""
    usual: dict[str, Any] = {
        "office": OWNER,
        "powers": (Power.DECIDE,),
        "term": MONTHS,
        "instrument": "a memorandum",
        "person": to,
    }
    return Delegation(name, **{**usual, **changed})


def owner_decides(house: House, **changed: Any) -> str:
    """Return a case of `uses` (8) that waits for the policy owner, whose decision is unreserved."""
    if not house.state.policies:
        house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks(**{"uses": 8, **changed}))
    case = f"ukraine-{house.state.filed_by['ukraine']}"
    house.do("joint-staff", advises(case, "joint-staff"))
    return case


def owners(house: House, case: str, **changed: Any) -> Decision:
    """Return a grant in the policy owner's name."""
    return decides(house, case, office=OWNER, **changed)


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
        ({"term": Period.parse("2025-07-01T00:00:00Z/2025-08-01T00:00:00Z")}, "is for 2025-07"),
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


def test_a_reserved_power_is_not_delegated_through_acting(house: House) -> None:
    """The Secretary fills that office: whom the Secretary lets act in it would hold all of it."""
    enrols(house, "crony")
    case = to_be_decided(house)
    acting = Appointment(SECRETARY, "crony", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, acting)) == "own-substitute"
    assert refused(house.tries("registrar", acting)) == "not-appointed"
    assert refused(house.tries("crony", decides(house, case))) == "not-appointed"


def test_who_fills_an_office_names_who_acts_in_it_beside_its_holder(house: House) -> None:
    enrols(house, "substitute", "another")
    case = owner_decides(house)
    acting = Appointment(OWNER, "substitute", MONTHS, acting=True)
    assert refused(house.tries(OWNER, acting)) == "not-appointed"
    assert refused(house.tries(SECRETARY, Appointment(OWNER, "another", MONTHS))) == "no-seat"
    house.do(SECRETARY, acting)
    second = Appointment(OWNER, "another", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, second)) == "no-seat"
    house.do("substitute", owners(house, case))
    with pytest.raises(MalformedEntry, match="for a time"):
        Appointment(OWNER, "substitute", Period(house.now), acting=True)


def test_who_holds_an_office_and_the_one_that_fills_it_names_no_substitute(house: House) -> None:
    enrols(house, "crony")
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, SECRETARY))
    acting = Appointment(OWNER, "crony", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, acting)) == "own-substitute"


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
        "no-office"
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
        assert refused(house.tries(person, owners(house, case))) == "beyond-delegation"
    assert refused(house.tries(OWNER, DelegationRevocation("memo-1", "twice"))) == "revoked"
    onward = grants("memo-3", "assistant", under="memo-1")
    assert refused(house.tries("deputy", onward)) == "ended"


def test_a_delegation_ends_with_its_grantor_s_term(house: House) -> None:
    enrols(house, "deputy", "next")
    house.do(OWNER, grants())
    case = owner_decides(house)
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, "next"))
    assert refused(house.tries("deputy", owners(house, case))) == "beyond-delegation"
    house.later()
    house.do(SECRETARY, Relief(OWNER, "next", house.now, OWNER))
    assert refused(house.tries("deputy", owners(house, case))) == "beyond-delegation"


def test_whoever_stands_above_takes_a_delegation_back(house: House) -> None:
    enrols(house, "deputy", "assistant")
    house.do(OWNER, grants(onward=True))
    house.do("deputy", grants("memo-2", "assistant", under="memo-1"))
    for stranger in ("registrar", "joint-staff", LIAISON):
        answer = house.tries(stranger, DelegationRevocation("memo-2", "no"))
        assert refused(answer) == "not-appointed"
    house.do(SECRETARY, DelegationRevocation("memo-2", "too far"))
    house.do("deputy", grants("memo-3", "assistant", under="memo-1"))
    house.do("deputy", DelegationRevocation("memo-3", "back"))


def test_a_delegation_dated_back_gives_nothing_earlier(house: House) -> None:
    enrols(house, "deputy")
    case = owner_decides(house)
    signed = house.says("deputy", owners(house, case))
    assert refused(perform(house.desk, signed)) == "not-appointed"
    house.later()
    early = Period.parse("2020-01-01T00:00:00Z/2030-01-01T00:00:00Z")
    house.do(OWNER, grants(term=early))
    link = house.state.delegations["memo-1"]
    before = authority.by_link(house.state, link, "deputy", house.now)
    assert before is not None
    who = wanted.who(house.state, case, Instant.parse("2025-06-01T09:00:00Z"))
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
    assert refused(gone) == "two-parts"
    warrant = authority.may(
        house.state, consolidates(house, "ukraine-1"), person="newcomer", at=house.now
    )
    assert isinstance(warrant, Warrant)
    assert (warrant.office, warrant.chain) == (OWNER, ("memo-1",))
    house.do("newcomer", consolidates(house, "ukraine-1"))


def test_a_recused_person_has_no_further_part(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Recusal(case, SECRETARY, "a brother serves there"))
    assert refused(house.tries(SECRETARY, decides(house, case))) == "recused"
    again = house.tries(SECRETARY, Recusal(case, SECRETARY, "twice"))
    assert refused(again) == "recused"
    (deciding,) = wanted.who(house.state, case, house.now)
    assert not deciding.able
    assert "recused" in deciding.unable[0].words
    with pytest.raises(MalformedEntry, match="reason"):
        Recusal(case, SECRETARY, " ")


def test_a_recused_person_does_not_choose_who_decides_instead(house: House) -> None:
    enrols(house, "early", "crony", "pawn")
    house.do(OWNER, grants("before", "early"))
    case = owner_decides(house)
    house.do(OWNER, grants("meanwhile", "pawn", onward=True))
    house.do(OWNER, Recusal(case, OWNER, "shares in the maker"))
    house.do(OWNER, grants("after", "crony"))
    house.do("pawn", grants("onward", "crony", under="meanwhile"))
    for person in ("crony", "pawn"):
        assert refused(house.tries(person, owners(house, case))) == "beyond-delegation"
    house.do("early", owners(house, case))


def test_recusal_follows_the_person_into_every_capacity(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    house.do("deputy", Recusal(case, "deputy", "a friend asks"))
    house.do(OWNER, grants())
    assert refused(house.tries("deputy", owners(house, case))) == "recused"
    house.do(SECRETARY, Appointment(OWNER, "deputy", MONTHS, acting=True))
    assert refused(house.tries("deputy", owners(house, case))) == "recused"


def test_only_who_stands_above_demands_a_recusal(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    for rival in ("joint-staff", "registrar", OWNER):
        unseat = Recusal(case, SECRETARY, "in my way", rival)
        assert refused(house.tries(rival, unseat)) == "no-office"
    assert refused(house.tries("registrar", Recusal(case, OWNER, "out"))) == "no-office"
    nobody = Recusal(case, "deputy", "holds nothing", SECRETARY)
    assert refused(house.tries(SECRETARY, nobody)) == "no-office"
    house.do(OWNER, grants())
    peer = Recusal(case, "deputy", "in my way", "joint-staff")
    assert refused(house.tries("joint-staff", peer)) == "no-office"
    house.do(OWNER, Recusal(case, "deputy", "a conflict", OWNER))
    house.do(SECRETARY, Recusal(case, OWNER, "a conflict", SECRETARY))
    assert house.state.case(case).dossier.recused == {"deputy", OWNER}


def test_a_revoked_key_signs_no_more_and_what_it_signed_stands(house: House) -> None:
    case = to_be_decided(house)
    spare = SigningKey.generate()
    house.do(SECRETARY, Enrolment(SECRETARY, str(spare.public)))
    old = house.key(SECRETARY)
    signed = house.says(SECRETARY, decides(house, case))
    house.later()
    lost = KeyRevocation(SECRETARY, old.public.fingerprint, "lost", house.now)
    house.do(SECRETARY, lost)
    assert refused(perform(house.desk, signed)) == "revoked-key"
    house.keys[SECRETARY] = spare
    assert refused(house.tries(SECRETARY, lost)) == "revoked"
    house.do(SECRETARY, decides(house, case))
    assert house.verified().keys[old.public.fingerprint].compromised_from == lost.compromised_from


def test_a_registrar_stops_a_key_and_cannot_put_their_own_in_its_place(house: House) -> None:
    """Law 15: whoever could revoke the decider's key and enrol another would decide."""
    case = owner_decides(house)
    key = house.key(OWNER).public.fingerprint
    for other in ("joint-staff", LIAISON):
        assert refused(house.tries(other, KeyRevocation(OWNER, key, "no"))) == "not-appointed"
    house.do("registrar", KeyRevocation(OWNER, key, "stolen"))
    assert refused(house.tries(OWNER, owners(house, case))) == "revoked-key"
    theirs = SigningKey.generate()
    usurped = Enrolment(OWNER, str(theirs.public))
    assert refused(house.tries("registrar", usurped)) == "not-appointed"
    house.do(SECRETARY, usurped)
    house.keys[OWNER] = theirs
    house.do(OWNER, owners(house, case))


def test_a_registrar_does_not_take_a_delegate_s_place_either(house: House) -> None:
    enrols(house, "deputy")
    house.do(OWNER, grants())
    house.do("registrar", KeyRevocation("deputy", house.key("deputy").public.fingerprint, "lost"))
    usurped = Enrolment("deputy", str(SigningKey.generate().public))
    assert refused(house.tries("registrar", usurped)) == "not-appointed"
    house.do(OWNER, usurped)


def test_an_office_that_fills_itself_keeps_a_key(house: House) -> None:
    last = KeyRevocation(SECRETARY, house.key(SECRETARY).public.fingerprint, "lost")
    for by in ("registrar", SECRETARY):
        assert refused(house.tries(by, last)) == "left-keyless"


def test_another_s_key_is_not_revoked_as_one_s_own(house: House) -> None:
    swapped = KeyRevocation("joint-staff", house.key(OWNER).public.fingerprint, "mine")
    with pytest.raises(Exception, match="no key of that person"):
        house.tries("joint-staff", swapped)


def test_chains_have_an_end(house: House) -> None:
    people = [f"clerk-{number}" for number in range(9)]
    enrols(house, *people)
    house.do(OWNER, grants("memo-0", people[0], onward=True))
    for number in range(1, 8):
        link = grants(f"memo-{number}", people[number], onward=True, under=f"memo-{number - 1}")
        house.do(people[number - 1], link)
    last = grants("memo-8", people[8], under="memo-7")
    assert refused(house.tries(people[7], last)) == "too-long"


def test_who_may_do_the_next_thing_and_by_which_chain(house: House) -> None:
    enrols(house, "deputy", "elsewhere")
    house.do(OWNER, grants())
    house.do(OWNER, grants("memo-2", "elsewhere", scope=Scope(partners=("poland",))))
    case = owner_decides(house)
    (deciding,) = wanted.who(house.state, case, house.now)
    assert (deciding.office, deciding.does) == (OWNER, Power.DECIDE.value)
    assert [(each.person, each.chain) for each in deciding.able] == [
        (OWNER, ()),
        ("deputy", ("memo-1",)),
    ]
    assert "`ukraine`" in deciding.unable[0].words
    for each in deciding.able:
        assert (
            authority.may(house.state, owners(house, case), person=each.person, at=house.now)
            == each
        )


def test_nobody_can_go_on_where_the_office_is_vacant(house: House) -> None:
    case = owner_decides(house)
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now))
    (deciding,) = wanted.who(house.state, case, house.now)
    assert (deciding.able, deciding.unable) == ((), ())


def test_a_closed_case_waits_for_nobody(house: House) -> None:
    case = owner_decides(house)
    house.do(
        OWNER, owners(house, case, outcome=Outcome.REFUSE, reasons="no", uses=None, window=None)
    )
    assert wanted.who(house.state, case, house.now) == ()
    assert refused(house.tries(OWNER, Recusal(case, OWNER, "late"))) == "closed"
    assert WINDOW.holds(house.now)
    house.do("registrar", Opening("annex", "Annex", 9, "registrar", 1))
