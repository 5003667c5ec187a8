"""The stages of a route, as a policy writes them, → a `Route`.

In this order: any number of `advise`, at most one `consolidate`, exactly one `decide`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import TypeVar

from sayso.dates import duration
from sayso.errors import MalformedTime
from sayso.policy.outline import Outline, Reader
from sayso.policy.routes import Advise, Consent, Consolidate, Decide, Route, Silence, Stage
from sayso.policy.source import nearest

_KEYS = ("advise", "consolidate", "decide", "within", "silence", "reserved", "consent")
_ALLOWED = {
    "advise": {"advise", "within", "silence"},
    "consolidate": {"consolidate", "within"},
    "decide": {"decide", "within", "reserved", "consent"},
}
_ORDER: tuple[type[Stage], ...] = (Advise, Consolidate, Decide)

Office = Callable[[Outline], str]
E = TypeVar("E", Consent, Silence)


def route(of: Outline, *, reader: Reader, office: Office) -> Route:
    """Return the route; what is wrong with it is kept by the reader."""
    found = [_stage(each, reader, office) for each in reader.items(of)]
    stages = tuple(each for each in found if each is not None)
    if len(stages) < len(found):
        return stages
    kinds = [_ORDER.index(type(each)) for each in stages]
    if kinds != sorted(kinds) or kinds.count(1) > 1 or kinds.count(2) != 1:
        hint = "in order: advise as often as needed, consolidate at most once, decide once"
        reader.fault(of, "these stages make no route", hint)
    return stages


def _stage(of: Outline, reader: Reader, office: Office) -> Stage | None:
    parts = reader.keys(of, known=_KEYS)
    if parts is None:
        return None
    named = [key for key in _ALLOWED if key in parts]
    if len(named) != 1 or not parts.keys() <= _ALLOWED[named[0]]:
        reader.fault(of, "one stage is wanted here", "advise, consolidate or decide")
        return None
    match named[0]:
        case "advise":
            return _advise(parts, reader, office)
        case "consolidate":
            return Consolidate(office(parts["consolidate"]), _within(parts.get("within"), reader))
        case _:
            return _decide(parts, reader, office)


def _advise(parts: dict[str, Outline], reader: Reader, office: Office) -> Advise:
    offices = tuple(office(each) for each in reader.items(parts["advise"]))
    if not offices or len(set(offices)) < len(offices):
        reader.fault(parts["advise"], "the offices that advise are wanted here, each once")
    within = _within(parts.get("within"), reader)
    silence = _one_of(parts.get("silence"), Silence, reader)
    if silence is Silence.NO_OBJECTION and within is None:
        reader.fault(parts["silence"], "silence means nothing without a time", "add `within`")
    return Advise(offices, within, silence)


def _decide(parts: dict[str, Outline], reader: Reader, office: Office) -> Decide:
    decides = Decide(
        office=office(parts["decide"]),
        reserved=reader.flag(parts.get("reserved")),
        consent=_one_of(parts.get("consent"), Consent, reader),
        within=_within(parts.get("within"), reader),
    )
    waits = decides.consent in {Consent.POSITIVE, Consent.NO_OBJECTION}
    if decides.consent is Consent.NO_OBJECTION and decides.within is None:
        reader.fault(parts["consent"], "silence means nothing without a time", "add `within`")
    if not waits and decides.within is not None:
        mode = decides.consent.value
        reader.fault(parts["within"], f"`{mode}` waits for nobody", "leave `within` out")
    if decides.reserved and decides.consent is not Consent.POSITIVE:
        hint = "let it be `consent: positive`, or not reserved"
        reader.fault(parts["consent"], "what is reserved to a person is not left to silence", hint)
    return decides


def _within(of: Outline | None, reader: Reader) -> timedelta | None:
    text = reader.text(of)
    if text is None or of is None:
        return None
    try:
        return duration(text)
    except MalformedTime as error:
        reader.fault(of, error.what, error.hint)
        return None


def _one_of(of: Outline | None, kinds: type[E], reader: Reader) -> E:
    """Return which of the kinds stands there; the strictest, which comes first, if none does."""
    strictest = next(iter(kinds))
    text = reader.text(of)
    if of is None or text is None:
        return strictest
    known = [each.value for each in kinds]
    if text in known:
        return kinds(text)
    hint = nearest(text, known) or "known are " + ", ".join(known)
    reader.fault(of, f"`{text}` is no {_CALLED[kinds]}", hint)
    return strictest


_CALLED: Mapping[type[Enum], str] = {Consent: "consent mode", Silence: "meaning of silence"}
