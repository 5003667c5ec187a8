"""Who decides together: quorum, countersignature, emergency; and what a decision must say."""

import pytest

from sayso.casework.case import Countersigning, Deciding, Granted, Refused, Revoked
from sayso.casework.events import (
    Adoption,
    Code,
    Condition,
    Consolidation,
    Decision,
    Opening,
    Option,
    Outcome,
    Skipped,
    Unratified,
    UseReport,
)
from sayso.dates import Instant
from sayso.errors import MalformedEntry, MalformedPolicy
from sayso.operations.perform import Receipt, perform
from sayso.queries.coverage import coverage
from sayso.queries.disclosure import Reader, view
from sayso.queries.dossier import told
from sayso.queries.moment import standing
from sayso.record.signature import SigningKey
from tests.casework.signing import (
    COUNTERSIGNED,
    DECIDE,
    KURSK,
    URGENT,
    at_once,
    by_board,
    countersigned,
    opened,
    ratifies,
    refused,
    second,
    sign,
    under,
    urgent,
)
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    WINDOW,
    advises,
    asks,
    consolidates,
    decides,
    refuses,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House, Table


def covered(house: House) -> bool:
    """Return whether Kursk is covered now."""
    state = standing(house.store, at=house.now, atlas=Table())
    return coverage(state, KURSK, at=house.now, atlas=Table()).covered


def test_a_case_is_decided_when_so_many_agree_on_the_same(house: House) -> None:
    case = by_board(house)
    house.do("ann", sign(house, case))
    assert isinstance(house.state.case(case), Deciding)
    assert not covered(house)
    reader = Reader.parse("partner:ukraine")
    assert told(view(house.state, reader).case(case), reader).decision is None
    house.do("bob", sign(house, case, uses=1))
    assert isinstance(house.state.case(case), Deciding), "what differs does not add up"
    house.do("cid", sign(house, case, reasons="as Ann says"))
    found = house.state.case(case)
    assert isinstance(found, Granted)
    assert found.dossier.decisions[-1].said.uses == 2
    assert len(found.dossier.signings) == 3, "the one that differs stays"


def test_one_person_with_two_keys_is_one_of_the_quorum(house: House) -> None:
    case = by_board(house)
    house.do("ann", sign(house, case))
    second = SigningKey.generate()
    house.do("ann", house.enrolment("ann", second))
    again = house.says("ann", sign(house, case, reasons="once more"), key=second)
    assert refused(perform(house.desk, again)) == "signed-already"
    other = house.says("ann", sign(house, case, uses=1), key=second)
    assert isinstance(perform(house.desk, other), Receipt), "they may change their mind"
    house.do("bob", sign(house, case))
    assert isinstance(house.state.case(case), Deciding), "what Ann said first counts no more"


def test_who_advised_is_none_of_the_quorum(house: House) -> None:
    opened(house, "board", "ann", "bob")
    case = under(house, "{decide: board, quorum: 2}")
    house.do("ann", sign(house, case))
    assert refused(house.tries(OWNER, sign(house, case))) == "two-parts"


