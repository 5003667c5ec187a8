"""Beside the route: queries, comments, holds; who may, what they stop, and who learns of it."""

import pytest

from sayso.casework.case import Granted
from sayso.casework.events import (
    Answer,
    Comment,
    Delegation,
    Hold,
    HoldRelease,
    Opening,
    Power,
    Query,
    Recusal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry, Unknown
from sayso.operations.perform import Receipt
from sayso.operations.tick import tick
from sayso.queries import dossier
from sayso.queries.coverage import Coverage, Use, coverage
from sayso.queries.disclosure import OFFICE, Circle, Reader, view
from sayso.queries.inbox import Why, inbox
from tests.casework.texts import advises, asks, decides, governed, to_be_decided
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

PARTNER = Reader(Circle.PARTNER, "ukraine")


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def covered(house: House, reader: Reader = OFFICE) -> Coverage:
    """Return whether the use at Kursk is covered now, as far as the reader may know."""
    use = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")
    known = view(house.state, reader)
    return coverage(known, use, at=house.now, atlas=Table(), reader=reader)


def granted(house: House) -> str:
    """Return a case for Kursk that was granted."""
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    return case


@pytest.mark.parametrize("by", [*ADVISERS, OWNER, LIAISON, "registrar"])
def test_only_who_could_decide_a_case_holds_it(house: House, by: str) -> None:
    case = to_be_decided(house)
    answer = house.tries(by, Hold("mine", by, "no", case=case))
    assert refused(answer) in {"outranked", "partners"}
    blanket = house.tries(by, Hold("mine", by, "no", article="atacms"))
    assert refused(blanket) == ("partners" if by == LIAISON else "outranked")


def test_a_held_case_is_not_decided_and_a_released_one_is(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Hold("talks", SECRETARY, "talks are on", case=case))
    assert refused(house.tries(SECRETARY, decides(house, case))) == "held"
    again = Hold("talks", SECRETARY, "again", case=case)
    assert refused(house.tries(SECRETARY, again)) == "hold-exists"
    release = HoldRelease("talks", OWNER, "enough")
    assert refused(house.tries(OWNER, release)) == "outranked"
    house.do(SECRETARY, HoldRelease("talks", SECRETARY, "they failed"))
    house.do(SECRETARY, decides(house, case))
    with pytest.raises(Unknown, match="no hold"):
        house.tries(SECRETARY, HoldRelease("talks", SECRETARY, "twice"))


def test_a_held_case_is_advised_on(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.do(SECRETARY, Hold("talks", SECRETARY, "talks are on", case="ukraine-1"))
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))


def test_a_hold_ends_at_its_date(house: House) -> None:
    case = to_be_decided(house)
    until = Instant(house.now.micros + 3_600_000_000)
    house.do(SECRETARY, Hold("hour", SECRETARY, "an hour", territory="RU", until=until))
    assert refused(house.tries(SECRETARY, decides(house, case))) == "held"
    house.later()
    past = Hold("past", SECRETARY, "late", case=case, until=house.now)
    assert refused(house.tries(SECRETARY, past)) == "over"
    house.do(SECRETARY, decides(house, case))


@pytest.mark.parametrize(
    ("held", "stops"),
    [
        ({"partner": "ukraine"}, True),
        ({"article": "atacms"}, True),
        ({"territory": "RU"}, True),
        ({"partner": "poland"}, False),
        ({"territory": "UA"}, False),
        ({"partner": "poland", "article": "atacms"}, False),
        ({"partner": "ukraine", "territory": "RU"}, True),
    ],
)
def test_a_blanket_hold_stops_the_uses_of_its_class(
    house: House, held: dict[str, str], *, stops: bool
) -> None:
    granted(house)
    assert covered(house).covered
    house.do(SECRETARY, Hold("all", SECRETARY, "a fault", **held))  # type: ignore[arg-type]  # each is text
    assert covered(house).covered is not stops
    assert covered(house, PARTNER).covered is not stops
    assert covered(house).holds == (("all",) if stops else ())


def test_a_hold_on_a_grant_uncovers_its_use(house: House) -> None:
    case = granted(house)
    house.do(SECRETARY, Hold("stop", SECRETARY, "a fault", case=case))
    assert not covered(house).covered
    assert not covered(house, PARTNER).covered
    house.do(SECRETARY, HoldRelease("stop", SECRETARY, "mended"))
    assert covered(house, PARTNER).covered
    assert isinstance(house.state.cases[case], Granted)


def test_a_partner_is_told_that_a_use_is_held_and_not_by_whom_or_why(house: House) -> None:
    granted(house)
    house.do(SECRETARY, Hold("secret-talks", SECRETARY, "secret talks", article="atacms"))
    answer = covered(house, PARTNER)
    assert answer.held
    assert "secret" not in repr(view(house.state, PARTNER).holds)
    assert "secret" not in repr(answer)
    assert SECRETARY not in repr(view(house.state, PARTNER).holds)


