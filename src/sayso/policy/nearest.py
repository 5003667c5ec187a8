"""The nearest change of facts that alters a verdict: what would have to be otherwise.

Facts are changed one at a time, then two at a time, each to one value of every class that some
clause can tell apart; a list gains or loses one of the items that clauses name. The changes told
are those of the fewest facts; an answer of more than two facts is not looked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product

from sayso import wire
from sayso.dates import Instant
from sayso.policy import words as english
from sayso.policy.atoms import atoms, sole_fact
from sayso.policy.classes import members, table
from sayso.policy.decide import verdict
from sayso.policy.evaluate import LACKING, Compiler, Given, Value
from sayso.policy.facts import Facts, written
from sayso.policy.policy import Policy
from sayso.policy.rules import timeline
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.terms import Each, Fact, Term, facts, walk
from sayso.policy.types import Listed
from sayso.policy.verdicts import Verdict

MOST_TRIED = 20_000
MOST_TOLD = 5
Move = tuple[Fact, Given]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Facts that would have to be otherwise, and the verdict there would then be."""

    changed: Mapping[str, Given]
    verdict: Verdict
    words: str

    def value(self, schema: Schema = BUILT_IN) -> dict[str, wire.Value]:
        """Return the change as it is printed."""
        return {
            "facts": written(self.changed, schema),
            "verdict": self.verdict.value(),
            "words": self.words,
        }


def nearest(
    policies: Iterable[Policy], given: Facts, *, at: Instant, ranks: Mapping[str, int]
) -> tuple[Nearest, ...]:
    """Return the changes of the fewest facts, at most two, that alter outcome or decider."""
    listed = tuple(policies)
    now = verdict(listed, given, at=at, ranks=ranks)
    whens = [rule.clause.when for rule in timeline(listed).at(at).rules]
    moves = tuple(tuple(_moves(fact, asked, given)) for fact, asked in _asked(whens).items())
    for count in (1, 2):
        found: list[Nearest] = []
        for changed in islice(_combined(moves, count), MOST_TRIED):
            otherwise = {fact.path: value for fact, value in changed.items()}
            after = Facts({**given.values, **otherwise})
            judged = verdict(listed, after, at=at, ranks=ranks)
            if (judged.outcome, judged.decider) != (now.outcome, now.decider):
                found.append(Nearest(otherwise, judged, _words(changed, given, judged)))
            if len(found) == MOST_TOLD:
                break
        if found:
            return tuple(found)
    return ()


def _combined(moves: tuple[tuple[Move, ...], ...], count: int) -> Iterator[dict[Fact, Given]]:
    for chosen in combinations(moves, count):
        for changed in product(*chosen):
            yield dict(changed)


def _asked(whens: Iterable[Term]) -> dict[Fact, tuple[Term, ...]]:
    found: dict[Fact, dict[Term, None]] = {}
    for when in whens:
        for fact in facts(when):
            found.setdefault(fact, {})
        for atom in atoms(when):
            sole = sole_fact(atom)
            if sole is not None:
                found[sole][atom] = None
    ordered = sorted(found.items(), key=lambda each: each[0].path)
    return {fact: tuple(asked) for fact, asked in ordered}


def _moves(fact: Fact, asked: tuple[Term, ...], given: Facts) -> Iterator[Move]:
    """Yield the other values of a fact, one for each class other than its own."""
    now = given.values.get(fact.path)
    if isinstance(fact.type, Listed):
        yield from _list_moves(fact, fact.type, asked, now)
        return
    compiler = Compiler()

    def probe(value: Given | None) -> tuple[Value, ...]:
        one = {} if value is None else {fact.path: value}
        return tuple(compiler.function(atom)(one) for atom in asked)

    found = table(fact, frozenset(asked))
    for each in found.classes if found is not None else ():
        value = _closest(each.values, each.intervals, now)
        if value is not None and probe(value) != probe(now):
            yield fact, value


def _closest(
    values: tuple[Given | None, ...], spans: tuple[tuple[int, int], ...], now: Given | None
) -> Given | None:
    if not spans or not isinstance(now, int):
        return values[-1]
    ends = [end for span in spans for end in span]
    return min(ends, key=lambda end: abs(end - now))


def _list_moves(
    fact: Fact, of: Listed, asked: tuple[Term, ...], now: Given | None
) -> Iterator[Move]:
    bodies = [part.body for atom in asked for part in walk(atom) if isinstance(part, Each)]
    items = members(of, asked, [body for body in bodies if not facts(body)]) or ()
    held = now if isinstance(now, tuple) else ()
    if now is None:
        yield fact, ()
    for item in items:
        fewer = tuple(each for each in held if each != item)
        yield fact, fewer if item in held else (*held, item)


def _words(changed: Mapping[Fact, Given], given: Facts, judged: Verdict) -> str:
    said = [_changed(fact, value, given.values.get(fact.path)) for fact, value in changed.items()]
    decided = f", decided by {judged.decider}" if judged.decider else ""
    return f"if {' and '.join(said)}, it would be {judged.outcome.value}{decided}"


def _changed(fact: Fact, value: Given, now: Given | None) -> str:
    noun = english.called(fact.path)
    if value is LACKING:
        return f"{noun} were lacking"
    if isinstance(value, tuple):
        held = now if isinstance(now, tuple) else ()
        gained = [f"included {item}" for item in value if item not in held]
        lost = [f"did not include {item}" for item in held if item not in value]
        return f"{noun} {' and '.join(gained + lost) or 'were known to be none'}"
    return f"{noun} were {english.constant(value, fact.type)}"
