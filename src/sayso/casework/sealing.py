"""The prose of an act: each text is sealed before it is signed, and its name stands in its place.

What is shown to a person is opened last of all (`queries.words`), by the names that stand in it. So
no text on the record may bear such a name but prose that is nothing else (`refusal`); and only who
hands over the enclosure itself can put its name there (`operations.enclosing`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from sayso.casework.events import Act, Decision, Request
from sayso.casework.events.enclosed import PAPER, SEALED
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.record.enclosure import SCHEME, digest_of, is_name

T = TypeVar("T")


def changed(thing: T, change: Callable[[str], str]) -> T:
    """Return an act, or a part of one, with each text of its prose changed."""
    if isinstance(thing, tuple):
        return tuple(changed(each, change) for each in thing)  # type: ignore[return-value]  # the same tuple, part by part
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    swapped: dict[str, Any] = {}
    for name, kind in _kinds(type(thing)):
        old = getattr(thing, name)
        if old is None or (kind != SEALED and old.__class__ is str):
            continue
        new = change(old) if kind == SEALED and old else changed(old, change)
        if new != old:
            swapped[name] = new
    return replace(thing, **swapped) if swapped else thing


@cache
def _kinds(kind: type[Any]) -> tuple[tuple[str, str | None], ...]:
    """Return each field of a class that can hold text, and as what that is kept beside the record.

    None of a field says that its text stands in the open.
    """
    return tuple((each.name, _kept(each.type)) for each in fields(kind) if _can_hold(each.type))


def _can_hold(hint: object) -> bool:
    """Return whether something of this type can hold a text, as a number or a time cannot."""
    if get_origin(hint) in {UnionType, Union}:
        return any(map(_can_hold, get_args(hint)))
    plain = isinstance(hint, type) and issubclass(hint, int | Instant | Period | Enum | NoneType)
    return not plain


def _kept(hint: object) -> str | None:
    if get_origin(hint) is Annotated:
        return str(get_args(hint)[1])
    return next((kept for kept in map(_kept, get_args(hint)) if kept is not None), None)


def quotable(state: State, act: Act) -> frozenset[str]:
    """Return the names that `act` may take over: of words that it repeats by its nature.

    Who chooses an option, or signs what another has signed, says the same words; who asks anew says
    their own again.
    """
    if isinstance(act, Decision):
        found = state.cases.get(act.case)
        if found is None:
            return frozenset()
        dossier = found.dossier
        drawn = dossier.consolidation
        signed = tuple(each.said.conditions for each in dossier.current_signings)
        return named((() if drawn is None else drawn.said.options, signed))
    if isinstance(act, Request):
        earlier = (_request(state, each) for each in (act.replaces, act.after) if each is not None)
        theirs = (each for each in earlier if each is not None and each.partner == act.partner)
        return named(tuple(theirs))
    return frozenset()


def _request(state: State, name: str) -> Request | None:
    """Return the request of that name, or of a case; None if there is none, which is refused."""
    cases = state.requests.get(name, (name,))
    found = state.cases.get(cases[0])
    return None if found is None else found.dossier.request.said


def papers_at_hand(state: State, act: object) -> frozenset[bytes]:
    """Return the digests of papers that `act` may name without them: who asks has handed them over.

    Every digest stands on the record for all who may read that. So whoever names a paper hands it
    over, or a request that names it would have it given out.
    """
    if not isinstance(act, Request) or not act.attachments:
        return frozenset()
    theirs = (
        each.dossier for each in state.cases.values() if each.dossier.asked.partner == act.partner
    )
    return papers(tuple(each.request.said for each in theirs))


@dataclass(frozen=True, slots=True)
class Named:
    """What is named in anything said: sealed texts by their names, papers by their digests."""

    texts: frozenset[str]
    papers: frozenset[bytes]


def all_named(thing: object) -> Named:
    """Return what is named in anything said."""
    found = [(text, kept) for text, kept in _texts(thing) if kept is not None]
    return Named(
        frozenset(text for text, kept in found if kept == SEALED and is_name(text)),
        frozenset(bytes.fromhex(text) for text, kept in found if kept == PAPER),
    )


def named(thing: object) -> frozenset[str]:
    """Return the names of the sealed texts in anything said."""
    return all_named(thing).texts


def refusal(act: Act) -> Refusal | None:
    """Return why the texts of `act` may not stand as they are: law 13 would fail on them."""
    for text, kept in _texts(act):
        if kept == SEALED and text and not is_name(text):
            return Refusal("not-sealed", "its words stand in the open", "seal them: `--prepare`")
        if kept != SEALED and SCHEME in text:
            return Refusal("names-a-text", "a text that is no prose names a sealed one")
    return None


def enclosed(thing: object) -> tuple[bytes, ...]:
    """Return the digests of all that is named in anything said, each as often as it is."""
    found = _texts(thing)
    named = (digest_of(text) for text, kept in found if kept == SEALED and is_name(text))
    handed = (bytes.fromhex(text) for text, kept in found if kept == PAPER)
    return (*named, *handed)


def papers(act: object) -> frozenset[bytes]:
    """Return the digests of the papers that go with anything said."""
    return all_named(act).papers


def _texts(thing: object) -> list[tuple[str, str | None]]:
    """Return every text in `thing`, with as what it is kept beside the record, if it is."""
    found: list[tuple[str, str | None]] = []
    _gatherer(type(thing))(thing, None, found)  # type: ignore[arg-type]  # a class is hashable
    return found


_Gatherer = Callable[[Any, str | None, list[tuple[str, str | None]]], None]


@cache
def _gatherer(kind: type[Any]) -> _Gatherer:
    """Return what gathers the texts of a thing of this class: worked out once for each."""
    if issubclass(kind, str):
        return lambda text, kept, found: found.append((text, kept))
    if issubclass(kind, tuple | list):
        return _of_each
    if issubclass(kind, Mapping):
        return _of_mapping
    return _of_fields(_kinds(kind)) if is_dataclass(kind) else _of_none


def _of_none(*_: object) -> None:
    """Gather nothing: a number or a moment holds no text."""


def _of_each(things: Any, kept: str | None, found: list[tuple[str, str | None]]) -> None:  # noqa: ANN401  # whatever there is
    for each in things:
        _gatherer(each.__class__)(each, kept, found)


def _of_mapping(things: Any, _: str | None, found: list[tuple[str, str | None]]) -> None:  # noqa: ANN401  # the same
    for key, each in things.items():
        _gatherer(key.__class__)(key, None, found)
        _gatherer(each.__class__)(each, None, found)


def _of_fields(named: tuple[tuple[str, str | None], ...]) -> _Gatherer:
    def gather(thing: object, _: str | None, found: list[tuple[str, str | None]]) -> None:
        for name, kept in named:
            each = getattr(thing, name)
            if each.__class__ is str:
                found.append((each, kept))
            elif each is not None:
                _gatherer(each.__class__)(each, kept, found)

    return gather