def test_a_hold_on_another_partner_changes_nothing_that_a_partner_sees(house: House) -> None:
    granted(house)
    before = (view(house.state, PARTNER), covered(house, PARTNER))
    house.do(SECRETARY, Hold("theirs", SECRETARY, "a fault", partner="poland"))
    assert (view(house.state, PARTNER), covered(house, PARTNER)) == before


def test_an_office_of_another_house_releases_nothing(house: House) -> None:
    """Ranks order the offices of one supplier: a partner's high office is none of them."""
    case = to_be_decided(house)
    house.do(SECRETARY, Hold("talks", SECRETARY, "talks are on", case=case))
    for act in (Hold("theirs", OTHERS, "no", article="atacms"), HoldRelease("talks", OTHERS, "no")):
        assert refused(house.tries(OTHERS, act)) in {"outranked", "partners"}


def test_a_recused_person_neither_holds_nor_releases_nor_comments(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Hold("talks", SECRETARY, "talks are on", case=case))
    house.do(SECRETARY, Recusal(case, SECRETARY, "a brother serves there"))
    for act in (
        HoldRelease("talks", SECRETARY, "no more"),
        Hold("again", SECRETARY, "once more", case=case),
        Comment(case, SECRETARY, "hm"),
        Query(case, SECRETARY, "really?"),
    ):
        assert refused(house.tries(SECRETARY, act)) == "recused"


def test_a_query_is_told_by_the_office_s_name_alone(house: House) -> None:
    case = to_be_decided(house)
    house.do("registrar", house.enrolment("jane"))
    term = Period(house.now, Instant(house.now.micros + 10**12))
    house.do(
        "joint-staff",
        Delegation("memo", "joint-staff", (Power.ADVISE,), term, "a memo", person="jane"),
    )
    asked = house.do("jane", Query(case, "joint-staff", "which unit?"))
    house.do("europe-desk", Comment(case, "europe-desk", "they will not say"))
    told = dossier.told(view(house.state, PARTNER).case(case), PARTNER)
    (query,) = house.worded(told).queries
    assert (query.office, query.question, query.answer) == ("joint-staff", "which unit?", None)
    assert "jane" not in repr(told)
    assert "they will not say" not in repr(told)
    assert refused(house.tries(OTHERS, Answer(case, asked.index, "ours"))) == "unknown"
    house.do(LIAISON, Answer(case, asked.index, "the third brigade"))
    told = dossier.told(view(house.state, PARTNER).case(case), PARTNER)
    assert house.worded(told).queries[0].answer == "the third brigade"


def test_a_case_is_asked_about_by_the_offices_it_goes_by(house: House) -> None:
    case = to_be_decided(house)
    house.do("registrar", Opening("annex", "Annex", 9, "registrar", 1))
    assert refused(house.tries(LIAISON, Query(case, LIAISON, "and?"))) == "partners"
    house.do(SECRETARY, decides(house, case))
    assert refused(house.tries(OWNER, Query(case, OWNER, "late?"))) == "closed"
    assert refused(house.tries(LIAISON, Comment(case, LIAISON, "hm"))) == "partners"
    house.do(OWNER, Comment(case, OWNER, "for the file"))


def test_what_says_nothing_is_refused() -> None:
    for made in (
        lambda: Query("a-1", "desk", " "),
        lambda: Answer("a-1", 1, ""),
        lambda: Comment("a-1", "desk", "\n"),
        lambda: Hold("h", "desk", "", case="a-1"),
        lambda: Hold("h", "desk", "why"),
        lambda: Hold("h", "desk", "why", case="a-1", partner="ukraine"),
        lambda: HoldRelease("h", "desk", ""),
    ):
        with pytest.raises(MalformedEntry):
            made()


def test_an_inbox_says_what_is_due_and_what_is_late_below(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.do("joint-staff", advises("ukraine-1", "joint-staff"))
    due = Instant(house.now.micros + 24 * 3_600_000_000)
    (waiting,) = inbox(house.state, "europe-desk", house.now)
    assert (waiting.case, waiting.why, waiting.due) == ("ukraine-1", Why.WAITING, due)
    assert inbox(house.state, "joint-staff", house.now) == ()
    assert inbox(house.state, OWNER, house.now) == ()
    house.later(25)
    size = house.store.size()
    done = tick(house.desk)
    assert not isinstance(done, Refusal)
    assert house.store.size() == size + len(done) == size + 2
    assert tick(house.desk) == ()
    assert house.store.size() == size + 2
    (late,) = inbox(house.state, "europe-desk", house.now)
    assert late.why is Why.OVERDUE
    told = inbox(house.state, OWNER, house.now)
    assert [(each.why, each.below) for each in told] == [(Why.ESCALATED, "europe-desk")]
    for office in ("europe-desk", "general-counsel"):
        house.do(office, advises("ukraine-1", office))
    assert [each.why for each in inbox(house.state, OWNER, house.now)] == [Why.WAITING]


def test_the_clock_never_goes_back(house: House) -> None:
    house.later(-5)
    answer = tick(house.desk)
    assert isinstance(answer, Refusal)
    house.later(5)
