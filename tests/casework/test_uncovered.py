"""What lacks where a use is not covered, and uses that were told of all the same."""

from sayso.casework.events import Acceptance, Fulfilment, Suspension
from sayso.queries.coverage import Lack, coverage
from sayso.queries.moment import standing
from sayso.queries.stock import accounts
from tests.casework.test_duties import KURSK, PLEDGE, granted, report
from tests.casework.texts import governed
from tests.house import LIAISON, SECRETARY, House, Table


def test_what_lacks_is_told_of_the_grant_that_can_still_cover(house: House) -> None:
    """Of two grants for a use, one used up and one with something to be met, that is the second."""
    for conditions in ((), (PLEDGE,), ()):
        case = granted(house, *conditions)
        house.later()
        if not conditions:
            house.do(LIAISON, report(case, used_at=house.now))
    state = standing(house.store, at=house.now, atlas=Table())
    answer = coverage(state, KURSK, at=house.now, atlas=Table())
    assert (answer.case, answer.lack) == ("ukraine-2", Lack.UNMET)


def differs(house: House) -> tuple[str, ...]:
    """Return what does not add up of the stock."""
    (account,) = accounts(house.state, "aid")
    return account.differs


def test_a_use_that_its_grant_did_not_cover_is_taken_and_named(house: House) -> None:
    governed(house)
    early = house.now
    house.later()
    case = granted(house, PLEDGE, uses=4)
    house.later()
    unmet = house.now
    house.later()
    house.do(LIAISON, Fulfilment(case, 1, "signed"))
    house.do(SECRETARY, Acceptance(case, SECRETARY, 1))
    house.later()
    good = house.now
    house.later()
    house.do(SECRETARY, Suspension(case, SECRETARY, "talks"))
    stopped = house.now
    for at in (early, unmet, good, stopped):
        house.do(LIAISON, report(case, used_at=at))
    named = [words.partition(", ")[2] for words in differs(house) if "not covered" in words]
    assert [each.rpartition(" ")[0] for each in named] == [
        "it was granted only at",
        "not met before it: condition",
        "it was",
    ]
