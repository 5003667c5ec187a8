"""Random small histories of a house: what is done by the way, dated back and ahead, and undone."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

from sayso.casework.events import (
    Act,
    Adoption,
    Agreement,
    Appointment,
    Article,
    Assertion,
    Clearance,
    Compartment,
    Confidence,
    Debriefing,
    Delegation,
    DelegationRevocation,
    Delivery,
    Hold,
    HoldRelease,
    Marking,
    Opening,
    Power,
    Release,
    Relief,
    Rescission,
    Retraction,
    Vocabulary,
    Withdrawal,
)
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from tests.casework.test_circumstances import GATED, TALKS
from tests.casework.texts import GREEN_LIGHT, MECHANISM, advises, asks, decides
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

Say = tuple[str, Act]
KEPT = "longshot"
NAMES = ("one", "two")
_HOUR = 3_600_000_000


def hours(at: Instant, number: int) -> Instant:
    """Return the moment so many hours later."""
    return Instant(at.micros + number * _HOUR)


def history(seed: int, *, tries: int = 90) -> House:
    """Return a house in which random things were done, most of them in order."""
    dice, house = Random(seed), House.furnished()
    for _ in range(tries):
        if dice.random() < 0.7:  # more often than not
            house.later(dice.choice((1, 1, 2, 12)))
        with suppress(SaysoError):
            house.tries(*dice.choice(DONE)(house, dice))
    return house


def _period(house: House, dice: Random, *, back: int = 30) -> Period:
    since = hours(house.now, dice.randint(-back, 10))
    return Period(since, dice.choice((None, hours(since, dice.randint(1, 60)))))


def _opens(_: House, dice: Random) -> Say:
    name = dice.choice(NAMES)
    return "registrar", Opening(name, name, 9, "registrar", 2, dice.choice((None, "ukraine")))


def _enrols(house: House, dice: Random) -> Say:
    name = dice.choice(NAMES)
    return "registrar", house.enrolment(name)


def _appoints(house: House, dice: Random) -> Say:
    office, person = dice.choice((*ADVISERS, *NAMES)), dice.choice((*NAMES, OWNER))
    return "registrar", Appointment(office, person, _period(house, dice), dice.choice((True, None)))


def _relieves(house: House, dice: Random) -> Say:
    office = dice.choice((*ADVISERS, *NAMES))
    return "registrar", Relief(office, dice.choice((office, *NAMES)), house.now)


def _registers(_: House, dice: Random) -> Say:
    name = dice.choice(NAMES)
    article = Article(name, name, {"range_km": 80, "suppliers": ["US"]})
    return "registrar", dice.choice((article, Agreement(name, name, "US", "ukraine", ("atacms",))))


def _adopts(_: House, dice: Random) -> Say:
    return OWNER, Adoption(dice.choice((GREEN_LIGHT, MECHANISM, GATED)))


def _rescinds(_: House, dice: Random) -> Say:
    return OWNER, Rescission(dice.choice(("gate@1", "long-range-fires@1")), OWNER, "over")


def _files(_: House, dice: Random) -> Say:
    return LIAISON, asks(place=dice.choice(("Kursk", "Belgorod", "Dzhankoi")))


def _case(house: House, dice: Random) -> str:
    return dice.choice(sorted(house.state.cases) or ["ukraine-1"])


def _withdraws(house: House, dice: Random) -> Say:
    return LIAISON, Withdrawal(_case(house, dice), "no longer needed")


def _advises(house: House, dice: Random) -> Say:
    office = dice.choice(ADVISERS)
    return office, advises(_case(house, dice), office)


def _decides(house: House, dice: Random) -> Say:
    return SECRETARY, decides(house, _case(house, dice))


def _words(_: House, dice: Random) -> Say:
    del dice
    return OWNER, Vocabulary(OWNER, TALKS, ("europe-desk", "joint-staff"))


def _asserts(house: House, dice: Random) -> Say:
    office, value = dice.choice(ADVISERS[:2]), dice.choice((True, False))
    holds = _period(house, dice)
    return office, Assertion(office, "talks_under_way", value, "a cable", holds, Confidence.HIGH)


def _retracts(house: House, dice: Random) -> Say:
    said = [on for each in house.state.claims.values() for on in each]
    on = dice.choice(said) if said else None
    office = OWNER if on is None else on.said.office
    return office, Retraction(office, 0 if on is None else on.stamp.index, "misread")


def _delegates(house: House, dice: Random) -> Say:
    office, name = dice.choice((OWNER, *ADVISERS)), f"memo-{dice.randint(1, 3)}"
    power = Power.CONSOLIDATE if office == OWNER else Power.ADVISE
    term, person = _period(house, dice, back=5), dice.choice((*NAMES, "general-counsel"))
    return office, Delegation(name, office, (power,), term, "a memo", person)


def _revokes(house: House, dice: Random) -> Say:
    found = [link for _, link in sorted(house.state.delegations.items())]
    link = dice.choice(found) if found else None
    by = OWNER if link is None else str(link.stamp.by)
    return by, DelegationRevocation("memo-1" if link is None else link.said.delegation, "back")


def _holds(house: House, dice: Random) -> Say:
    case = dice.choice((None, _case(house, dice)))
    article = "atacms" if case is None else None
    until = dice.choice((None, hours(house.now, 6)))
    name = dice.choice(("pause", "stop"))
    return SECRETARY, Hold(name, SECRETARY, "wait", case, article=article, until=until)


def _lets_go(_: House, dice: Random) -> Say:
    return SECRETARY, HoldRelease(dice.choice(("pause", "stop")), SECRETARY, "go on")


def _delivers(house: House, dice: Random) -> Say:
    return "registrar", Delivery("aid", "atacms", f"t{house.state.size}", dice.randint(1, 3))


def _knows(house: House, dice: Random) -> Say:
    if KEPT not in house.state.compartments:
        return OWNER, Compartment(OWNER, KEPT, "Long shot")
    if not house.state.clearances.get(KEPT):
        return OWNER, Clearance(OWNER, KEPT, OWNER, Period(hours(house.now, -20)))
    person = dice.choice((OWNER, SECRETARY, *ADVISERS))
    acts: tuple[Act, ...] = (
        Clearance(OWNER, KEPT, person, _period(house, dice)),
        Debriefing(OWNER, KEPT, person, house.now),
        Marking(OWNER, KEPT, case=_case(house, dice)),
        Marking(OWNER, KEPT, policy=dice.choice(("gate@1", "long-range-fires@1"))),
        *(Marking(OWNER, KEPT, entry=dice.randrange(20, house.state.size)) for _ in range(3)),
    )
    return OWNER, dice.choice(acts)


def _releases(_: House, dice: Random) -> Say:
    whole = dice.choice((True, None))
    return OWNER, Release(OWNER, "public", "so it is", policy="long-range-fires@2", whole=whole)


DONE: tuple[Callable[[House, Random], Say], ...] = (
    _opens,
    _enrols,
    _appoints,
    _appoints,
    _relieves,
    _registers,
    _adopts,
    _adopts,
    _rescinds,
    _files,
    _files,
    _withdraws,
    _advises,
    _advises,
    _decides,
    _words,
    _words,
    _asserts,
    _asserts,
    _asserts,
    _retracts,
    _delegates,
    _revokes,
    _holds,
    _lets_go,
    _delivers,
    _knows,
    _knows,
    _releases,
)
