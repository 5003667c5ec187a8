"""The stages of a route, as a policy writes them, → a `Route`.

In this order: any number of `advise`, at most one `consolidate`, exactly one `decide`. A decision
may further ask for:

    - decide: board
      quorum: 2                                  # holders of the office who sign the same
      countersign: general-counsel               # without whom it takes no effect; or a list
      emergency: {by: duty-officer, ratify: PT24H}   # who may decide at once, for how long
      report_within: PT72H                       # after a grant's window, when none asks sooner
      appeal: PT720H                             # after a refusal, how long it may be appealed
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import TypeVar

from sayso.dates import duration
from sayso.errors import MalformedTime
from sayso.policy.outline import Listing, Outline, Reader
from sayso.policy.routes import (
    Advise,
    Consent,
    Consolidate,
    Decide,
    Emergency,
    Route,
    Silence,
    Stage,
)
from sayso.policy.source import nearest

_SIGNED = ("reserved", "consent", "quorum", "countersign", "emergency")
_OF_DECIDE = (*_SIGNED, "report_within", "appeal")
_KEYS = ("advise", "consolidate", "decide", "within", "silence", *_OF_DECIDE)
_ALLOWED = {
    "advise": {"advise", "within", "silence"},
    "consolidate": {"consolidate", "within"},
    "decide": {"decide", "within", *_OF_DECIDE},
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
    name = office(parts["decide"])
    reserved = reader.flag(parts.get("reserved"))
    decides = Decide(
        office=name,
        reserved=reserved,
        consent=_one_of(parts.get("consent"), Consent, reader),
        within=_within(parts.get("within"), reader),
        quorum=_quorum(parts.get("quorum"), reader),
        countersign=_countersign(parts.get("countersign"), name, reader, office),
        emergency=_emergency(parts.get("emergency"), reader, office, reserved=reserved),
        report_within=_within(parts.get("report_within"), reader),
        appeal=_within(parts.get("appeal"), reader),
    )
    if decides.consent is not Consent.POSITIVE:
        _check_silence(decides, parts, reader)
    return decides


def _check_silence(decides: Decide, parts: dict[str, Outline], reader: Reader) -> None:
    """Report what cannot be left to silence, or needs a time for it, or none."""
    if decides.consent is Consent.NO_OBJECTION and decides.within is None:
        reader.fault(parts["consent"], "silence means nothing without a time", "add `within`")
    if decides.consent is not Consent.NO_OBJECTION and decides.within is not None:
        mode = decides.consent.value
        reader.fault(parts["within"], f"`{mode}` waits for nobody", "leave `within` out")
    if decides.reserved:
        hint = "let it be `consent: positive`, or not reserved"
        reader.fault(parts["consent"], "what is reserved to a person is not left to silence", hint)
    if decides.quorum > 1 or decides.countersign or decides.emergency is not None:
        hint = "let it be `consent: positive`"
        reader.fault(parts["consent"], "what several must sign is not left to silence", hint)


MOST_HOLDERS = 1_000


def _quorum(of: Outline | None, reader: Reader) -> int:
    if of is None:
        return 1
    found = reader.number(of, default=1)
    if not 1 <= found <= MOST_HOLDERS:
        reader.fault(of, f"a quorum counts from 1 to {MOST_HOLDERS:,}")
    return found


def _countersign(
    of: Outline | None, decides: str, reader: Reader, office: Office
) -> tuple[str, ...]:
    """Return who countersigns: one office, or a list of them."""
    if of is None:
        return ()
    written = reader.items(of) if isinstance(of, Listing) else (of,)
    offices = tuple(office(each) for each in written)
    if not offices or len(set(offices)) < len(offices) or decides in offices:
        hint = "name another office than the one that decides, each once"
        reader.fault(of, "nobody countersigns their own decision", hint)
    return offices


def _emergency(
    of: Outline | None, reader: Reader, office: Office, *, reserved: bool
) -> Emergency | None:
    if of is None:
        return None
    parts = reader.keys(of, known=("by", "ratify", "of_reserved"), needed=("by", "ratify"))
    if parts is None:
        return None
    ratify = _within(parts["ratify"], reader)
    of_reserved = reader.flag(parts.get("of_reserved"))
    if reserved and not of_reserved:
        hint = "if this policy means it, write `of_reserved: true` beside `by`"
        reader.fault(of, "this power is reserved, even in an emergency", hint)
    if ratify is None:
        return None
    return Emergency(office(parts["by"]), ratify, of_reserved)


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
