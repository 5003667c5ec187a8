"""Law 13 as a property: two records that differ only in what a reader may not know.

The twin of a record is made of the same acts, told again: what the reader may not know is otherwise
there. The other partner's cases are missing; every word from inside is another, and so are the
names of what is kept inside. Where an act is missing the registrar opens an annex, so that every
entry keeps its place. Of both records the reader must be told the same, to the byte.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from sayso.casework import known, verdicts
from sayso.casework.dossier import DUE, Stamp
from sayso.casework.events import (
    Act,
    Advice,
    Clearance,
    Debriefing,
    Hold,
    HoldRelease,
    Marking,
    Opening,
    Reading,
    Request,
    Risk,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant
from sayso.errors import SaysoError
from sayso.operations.perform import Receipt, perform
from tests.casework.machine.hands import Spoken, founded
from tests.casework.model.tables import BY_PARTNER
from tests.house import House, Table

OTHERWISE = {
    "canary": "a-kestrel",
    "fires": "hawks",
    "calm": "still",
    "talks": "parley",
    "yard": "dock",
}
"""What is kept inside, and what stands in its place in the twin."""
KEPT = Marking | Reading | Clearance | Debriefing
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass
class Twin:
    """A record that is made the same as another to a reader: a partner's, or (None) the public's.

    `index_of` is where each act stands there, and `verdict_of` which verdict on which case each
    judgement is, by their digests: of other cases there may be more judgements in between.
    """

    partner: str | None
    index_of: Mapping[str, int]
    verdict_of: Mapping[str, tuple[str, int]]
    house: House = field(default_factory=lambda: founded(otherwise))
    missing: set[str] = field(default_factory=set)
    annexes: int = 0

    def hears(self, spoken: Spoken) -> None:
        """Let what was said be said here too, unless its reader may not know of it."""
        self.house.now = spoken.at
        hidden = self.is_hidden(spoken.act) or self.is_by_clearance(spoken)
        if hidden and isinstance(spoken.act, Hold) and isinstance(spoken.answer, Receipt):
            self.missing.add(spoken.act.hold)
        if isinstance(spoken.answer, Refusal) and self.is_theirs(spoken):
            answer = self.answers(spoken)
            assert str(answer) == str(spoken.answer), (spoken, answer)
        elif isinstance(spoken.answer, Receipt) and not hidden:
            self.fills_up(spoken.answer.index)
            done = self.house.do(spoken.by, self.instead(spoken.act))
            assert done.index == spoken.answer.index

    def answers(self, spoken: Spoken) -> Receipt | Refusal:
        """Return what a partner is answered here to what it was refused there."""
        try:
            signed = self.house.says(spoken.by, self.instead(spoken.act))
            return perform(self.house.desk, signed)
        except SaysoError as error:
            return Refusal("error", str(error))

    def is_theirs(self, spoken: Spoken) -> bool:
        """Return whether somebody said it who speaks for the reader, and for nobody else."""
        state = self.house.state
        held = {
            name
            for name in state.offices
            if any(term.person == spoken.by for term in state.holders(name, spoken.at))
        }
        partners = {state.offices[name].partner for name in held}
        alone = self.partner is not None and partners == {self.partner}
        return alone and isinstance(spoken.act, BY_PARTNER)

    def is_hidden(self, act: Act) -> bool:
        """Return whether an act is about what the reader does not know of at all."""
        if isinstance(act, HoldRelease):
            return act.hold in self.missing
        if isinstance(act, Request) or (isinstance(act, Hold) and act.partner is not None):
            return act.partner != self.partner
        case = getattr(act, "case", None)
        elsewhere = isinstance(case, str) and case.partition("-")[0] != self.partner
        return elsewhere or isinstance(act, KEPT)

    def is_by_clearance(self, spoken: Spoken) -> bool:
        """Return whether who said it knew the case only as one who is cleared: nobody is, here.

        What they do in it is no more told outside than that they are.
        """
        state, case = self.house.state, getattr(spoken.act, "case", None)
        return case in state.cases and case not in known.seen(state, spoken.by, spoken.at).cases

    def instead(self, act: Act) -> Act:
        """Return what is said here in place of `act`."""
        state = self.house.state
        here = {index: digest for digest, index in state.statements.items()}

        def digest(found: re.Match[str]) -> str:
            case, number = self.verdict_of.get(found.group(), (None, 0))
            if case is not None:
                return state.cases[case].dossier.judgements[number].stamp.digest
            index = self.index_of.get(found.group())
            return found.group() if index is None else here[index]

        told = reworded(act, lambda text: _DIGEST.sub(digest, otherwise(text)))
        return replace(told, risk=Risk.HIGH) if isinstance(told, Advice) else told

    def fills_up(self, index: int) -> None:
        """Open annexes until the next act stands at `index`, with all that is due before it."""
        while (missing := index - self.house.state.size - _due(self.house)) > 0:
            self.annexes += 1
            name = f"annex-{self.annexes}"
            self.house.do("registrar", Opening(name, "An annex", 99, "registrar", 1))
        assert not missing


def twin(spoken: Sequence[Spoken], house: House, partner: str | None) -> House:
    """Return a record that differs from `house` only in what a reader may not know."""
    verdict_of = {
        on.stamp.digest: (name, number)
        for name, each in house.state.cases.items()
        for number, on in enumerate(each.dossier.judgements)
    }
    other = Twin(partner, dict(house.state.statements), verdict_of)
    for each in spoken:
        other.hears(each)
    other.house.now = house.now
    return other.house


def otherwise(text: str) -> str:
    """Return a text with what is kept inside replaced."""
    for kept, instead in OTHERWISE.items():
        text = text.replace(kept, instead)
    return text


def reworded(value: Any, word: Callable[[str], str]) -> Any:
    """Return `value` with `word` done to every text in it."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, tuple):
        return tuple(reworded(each, word) for each in value)
    if is_dataclass(value) and not isinstance(value, type | Instant):
        parts = {each.name: reworded(getattr(value, each.name), word) for each in fields(value)}
        return replace(value, **parts)
    return value


def _due(house: House) -> int:
    """Return how many entries come before the next act."""
    state, number = house.state, 0
    while due := verdicts.settle(state, at=house.now, atlas=Table()):
        number += len(due)
        for said in due:
            state = verdicts.apply(state, said, Stamp(state.size, house.now, None, DUE))
    return number
