"""One condition of a live grant is considered again: by whoever decided, and nothing grows."""

import pytest

from sayso.casework import obligations
from sayso.casework.events import (
    Acceptance,
    Adoption,
    Change,
    Condition,
    Fulfilment,
    Outcome,
    Phase,
    Power,
    Reconsideration,
    Revocation,
    Since,
    Variation,
)
from sayso.casework.obligations import Standing
from sayso.errors import MalformedEntry
from sayso.queries.coverage import Lack
from sayso.queries.disclosure import Reader
from sayso.queries.dossier import told
from sayso.queries.inbox import Why, inbox
from tests.casework.deputies import enrols, grants, owner_decides, owners
from tests.casework.signing import COUNTERSIGNED, opened, second, under
from tests.casework.test_duties import (
    PLAIN,
    PLEDGE,
    REPORT,
    SPAN,
    covered,
    granted,
    refused,
    stands,
)
from tests.casework.texts import MECHANISM, decides
from tests.house import LIAISON, OTHERS, OWNER, SECRETARY, House

NEARER = Condition.plain("nothing within 5 km of the reactor")
BRIEF = Condition("brief the staff", Phase.AFTER, "partner", "PT12H", Since.GRANT)


def asks_again(case: str, number: int = 1) -> Reconsideration:
    """Return what the partner asks."""
    return Reconsideration(case, number, "the front has moved")


def answers(case: str, condition: Condition | None = NEARER, number: int = 1) -> Variation:
    """Return the Secretary's new wording, or the end of a condition."""
    change = Change.END if condition is None else Change.REWORD
    return Variation(case, SECRETARY, number, change, "so it has", condition)


def asked(house: House, *conditions: Condition) -> str:
    """Return a case granted on these conditions, of which the first is to be reconsidered."""
    case = granted(house, *conditions)
    house.do(LIAISON, asks_again(case))
    return case


def test_a_condition_is_reworded_under_its_number_and_nothing_else_moves(house: House) -> None:
    case = asked(house, PLAIN, REPORT)
    before = house.state.case(case)
    house.do(SECRETARY, answers(case))
    after = house.state.case(case)
    numbers = [each.number for each in obligations.of(after.dossier)]
    assert numbers == [1, 2]
    assert type(after) is type(before)
    decision = after.dossier.decisions[-1].said
    assert decision == before.dossier.decisions[-1].said
    assert (decision.uses, decision.window) == (1, SPAN)
    first, other = obligations.standing_conditions(after.dossier)
    old, same = obligations.standing_conditions(before.dossier)
    assert (first != old, other == same) == (True, True)


def test_a_condition_that_ends_binds_no_more_and_keeps_its_number(house: House) -> None:
    case = asked(house, PLEDGE, REPORT)
    assert covered(house) == (False, Lack.UNMET, None)
    house.do(SECRETARY, answers(case, None))
    assert stands(house, case) == [Standing.ENDED, Standing.OPEN]
    assert covered(house) == (True, None, 1)
    met = Fulfilment(case, 1, "all the same")
    assert refused(house.tries(LIAISON, met)) == "ended"
    assert refused(house.tries(LIAISON, asks_again(case))) == "settled"


def test_a_condition_can_be_kept_and_asked_about_again(house: House) -> None:
    case = asked(house, PLAIN)
    assert refused(house.tries(LIAISON, asks_again(case))) == "asked-already"
    before = obligations.of(house.state.case(case).dossier)
    house.do(SECRETARY, Variation(case, SECRETARY, 1, Change.KEEP, "it stands"))
    assert obligations.of(house.state.case(case).dossier) == before
    house.do(LIAISON, asks_again(case))


def test_what_was_handed_in_or_met_stays(house: House) -> None:
    case = asked(house, PLEDGE)
    house.do(LIAISON, Fulfilment(case, 1, "the signed paper"))
    assert refused(house.tries(SECRETARY, answers(case))) == "settled"
    house.do(SECRETARY, Acceptance(case, SECRETARY, 1))
    assert refused(house.tries(SECRETARY, answers(case, None))) == "settled"
    assert stands(house, case)[0] is Standing.MET


def test_what_is_overdue_is_open_again_under_a_new_wording_with_time_left(house: House) -> None:
    case = asked(house, BRIEF)
    house.later(hours=13)
    assert stands(house, case)[0] is Standing.OVERDUE
    assert refused(house.tries(SECRETARY, answers(case, BRIEF))) == "past"
    longer = Condition("brief the staff", Phase.AFTER, "partner", "PT24H", Since.GRANT)
    house.do(SECRETARY, answers(case, longer))
    assert stands(house, case)[0] is Standing.OPEN
    house.later(hours=12)
    assert stands(house, case)[0] is Standing.OVERDUE


