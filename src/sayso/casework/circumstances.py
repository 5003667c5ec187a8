"""Circumstances: facts that offices assert, and what counts when they differ.

Of each office its newest assertion that holds counts. If all that count agree, the fact is known;
if they differ it is unknown, and both stand side by side, until an office that stands above all who
may assert it settles it. What is asserted after a settlement is weighed beside it anew. Unknown
never permits (law 5), so a conflict closes gates and opens none.

A change of circumstances moves cases as a change of policies does.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from sayso import wire
from sayso.casework import vocabulary
from sayso.casework.dossier import On, Stamp
from sayso.casework.events import (
    Assertion,
    Circumstances,
    Claim,
    Retraction,
    Settlement,
    Telling,
    Vocabulary,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State, Worded
from sayso.dates import Instant
from sayso.errors import Unknown
from sayso.policy.facts import Facts

# --- what counts ---------------------------------------------------------------------------------


def standing(state: State, at: Instant) -> Circumstances:
    """Return the circumstances at `at`: those that are known, and those that are in conflict."""
    known: dict[str, wire.Value] = {}
    conflicting = []
    for fact in sorted(state.claims):
        values = {wire.dump(on.said.value): on.said.value for on in counting(state, fact, at)}
        if len(values) == 1:
            (known[fact],) = values.values()
        elif values:
            conflicting.append(fact)
    return Circumstances(known, tuple(conflicting))


def counting(state: State, fact: str, at: Instant) -> tuple[On[Claim], ...]:
    """Return the assertions, or the settlement and what came after it, that count at `at`."""
    holding = [
        on
        for on in state.claims.get(fact, ())
        if on.said.holds.holds(at) and on.stamp.index not in state.retracted
    ]
    settled = max((on.stamp.index for on in holding if isinstance(on.said, Settlement)), default=-1)
    newest = {on.said.office: on for on in holding if on.stamp.index >= settled}
    return tuple(sorted(newest.values(), key=lambda on: on.stamp.index))


def facts(state: State) -> wire.Value:
    """Return the facts `circumstances.*` as the newest `Circumstances` on the record has them."""
    return dict(state.circumstances.facts)


# --- the acts ------------------------------------------------------------------------------------


def check(state: State, act: Telling, mark: Stamp) -> Refusal | None:
    """Return why what an office tells is out of order; None if it is not."""
    match act:
        case Vocabulary():
            return next(_check_vocabulary(state, act), None)
        case Assertion():
            return next(_check_assertion(state, act), None)
        case Retraction():
            return _check_retraction(state, act)
        case Settlement():
            return next(_check_settlement(state, act, mark.at), None)
        case _:
            assert_never(act)


def apply(state: State, act: Telling, mark: Stamp) -> State:
    """Return what stands once an office has told it."""
    match act:
        case Vocabulary():
            added = vocabulary.added(state.vocabularies, act)
            return replace(
                state,
                vocabularies=(*state.vocabularies, act),
                words=state.words.update({name: Worded(act, mark) for name in added}),
            )
        case Assertion() | Settlement():
            said: On[Claim] = On(act, mark)
            claims = (*state.claims.get(act.fact, ()), said)
            return replace(state, claims=state.claims.set(act.fact, claims))
        case Retraction():
            return replace(state, retracted=state.retracted | {act.assertion})
        case _:
            assert_never(act)


def apply_circumstances(state: State, said: Circumstances) -> State:
    """Return the state in which exactly these circumstances are known."""
    return replace(state, circumstances=said)


def _check_vocabulary(state: State, act: Vocabulary) -> Iterator[Refusal]:
    for office in (act.office, *act.asserted_by):
        if state.office(office).partner is not None:
            yield Refusal(
                "partners", f"`{office}` is a partner's, and policies rest on these facts"
            )
    names = vocabulary.added(state.vocabularies, act)
    if names and not act.asserted_by:
        yield Refusal(
            "nobody-asserts", "nobody could assert these facts", "name offices that may assert them"
        )
    fields = vocabulary.schema((*state.vocabularies, act)).groups[vocabulary.CIRCUMSTANCES]
    for name in sorted(names):
        if fields[name].optional:
            yield Refusal(
                "optional",
                f"`circumstances.{name}` is optional, and a circumstance is known or unknown",
                "leave `optional` out",
            )


def _worded(state: State, fact: str) -> Worded:
    found = state.words.get(fact)
    if found is None:
        raise Unknown.named("circumstance", fact, state.words)
    return found


def _check_value(state: State, fact: str, value: wire.Value) -> None:
    Facts.read({vocabulary.CIRCUMSTANCES: {fact: value}}, state.schema)


def _check_assertion(state: State, act: Assertion) -> Iterator[Refusal]:
    may = _worded(state, act.fact).said.asserted_by
    if act.office not in may:
        names = ", ".join(f"`{each}`" for each in may)
        yield Refusal("not-its-fact", f"`{act.fact}` is not `{act.office}`'s to assert", names)
    _check_value(state, act.fact, act.value)


def _check_retraction(state: State, act: Retraction) -> Refusal | None:
    said = next(
        (
            on.said
            for each in state.claims.values()
            for on in each
            if on.stamp.index == act.assertion
        ),
        None,
    )
    if said is None:
        raise Unknown(f"entry {act.assertion} asserts nothing")
    if act.assertion in state.retracted:
        return Refusal("retracted", f"entry {act.assertion} was taken back already")
    if not state.reaches(act.office, said.office):
        return Refusal("another's", f"entry {act.assertion} is `{said.office}`'s to take back")
    return None


def _check_settlement(state: State, act: Settlement, at: Instant) -> Iterator[Refusal]:
    for office in _worded(state, act.fact).said.asserted_by:
        if not state.reaches(act.office, office):
            yield Refusal(
                "not-above",
                f"`{office}` may assert `{act.fact}`, and `{act.office}` does not stand above it",
                "an office above all who may assert a fact settles it",
            )
    _check_value(state, act.fact, act.value)
    cites = tuple(on.stamp.index for on in counting(state, act.fact, at))
    if act.cites != cites:
        entries = ", ".join(map(str, cites)) or "none, since nothing is asserted"
        yield Refusal(
            "uncited", "a settlement cites every assertion that counts", f"cite {entries}"
        )
