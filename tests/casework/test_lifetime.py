"""What was decided is suspended, revoked, reinstated, surrendered, or appealed against."""

from datetime import timedelta

from sayso.casework import obligations
from sayso.casework.case import Advising, Granted, Lapsed, Refused, Revoked, Surrendered, Suspended
from sayso.casework.events import (
    Adoption,
    Appeal,
    Reinstatement,
    Revocation,
    Surrender,
    Suspension,
    UseReport,
)
from sayso.casework.obligations import Obligation, Standing
from sayso.casework.refusal import Refusal
from sayso.operations.perform import Receipt
from sayso.queries.coverage import Use, coverage
from sayso.queries.moment import standing
from tests.casework.signing import DECIDE, under
from tests.casework.texts import (
    MECHANISM,
    advises,
    asks,
    consolidates,
    decides,
    refuses,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def granted(house: House) -> str:
    """Return a case that the Secretary has granted."""
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    return case


def covered(house: House) -> bool:
    """Return whether Kursk is covered now."""
    state = standing(house.store, at=house.now, atlas=Table())
    return coverage(state, KURSK, at=house.now, atlas=Table()).covered


def test_a_grant_is_suspended_and_stands_again(house: House) -> None:
    case = granted(house)
    house.do(SECRETARY, Suspension(case, SECRETARY, "talks"))
    assert isinstance(house.state.case(case), Suspended)
    assert not covered(house)
    assert refused(house.tries(SECRETARY, Suspension(case, SECRETARY, "talks"))) == "not-live"
    house.do(SECRETARY, Reinstatement(case, SECRETARY, "no talks"))
    assert isinstance(house.state.case(case), Granted)
    assert covered(house)


def test_what_was_decided_is_undone_by_whoever_decided_it_or_stands_above(house: House) -> None:
    case = granted(house)
    for office in (OWNER, "joint-staff", LIAISON):
        act = Revocation(case, office, "I would rather not")
        assert refused(house.tries(office, act)) in {"not-above", "partners"}
    assert refused(house.tries(OWNER, Revocation(case, SECRETARY, "x"))) == "not-appointed"
    house.do(SECRETARY, Revocation(case, SECRETARY, "a condition was breached"))
    assert isinstance(house.state.case(case), Revoked)
    back = Reinstatement(case, SECRETARY, "sorry")
    assert refused(house.tries(SECRETARY, back)) == "not-live"


def test_a_use_made_before_the_end_is_still_reported(house: House) -> None:
    case = granted(house)
    used = house.now
    house.later()
    house.do(SECRETARY, Revocation(case, SECRETARY, "enough"))
    house.do(LIAISON, UseReport(case, 1, used))
    assert isinstance(house.state.case(case), Revoked)


def test_what_a_change_of_policy_suspended_needs_who_decides_now(house: House) -> None:
    case = granted(house)
    other = (
        MECHANISM.replace("version: 2", "version: 3")
        .replace("@1", "@2")
        .replace("issuer: under-secretary-policy", "issuer: secretary-of-defense")
        .replace("from: 2025-05-30T00", "from: 2025-06-01T00")
        .replace("{decide: secretary-of-defense, reserved: true", "{decide: " + OWNER)
    )
    house.do(SECRETARY, Adoption(other))
    assert isinstance(house.state.case(case), Suspended)
    assert refused(house.tries(OWNER, Reinstatement(case, OWNER, "x"))) in {
        "not-above",
        "two-parts",
    }
    house.do(SECRETARY, Reinstatement(case, SECRETARY, "as before"))
    assert isinstance(house.state.case(case), Granted)


def test_what_is_suspended_when_its_window_ends_has_lapsed(house: House) -> None:
    case = granted(house)
    house.do(SECRETARY, Suspension(case, SECRETARY, "talks"))
    house.later(hours=24 * 200)
    late = house.tries(SECRETARY, Reinstatement(case, SECRETARY, "no talks"))
    assert refused(late) == "not-live"
    assert isinstance(standing(house.store, at=house.now, atlas=Table()).case(case), Lapsed)


def test_only_its_partner_surrenders_a_grant(house: House) -> None:
    case = granted(house)
    for person in (OTHERS, SECRETARY, "registrar"):
        assert refused(house.tries(person, Surrender(case, "x"))) in {"not-appointed", "unknown"}
    house.do(LIAISON, Surrender(case, "no longer needed"))
    assert isinstance(house.state.case(case), Surrendered)
    assert not covered(house)


def report_of(house: House, case: str) -> Obligation:
    """Return the obligation to report the uses, as it stands with what is due."""
    state = standing(house.store, at=house.now, atlas=Table())
    return obligations.of(state.case(case).dossier)[-1]


def test_what_is_given_back_is_accounted_for_until_then(house: House) -> None:
    """To give a grant back is no report of how it was used: it is due the sooner."""
    house.later(24 * 20)
    case = granted(house)
    house.later()
    given_back = house.now
    house.do(LIAISON, Surrender(case, "no longer needed"))
    owed = report_of(house, case)
    assert (owed.standing, owed.due) == (Standing.OPEN, given_back + timedelta(hours=72))
    house.later(72)
    assert report_of(house, case).standing is Standing.OVERDUE
    assert refused(house.tries(LIAISON, asks())) == "report-overdue"
    after = UseReport(case, 1, given_back)
    assert refused(house.tries(LIAISON, after)) == "outside"
    house.do(LIAISON, UseReport(case, 1, given_back + -timedelta(minutes=30)))
    assert report_of(house, case).standing is Standing.MET
    assert isinstance(house.state.case(case), Surrendered)
    house.do(LIAISON, asks())


def test_that_nothing_was_used_of_what_is_given_back_is_said(house: House) -> None:
    case = granted(house)
    assert refused(house.tries(LIAISON, UseReport(case, 0))) == "too-early"
    house.do(LIAISON, Surrender(case, "no longer needed"))
    house.do(LIAISON, UseReport(case, 0))
    assert report_of(house, case).standing is Standing.MET
    house.later(24 * 300)
    assert report_of(house, case).standing is Standing.MET


def refusal(house: House) -> str:
    """Return a case that the Secretary has refused."""
    case = to_be_decided(house)
    house.do(SECRETARY, refuses(house, case))
    return case


def test_an_appeal_is_decided_on_new_advice_with_the_first_decision_in_the_dossier(
    house: House,
) -> None:
    case = refusal(house)
    house.later()
    house.do(LIAISON, Appeal(case, "the depot has moved"))
    found = house.state.case(case)
    assert isinstance(found, Advising)
    assert found.waiting == ADVISERS
    assert refused(house.tries(SECRETARY, decides(house, case))) == "out-of-turn"
    for office in ADVISERS:
        house.do(office, advises(case, office))
    house.do(OWNER, consolidates(house, case))
    house.do(SECRETARY, decides(house, case, reasons="so it has"))
    dossier = house.state.case(case).dossier
    assert [each.said.outcome.value for each in dossier.decisions] == ["refuse", "grant"]
    assert len(dossier.advice) == 2 * len(ADVISERS)
    assert covered(house)


def test_there_is_one_appeal_in_a_case_of_a_refusal_by_its_partner_and_in_time(
    house: House,
) -> None:
    case = refusal(house)
    assert refused(house.tries(OTHERS, Appeal(case, "x"))) == "unknown"
    assert refused(house.tries(SECRETARY, Appeal(case, "x"))) == "not-appointed"
    house.do(LIAISON, Appeal(case, "the depot has moved"))
    assert refused(house.tries(LIAISON, Appeal(case, "once more"))) == "appealed"
    for office in ADVISERS:
        house.do(office, advises(case, office))
    house.do(OWNER, consolidates(house, case))
    house.do(SECRETARY, refuses(house, case))
    assert isinstance(house.state.case(case), Refused)
    assert refused(house.tries(LIAISON, Appeal(case, "once more"))) == "appealed"
    other = refusal(house)
    house.later(hours=28 * 24 + 1)
    assert refused(house.tries(LIAISON, Appeal(other, "late"))) == "too-late"


def test_the_policy_sets_how_long_a_refusal_may_be_appealed(house: House) -> None:
    early = under(house, DECIDE.replace("}", ", appeal: PT24H}"))
    late = to_be_decided(house)
    house.do(SECRETARY, refuses(house, early))
    house.do(SECRETARY, refuses(house, late))
    until = house.state.case(late).dossier.decisions[-1].stamp.at + timedelta(hours=24)
    house.now = until
    house.do(LIAISON, Appeal(early, "the depot has moved"))
    house.later(hours=1)
    answer = house.tries(LIAISON, Appeal(late, "the depot has moved"))
    assert refused(answer) == "too-late"
    assert isinstance(answer, Refusal)
    assert str(until) in answer.words


def test_a_grant_is_not_appealed(house: House) -> None:
    assert refused(house.tries(LIAISON, Appeal(granted(house), "more"))) == "not-refused"