def test_a_quorum_that_no_office_could_fill_is_not_adopted(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    stage = "{decide: secretary-of-defense, quorum: 2}"
    answer = house.tries(OWNER, Adoption(MECHANISM.replace(DECIDE, stage)))
    assert refused(answer) == "quorum"
    with pytest.raises(MalformedPolicy, match="counts from 1"):
        house.tries(OWNER, Adoption(MECHANISM.replace(DECIDE, stage.replace("2}", "0}"))))


def test_a_decision_takes_effect_only_when_countersigned(house: House) -> None:
    case = countersigned(house)
    assert isinstance(house.state.case(case), Countersigning)
    assert not covered(house)
    reader = Reader.parse("partner:ukraine")
    seen = told(view(house.state, reader).case(case), reader)
    assert (seen.line.stage, seen.decision) == ("under review", None)
    house.later()
    house.do("counsel", second(house, case))
    assert covered(house)
    decision = house.state.case(case).dossier.decisions[-1]
    assert decision.stamp.at == house.now, "it counts from when it takes effect"


def test_who_countersigns_may_object_which_returns_it_to_the_decider(house: House) -> None:
    case = countersigned(house)
    with pytest.raises(MalformedEntry, match="needs reasons"):
        second(house, case, upheld=False)
    house.do("counsel", second(house, case, upheld=False, reasons="no basis in law"))
    assert isinstance(house.state.case(case), Deciding)
    house.do(SECRETARY, refuses(house, case))
    house.do("counsel", second(house, case))
    assert isinstance(house.state.case(case), Refused)


def test_nobody_countersigns_their_own_decision(house: House) -> None:
    case = countersigned(house)
    own = second(house, case, office=SECRETARY)
    assert refused(house.tries(SECRETARY, own)) == "two-parts"
    assert refused(house.tries(OWNER, second(house, case))) == "two-parts"
    assert refused(house.tries("counsel", second(house, case, decision="0" * 64))) == (
        "other-decision"
    )
    text = COUNTERSIGNED.replace("chief-counsel", SECRETARY)
    with pytest.raises(MalformedPolicy, match="nobody countersigns their own"):
        house.tries(OWNER, Adoption(MECHANISM.replace(DECIDE, text)))


def test_an_emergency_is_decided_at_once_and_who_was_skipped_is_told(house: House) -> None:
    case = urgent(house)
    receipt = house.do("dora", at_once(house, case))
    assert receipt.follows == (Skipped(case, (*ADVISERS, OWNER, SECRETARY)),)
    assert covered(house)
    house.later(hours=23)
    house.do(SECRETARY, ratifies(house, case))
    house.later(hours=2)
    assert covered(house)
    assert refused(house.tries(SECRETARY, ratifies(house, case))) == "nothing-to-ratify"


def test_what_is_not_ratified_in_time_ends_and_the_uses_made_stand(house: House) -> None:
    case = urgent(house)
    house.do("dora", at_once(house, case))
    house.later(hours=24)
    assert not covered(house)
    late = house.tries(SECRETARY, ratifies(house, case))
    assert refused(late) == "nothing-to-ratify"
    used = Instant.parse("2025-06-01T12:00:00Z")
    house.do(LIAISON, UseReport(case, 1, used))
    found = house.state.case(case)
    assert isinstance(found, Revoked)
    assert [each.said for each in found.dossier.since(Unratified)] == [Unratified(case)]


def test_what_is_not_upheld_ends_at_once(house: House) -> None:
    case = urgent(house)
    house.do("dora", at_once(house, case))
    house.do(SECRETARY, ratifies(house, case, upheld=False, reasons="there was time"))
    assert isinstance(house.state.case(case), Revoked)


def test_ratification_is_by_the_office_that_would_have_decided(house: House) -> None:
    case = urgent(house)
    house.do("dora", at_once(house, case))
    other = ratifies(house, case, office="joint-staff")
    assert refused(house.tries("joint-staff", other)) == "not-theirs"
    own = ratifies(house, case, office="duty-officer")
    assert refused(house.tries("dora", own)) == "two-parts"
    assert refused(house.tries(LIAISON, ratifies(house, case))) == "partners"


def test_an_emergency_is_left_by_the_route_or_there_is_none(house: House) -> None:
    opened(house, "duty-officer", "dora")
    case = to_be_decided(house)
    assert refused(house.tries("dora", at_once(house, case))) == "no-emergency"
    own = at_once(house, case, office=SECRETARY)
    assert refused(house.tries(SECRETARY, own)) == "no-emergency"


def test_a_reserved_power_is_no_emergencys_unless_the_policy_says_so(house: House) -> None:
    opened(house, "duty-officer", "dora")
    house.do(OWNER, Adoption(GREEN_LIGHT))
    reserved = URGENT.replace("emergency", "reserved: true, emergency")
    with pytest.raises(MalformedPolicy, match="reserved, even in an emergency"):
        house.tries(OWNER, Adoption(MECHANISM.replace(DECIDE, reserved)))
    meant = reserved.replace("PT24H", "PT24H, of_reserved: true")
    house.do(OWNER, Adoption(MECHANISM.replace(DECIDE, meant)))


def test_an_emergency_office_that_a_lower_one_fills_is_not_adopted(house: House) -> None:
    house.do("registrar", Opening("duty-officer", "duty-officer", 2, "registrar", 1))
    house.do(OWNER, Adoption(GREEN_LIGHT))
    answer = house.tries(OWNER, Adoption(MECHANISM.replace(DECIDE, URGENT)))
    assert refused(answer) == "filled-from-below"


def test_a_refusal_can_wait() -> None:
    with pytest.raises(MalformedEntry, match="only a grant cannot wait"):
        Decision("c", "o", Outcome.REFUSE, "x", (), "", "", emergency="now")


# --- what a decision must say ---


def test_who_departs_from_the_consolidation_says_why(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM))
    house.do(LIAISON, asks())
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    given = consolidates(house, "ukraine-1")
    house.do(
        OWNER,
        Consolidation("ukraine-1", OWNER, Outcome.REFUSE, "no", given.cites, dissents=given.cites),
    )
    assert refused(house.tries(SECRETARY, decides(house, "ukraine-1"))) == "departs"
    house.do(SECRETARY, decides(house, "ukraine-1", reasons="the risk is worth it"))


