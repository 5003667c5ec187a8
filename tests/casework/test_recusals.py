"""Who is taken out of a case, and who takes them out."""

import pytest

from sayso.casework import authority
from sayso.casework.events import (
    Acceptance,
    Act,
    Allegation,
    Appointment,
    Breach,
    Change,
    Closure,
    Comment,
    DelegationRevocation,
    Finding,
    Freeze,
    Fulfilment,
    Hold,
    Marking,
    Outcome,
    Recusal,
    Release,
    Remedy,
    Revocation,
    Surrender,
    Suspension,
    Variation,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.errors import MalformedEntry
from sayso.queries import wanted
from tests.casework.deputies import MONTHS, enrols, grants, owner_decides, owners, refused
from tests.casework.signing import at_once, ratifies, urgent
from tests.casework.test_duties import PLAIN, PLEDGE, granted
from tests.casework.test_varying import asked, asks_again
from tests.casework.texts import (
    decides,
    refuses,
    to_be_decided,
)
from tests.house import LIAISON, OWNER, SECRETARY, House

CONFLICT = "shares in the maker"


def test_a_recused_person_has_no_further_part(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Recusal(case, SECRETARY, "a brother serves there"))
    assert refused(house.tries(SECRETARY, decides(house, case))) == "recused"
    again = house.tries(SECRETARY, Recusal(case, SECRETARY, "twice"))
    assert refused(again) == "recused"
    (deciding,) = authority.who(house.state, case, house.now)
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
    assert refused(house.tries("deputy", Recusal(case, "deputy", "not yet"))) == "no-part"
    house.do(OWNER, grants())
    house.do("deputy", Recusal(case, "deputy", "a friend asks"))
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


def test_what_was_delegated_once_and_is_over_shields_nobody_from_a_recusal(house: House) -> None:
    """A delegation of the Secretary's that has ended gives its delegate no higher standing."""
    case = owner_decides(house)
    enrols(house, "deputy")
    house.do(SECRETARY, grants("memo-0", office=SECRETARY))
    house.do(OWNER, grants())
    demanded = Recusal(case, "deputy", "a conflict", OWNER)
    assert refused(house.tries(OWNER, demanded)) == "no-office"
    house.do(SECRETARY, DelegationRevocation("memo-0", "no longer needed"))
    house.do(OWNER, demanded)


def test_what_is_delegated_from_tomorrow_counts_today(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    later = Period.parse("2025-06-05T00:00:00Z/2025-09-01T00:00:00Z")
    house.do(SECRETARY, grants("memo-0", office=SECRETARY, term=later))
    house.do(OWNER, grants())
    demanded = Recusal(case, "deputy", "a conflict", OWNER)
    assert refused(house.tries(OWNER, demanded)) == "no-office"


# --- a conflict that is found after the decision --------------------------------------------------


def on_what_was_decided(case: str) -> tuple[Act, ...]:
    """Return what the Secretary may otherwise do in a case that was granted."""
    return (
        Suspension(case, SECRETARY, "a fault"),
        Revocation(case, SECRETARY, "a fault"),
        Hold("stop", SECRETARY, "a fault", case=case),
        Variation(case, SECRETARY, 1, Change.KEEP, "it stands"),
        Acceptance(case, SECRETARY, 1),
        Breach(case, SECRETARY, 1, "forged"),
        Comment(case, SECRETARY, "hm"),
        Release(SECRETARY, "ukraine", "Granted.", case=case),
        Marking(SECRETARY, "longshot", case=case),
    )


def test_who_decided_is_recused_from_a_grant_and_does_nothing_more_in_it(house: House) -> None:
    case = asked(house, PLAIN)
    house.do(SECRETARY, Recusal(case, SECRETARY, CONFLICT))
    for act in on_what_was_decided(case):
        assert refused(house.tries(SECRETARY, act)) == "recused", act
    decided = house.state.case(case).dossier.decisions
    assert [on.stamp.by for on in decided] == [SECRETARY], "what was decided stands"


def test_a_condition_that_waits_for_an_answer_waits_for_who_is_not_recused(house: House) -> None:
    case = owner_decides(house)
    limits = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLAIN,)}
    house.do(OWNER, owners(house, case, **limits))
    house.do(LIAISON, asks_again(case))
    enrols(house, "deputy", "crony")
    house.do(OWNER, Recusal(case, OWNER, CONFLICT))
    (found,) = wanted.who(house.state, case, house.now)
    assert (found.able, [each.code for each in found.unable]) == ((), ["recused"])
    house.do(OWNER, grants("late", "crony"))
    said = Variation(case, OWNER, 1, Change.END, "so it has")
    assert refused(house.tries("crony", said)) == "beyond-delegation"
    house.do(SECRETARY, Appointment(OWNER, "deputy", MONTHS, acting=True))
    house.do("deputy", said)


def test_an_emergency_is_not_ratified_by_who_is_recused(house: House) -> None:
    case = urgent(house)
    house.do("dora", at_once(house, case))
    house.do(SECRETARY, Recusal(case, SECRETARY, CONFLICT))
    assert refused(house.tries(SECRETARY, ratifies(house, case))) == "recused"


def test_evidence_is_not_accepted_by_who_is_recused(house: House) -> None:
    case = granted(house, PLEDGE)
    house.do(LIAISON, Fulfilment(case, 1, "the signed paper"))
    house.do(SECRETARY, Recusal(case, SECRETARY, CONFLICT))
    assert refused(house.tries(SECRETARY, Acceptance(case, SECRETARY, 1))) == "recused"


@pytest.mark.parametrize("ends", ["refused", "given back", "revoked"])
def test_a_recusal_is_never_too_late(house: House, ends: str) -> None:
    """What is closed is still appealed against, followed up, released and commented on."""
    case = to_be_decided(house)
    house.do(SECRETARY, refuses(house, case) if ends == "refused" else decides(house, case))
    if ends == "given back":
        house.do(LIAISON, Surrender(case, "no longer needed"))
    elif ends == "revoked":
        house.do(SECRETARY, Revocation(case, SECRETARY, "a fault"))
    house.do(SECRETARY, Recusal(case, SECRETARY, CONFLICT))
    said = Release(SECRETARY, "ukraine", "So it was decided.", case=case)
    assert refused(house.tries(SECRETARY, said)) == "recused"


def test_who_is_recused_from_a_case_has_no_part_in_a_docket_on_it(house: House) -> None:
    """A docket stops grants, and is closed so that they go on."""
    case = granted(house)
    docket = "violation-1"
    house.do("joint-staff", Allegation("joint-staff", "ukraine", "two were seen", None, case))
    house.do(SECRETARY, Recusal(case, SECRETARY, CONFLICT))
    for act in (
        Freeze(docket, SECRETARY, "until it is clear"),
        Finding(docket, SECRETARY, "by mistake"),
        Remedy(docket, SECRETARY, "trained anew"),
        Closure(docket, SECRETARY, True, "remedied"),
    ):
        assert refused(house.tries(SECRETARY, act)) == "recused", act
    elsewhere = Allegation("joint-staff", "ukraine", "three were seen", None, None)
    house.do("joint-staff", elsewhere)
    assert not isinstance(house.tries(SECRETARY, Freeze("violation-2", SECRETARY, "x")), Refusal)