def test_every_grant_still_owes_a_use_report(house: House) -> None:
    case = asked(house, REPORT, PLAIN)
    for other in (None, NEARER):
        assert refused(house.tries(SECRETARY, answers(case, other))) == "report-stays"
    house.do(LIAISON, asks_again(case, 2))
    assert refused(house.tries(SECRETARY, answers(case, REPORT, 2))) == "report-stays"
    assert refused(house.tries(LIAISON, asks_again(case, 3))) == "no-condition"


def test_only_the_partner_asks_and_only_of_a_live_grant(house: House) -> None:
    case = granted(house, PLAIN)
    for person in (OTHERS, SECRETARY, OWNER, "registrar"):
        assert refused(house.tries(person, asks_again(case))) in {"not-appointed", "unknown"}
    assert refused(house.tries(SECRETARY, answers(case))) == "not-asked"
    house.do(LIAISON, asks_again(case))
    house.do(SECRETARY, Revocation(case, SECRETARY, "enough"))
    assert refused(house.tries(SECRETARY, answers(case))) == "not-live"
    assert refused(house.tries(LIAISON, asks_again(case))) == "not-live"


def test_varying_a_condition_takes_what_deciding_took(house: House) -> None:
    opened(house, "chief-counsel", "counsel")
    case = asked(house, PLAIN)
    for person in (LIAISON, OWNER, "joint-staff"):
        answer = house.tries(person, answers(case))
        assert refused(answer) in {"partners", "two-parts", "not-appointed"}, person
    theirs = Variation(case, "joint-staff", 1, Change.END, "I would rather not")
    assert refused(house.tries("joint-staff", theirs)) in {"two-parts", "not-decider"}
    another = Variation(case, "chief-counsel", 1, Change.END, "it is not needed")
    assert refused(house.tries("counsel", another)) == "not-decider"


def test_who_decided_varies_nothing_once_the_policies_let_another_decide(house: House) -> None:
    case = asked(house, PLAIN)
    moved = (
        MECHANISM.replace("version: 2", "version: 3")
        .replace("@1", "@2")
        .replace("issuer: under-secretary-policy", "issuer: secretary-of-defense")
        .replace("from: 2025-05-30T00", "from: 2025-06-01T00")
        .replace("{decide: secretary-of-defense, reserved: true", "{decide: " + OWNER)
    )
    house.do(SECRETARY, Adoption(moved))
    assert refused(house.tries(SECRETARY, answers(case, None))) == "not-decider"


def test_a_reserved_decision_s_conditions_are_varied_by_no_delegate(house: House) -> None:
    case = asked(house, PLAIN)
    enrols(house, "deputy")
    house.do(SECRETARY, grants(office=SECRETARY, powers=(Power.DECIDE,)))
    assert refused(house.tries("deputy", answers(case))) == "beyond-delegation"


def test_a_delegate_varies_as_far_as_they_may_decide(house: House) -> None:
    case = owner_decides(house)
    limits = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLAIN,)}
    house.do(OWNER, owners(house, case, **limits))
    house.do(LIAISON, asks_again(case))
    enrols(house, "deputy", "junior")
    house.do(OWNER, grants("small", "junior", most_uses=7))
    house.do(OWNER, grants())
    said = Variation(case, OWNER, 1, Change.END, "so it has")
    assert refused(house.tries("junior", said)) == "beyond-delegation"
    house.do("deputy", said)
    part = house.state.case(case).dossier.parts()["deputy"]
    assert (part.did, part.office) == ("decided it", OWNER)


def test_what_several_signed_is_decided_anew(house: House) -> None:
    opened(house, "chief-counsel", "counsel")
    case = under(house, COUNTERSIGNED)
    limits = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLAIN,)}
    house.do(SECRETARY, decides(house, case, **limits))
    house.do("counsel", second(house, case))
    assert refused(house.tries(LIAISON, asks_again(case))) == "several-signed"


def test_the_partner_reads_what_became_of_it_and_the_office_what_waits(house: House) -> None:
    case = asked(house, PLAIN)
    (task,) = (each for each in inbox(house.state, SECRETARY, house.now) if each.case == case)
    assert task.why is Why.AGAIN
    house.do(SECRETARY, answers(case, None))
    shown = told(house.state.case(case), Reader.parse("partner:ukraine"))
    assert [each.answer for each in shown.again] == [Change.END]
    assert shown.decision is not None
    assert shown.decision.conditions == ()
    assert all(each.case != case for each in inbox(house.state, SECRETARY, house.now))


def test_a_new_wording_goes_with_rewording_and_only_with_it() -> None:
    for change, wording in ((Change.REWORD, None), (Change.END, PLAIN), (Change.KEEP, PLAIN)):
        with pytest.raises(MalformedEntry):
            Variation("ukraine-1", SECRETARY, 1, change, "why", wording)
    with pytest.raises(MalformedEntry):
        Reconsideration("ukraine-1", 1, " ")