OPTIONS = (
    Option("one-use", Outcome.GRANT_WITH_CONDITIONS, "watched", (Condition.plain("quietly"),), 1),
    Option("refuse", Outcome.REFUSE, "talks go first"),
)


def with_options(house: House) -> str:
    """Return a case for two uses on which options were laid side by side."""
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM))
    house.do(LIAISON, asks(uses=2))
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    cites = consolidates(house, "ukraine-1").cites
    house.do(OWNER, Consolidation("ukraine-1", OWNER, Outcome.GRANT, "", cites, OPTIONS))
    return "ukraine-1"


def test_the_decision_names_the_option_it_chooses_and_says_what_it_says(house: House) -> None:
    case = with_options(house)
    assert refused(house.tries(SECRETARY, decides(house, case))) == "no-option"
    unknown = decides(house, case, option="two-uses")
    assert refused(house.tries(SECRETARY, unknown)) == "no-option"
    chosen = {
        "option": "one-use",
        "outcome": Outcome.GRANT_WITH_CONDITIONS,
        "conditions": OPTIONS[0].conditions,
    }
    more = decides(house, case, **chosen, uses=2)
    assert refused(house.tries(SECRETARY, more)) == "other-option"
    house.do(SECRETARY, decides(house, case, **chosen, uses=1, codes=(Code.NECESSITY,)))


def test_a_decision_on_paper_keeps_both_times_and_counts_from_when_it_is_recorded(
    house: House,
) -> None:
    case = to_be_decided(house)
    made = house.now
    before_it_was_asked = Instant.parse("2025-05-01T00:00:00Z")
    scan = house.paper(b"signed on paper")
    house.later(hours=5)
    early = decides(house, case, made_at=before_it_was_asked, paper=scan)
    assert refused(house.tries(SECRETARY, early)) == "before-request"
    assert not covered(house)
    house.do(SECRETARY, decides(house, case, made_at=made, paper=scan))
    on = house.state.case(case).dossier.decisions[-1]
    assert isinstance(on.said, Decision)
    assert (on.said.made_at, on.stamp.at) == (made, house.now)
    with pytest.raises(MalformedEntry, match="names the scan"):
        decides(house, case, made_at=made)


def test_a_decision_is_not_replayed_on_another_case(house: House) -> None:
    case = to_be_decided(house)
    act = decides(house, case)
    house.do(LIAISON, asks(window=WINDOW))
    other = f"ukraine-{house.state.filed_by['ukraine']}"
    for office in ADVISERS:
        house.do(office, advises(other, office))
    house.do(OWNER, consolidates(house, other))
    moved = decides(house, other, request=act.request, verdict=act.verdict)
    assert refused(house.tries(SECRETARY, moved)) == "other-grounds"
