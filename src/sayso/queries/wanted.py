"""What does a case wait for, and who may do it? As `casework.authority` says, before anyone acts.

Beside who may advise, consolidate, decide, countersign and ratify it is told who may decide at
once, where the route lets an office, and who may answer the partner that asks for a condition of
its grant to be reconsidered. What a hold stops, nobody may do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sayso.casework import authority, case, holds, varying
from sayso.casework.authority import Warrant
from sayso.casework.case import Case, Open
from sayso.casework.delegations import Task
from sayso.casework.dossier import Dossier
from sayso.casework.events import Power, Ratification
from sayso.casework.knowing import NOT_CLEARED
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.wire import Value

AT_ONCE, COUNTERSIGN, RATIFY = "decide at once", Power.COUNTERSIGN.value, Power.RATIFY.value
RECONSIDER = "reconsider"
_HELD = {Power.DECIDE.value, AT_ONCE, COUNTERSIGN}
"""What a hold stops."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case waits for: who may do it, and why those who otherwise could may not."""

    office: str
    does: str
    able: tuple[Warrant, ...]
    unable: tuple[Refusal, ...]

    @property
    def is_unseen(self) -> bool:
        """Return whether it waits for nobody but such as the case is kept from."""
        return not self.able and any(each.code == NOT_CLEARED for each in self.unable)

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
    held = holds.stops(state, name, at)
    return tuple(
        each if held is None or each.does not in _HELD else replace(each, able=(), unable=(held,))
        for each in _awaited(state, found, at)
    )


def _awaited(state: State, found: Case, at: Instant) -> Iterator[Wanted]:
    dossier = found.dossier
    for each in authority.who(state, dossier.id, at):
        told = Wanted(each.office, each.power.value, each.able, each.unable)
        yield _without_signers(told, found) if told.does == RATIFY else told
    urgent = case.deciding(dossier).emergency if isinstance(found, Open) else None
    if urgent is not None:
        at_once = authority.wanted(state, Task(urgent, Power.DECIDE, dossier), at)
        yield Wanted(urgent, AT_ONCE, at_once.able, at_once.unable)
    if varying.asked(found):
        yield _answering(state, dossier, at)


def _answering(state: State, dossier: Dossier, at: Instant) -> Wanted:
    """Return who may answer about a condition of a grant: as who decided, with what that took."""
    decided = dossier.decisions[-1].said
    stopped = varying.unanswerable(state, dossier, at)
    if stopped is not None:
        return Wanted(decided.office, RECONSIDER, (), (stopped,))
    told = authority.wanted(state, Task(decided.office, Power.DECIDE, dossier, decided.uses), at)
    return Wanted(decided.office, RECONSIDER, told.able, told.unable)


def _without_signers(told: Wanted, found: Case) -> Wanted:
    """Return who may ratify but for those who have done so already: nobody signs twice."""
    signed = {on.stamp.by for on in found.dossier.since(Ratification)}
    twice = tuple(
        Refusal("signed-already", f"`{each.person}` has ratified it already")
        for each in told.able
        if each.person in signed
    )
    able = tuple(each for each in told.able if each.person not in signed)
    return replace(told, able=able, unable=(*told.unable, *twice))
