"""What does a case wait for, and who may do it? Every office, every person, by every chain.

Whoever may advise, consolidate and decide; whoever may decide at once, where the route lets an
office; whoever has still to countersign a decision, or to ratify one made in an emergency.
`casework.authority` answers the same of one act and one person: here it is told before anyone acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework import authority, case, delegations, emergencies, holds
from sayso.casework.authority import DID, Warrant
from sayso.casework.case import Advising, Case, Consolidating, Countersigning, Deciding, Open
from sayso.casework.delegations import Task
from sayso.casework.dossier import Part
from sayso.casework.events import Power, Ratification
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.wire import Value

AT_ONCE, COUNTERSIGN, RATIFY = "decide at once", "countersign", "ratify"
_SECOND = {COUNTERSIGN: "countersigned it", RATIFY: "ratified it"}
_HELD = {Power.DECIDE.value, AT_ONCE, COUNTERSIGN}
"""What a hold stops."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case waits for: who may do it, and why those who otherwise could may not."""

    office: str
    does: str
    able: tuple[Warrant, ...]
    unable: tuple[Refusal, ...]

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "office": self.office,
            "power": self.does,
            "able": [
                {
                    "person": each.person,
                    **({} if each.appointed is None else {"appointed": each.appointed}),
                    "chain": list(each.chain),
                }
                for each in self.able
            ],
            "unable": [each.words for each in self.unable],
        }


def who(state: State, name: str, at: Instant) -> tuple[Wanted, ...]:
    """Return who may do the next thing in the case called `name` at `at`, by which chains."""
    found = state.case(name)
    return tuple(_wanted(state, found, office, does, at) for office, does in awaited(found))


def awaited(found: Case) -> Iterator[tuple[str, str]]:
    """Yield what a case waits for, or its grant: which office, to do what."""
    match found:
        case Advising():
            yield from ((office, Power.ADVISE.value) for office in found.waiting)
        case Consolidating():
            yield found.office, Power.CONSOLIDATE.value
        case Deciding():
            yield found.office, Power.DECIDE.value
        case Countersigning():
            yield from ((office, COUNTERSIGN) for office in found.waiting)
        case _:
            yield from ((office, RATIFY) for office in emergencies.missing(found.dossier))
    if isinstance(found, Open):
        urgent = case.deciding(found.dossier).emergency
        yield from () if urgent is None else ((urgent, AT_ONCE),)


def _wanted(state: State, found: Case, office: str, does: str, at: Instant) -> Wanted:
    held = holds.stops(state, found.dossier.id, at) if does in _HELD else None
    if held is not None:
        return Wanted(office, does, (), (held,))
    answers = tuple(_answers(state, found, office, does, at))
    able = tuple(each for each in answers if isinstance(each, Warrant))
    unable = tuple(each for each in answers if isinstance(each, Refusal))
    return Wanted(office, does, able, unable)


def _answers(
    state: State, found: Case, office: str, does: str, at: Instant
) -> Iterator[Warrant | Refusal]:
    dossier = found.dossier
    part = Part(_SECOND.get(does) or DID[_power(does)], office)
    for warrant, why in _candidates(state, found, office, does, at):
        barring = (
            authority.another_part(dossier, part, warrant.person)
            or authority.barred(state, dossier, warrant.person, at)
            or _signed_already(found, does, warrant.person)
        )
        if why is not None:
            yield Refusal("beyond-delegation", f"`{warrant.person}`: {why}")
        else:
            yield barring or warrant


def _power(does: str) -> Power:
    return Power.DECIDE if does == AT_ONCE else Power(does)


def _signed_already(found: Case, does: str, person: str) -> Refusal | None:
    """Return the refusal to who has ratified the decision for another office, or another seat."""
    if does != RATIFY or person not in {on.stamp.by for on in found.dossier.since(Ratification)}:
        return None
    return Refusal("signed-already", f"`{person}` has ratified it already")


def _candidates(
    state: State, found: Case, office: str, does: str, at: Instant
) -> Iterator[tuple[Warrant, str | None]]:
    """Yield who has the power by office or delegation, with what a delegation lacks.

    To countersign and to ratify is for the holders of an office alone.
    """
    for term in state.holders(office, at):
        yield Warrant(term.person, office, term.stamp.index), None
    if does in _SECOND:
        return
    task = Task(office, _power(does), found.dossier)
    for link in delegations.of_office(state, office):
        if task.power not in link.said.powers:
            continue
        why = delegations.fault(state, link, task, at)
        for person in authority.delegates(state, link, at):
            warrant = authority.by_link(state, link, person, at)
            if warrant is not None:
                yield warrant, why
