"""The stages of a route, as a policy writes them, → a `Route`.

In this order: any number of `advise`, at most one `consolidate`, exactly one `decide`.
"""

from collections.abc import Callable
from datetime import timedelta

from sayso.dates import duration
from sayso.errors import MalformedTime
from sayso.policy.outline import Outline, Reader
from sayso.policy.routes import Advise, Consent, Consolidate, Decide, Route, Stage
from sayso.policy.source import nearest

_KEYS = ("advise", "consolidate", "decide", "within", "reserved", "consent")
_ALLOWED = {
    "advise": {"advise", "within"},
    "consolidate": {"consolidate"},
    "decide": {"decide", "reserved", "consent"},
}
_ORDER: tuple[type[Stage], ...] = (Advise, Consolidate, Decide)

Office = Callable[[Outline], str]


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
            return Consolidate(office(parts["consolidate"]))
        case _:
            reserved = reader.flag(parts.get("reserved"))
            return Decide(office(parts["decide"]), reserved, _consent(parts, reader))


def _advise(parts: dict[str, Outline], reader: Reader, office: Office) -> Advise:
    offices = tuple(office(each) for each in reader.items(parts["advise"]))
    if not offices or len(set(offices)) < len(offices):
        reader.fault(parts["advise"], "the offices that advise are wanted here, each once")
    return Advise(offices, _within(parts.get("within"), reader))


def _within(of: Outline | None, reader: Reader) -> timedelta | None:
    text = reader.text(of)
    if text is None or of is None:
        return None
    try:
        return duration(text)
    except MalformedTime as error:
        reader.fault(of, error.what, error.hint)
        return None


def _consent(parts: dict[str, Outline], reader: Reader) -> Consent:
    text = reader.text(parts.get("consent")) or Consent.POSITIVE.value
    modes = [each.value for each in Consent]
    if text in modes:
        return Consent(text)
    hint = nearest(text, modes) or "known are " + ", ".join(modes)
    reader.fault(parts["consent"], f"`{text}` is no consent mode", hint)
    return Consent.POSITIVE
