"""A policy's YAML text → a `Policy`, or every reason why it cannot be meant.

    policy: long-range-fires                  # with `version`, the policy's name: id@version
    version: 2
    title: Use of long-range missiles inside Russia
    issuer: under-secretary-policy            # the office that owns it
    instrument: Memorandum of 30 May 2025     # the paper that enacts it
    in_force: {from: 2025-05-30T00:00:00Z}    # and `until`, if it ends
    supersedes: long-range-fires@1            # optional, as is all that follows but the clauses
    transition: {pending: reroute, permits: suspend}    # or keep, return; keep, revoke
    releasable_to: [us]
    compartment: longshot
    clauses:
      - id: inside-russia
        when: place.touches("RU")             # a condition; `docs/language.md`
        refer: cross-border                   # or `permit: true`, or `prohibit: true`
        source: the reports of August 2025
        in_force: {from: …, until: …}         # a clause may have dates of its own
    routes:
      cross-border:
        - {advise: [europe-desk], within: PT24H}
        - {consolidate: under-secretary-policy}
        - {decide: secretary-of-defense, reserved: true, consent: positive}
    always:
      - {id: …, when: a condition, then: a condition on the verdict}
    examples:
      - given: {article: atacms, place: Kursk}    # names, or `facts:` written out; `at:` a moment
        expect: {refer: cross-border}             # or permit, prohibit; and `decider`

Each key stands where it is said here, and no other key is known.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sayso import wire
from sayso.dates import Instant, Period
from sayso.errors import Malformed
from sayso.policy.checker import condition
from sayso.policy.names import Known
from sayso.policy.outline import Listing, Mapped, Outline, Reader, Scalar, outline
from sayso.policy.policy import (
    Clause,
    Example,
    Level,
    Pending,
    Permits,
    Policy,
    Property,
    Transition,
    digest,
)
from sayso.policy.routes import Route
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.source import Faults, FaultyPolicy, nearest
from sayso.policy.stages import route as read_route
from sayso.policy.terms import FALSE, Term
from sayso.policy.verdicts import VERDICT

MOST_CLAUSES = 20_000
_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", re.ASCII)
_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*@[1-9]\d{0,8}", re.ASCII)
_NEEDED = ("policy", "version", "title", "issuer", "instrument", "in_force", "clauses")
_OPTIONAL = ("supersedes", "transition", "releasable_to", "compartment", "routes", "always")
_KEYS = (*_NEEDED, *_OPTIONAL, "examples")
_EFFECTS = {"permit": Level.PERMIT, "refer": Level.REFER, "prohibit": Level.PROHIBIT}


def read(
    text: str,
    *,
    source: str = "policy.yaml",
    schema: Schema = BUILT_IN,
    known: Known | None = None,
) -> Policy:
    """Return the policy that a text is; `FaultyPolicy`, with every finding, if it is none."""
    root = outline(text, source=source)
    document = _Document(Reader(root), schema, known or Known())
    found = document.policy(root.top, text)
    if document.reader.findings or found is None:
        raise FaultyPolicy(document.reader.findings)
    return found


def heading(text: str) -> tuple[str, Period]:
    """Return the name and the dates of a policy that was read before; its clauses stay unread."""
    root = outline(text, source="policy.yaml")
    document = _Document(Reader(root), BUILT_IN, Known())
    parts = {key.text: value for key, value in document.reader.entries(root.top)}
    name = f"{document.reader.text(parts['policy'])}@{document.version(parts['version'])}"
    return name, document.period(parts["in_force"]) or Period(Instant(0))


@dataclass(frozen=True, slots=True)
class _Document:
    reader: Reader
    schema: Schema
    known: Known

    def policy(self, top: Mapped, text: str) -> Policy | None:
        parts = self.reader.keys(top, known=_KEYS, needed=_NEEDED)
        if parts is None:
            return None
        routes = self.routes(parts.get("routes"))
        return Policy(
            id=self.matching(parts["policy"], _ID, "small letters, digits and `-`"),
            version=self.version(parts["version"]),
            title=self.reader.text(parts["title"]) or "",
            issuer=self.office(parts["issuer"]),
            instrument=self.reader.text(parts["instrument"]) or "",
            in_force=self.period(parts["in_force"]) or Period(Instant(0)),
            supersedes=self.superseded(parts.get("supersedes")),
            transition=self.transition(parts.get("transition")),
            releasable_to=self.reader.texts(parts.get("releasable_to")),
            compartment=self.reader.text(parts.get("compartment")),
            clauses=self.clauses(parts["clauses"], routes),
            routes=routes,
            always=self.properties(parts.get("always")),
            examples=self.examples(parts.get("examples"), routes),
            text=text,
            digest=digest(text),
        )

    # --- single values ---

    def matching(self, of: Outline, shape: re.Pattern[str], wanted: str) -> str:
        text = self.reader.text(of) or ""
        if text and shape.fullmatch(text) is None:
            self.reader.fault(of, f"`{text[:40]}` is not of the form wanted here", f"use {wanted}")
        return text

    def version(self, of: Outline) -> int:
        found = self.reader.number(of, default=0)
        if found < 1:
            self.reader.fault(of, "a version counts from 1")
        return found

    def office(self, of: Outline) -> str:
        name = self.reader.text(of) or ""
        doubt = self.known.doubt("office", name) if name else None
        if doubt is not None:
            self.reader.fault(of, *doubt)
        return name

    def superseded(self, of: Outline | None) -> str | None:
        return None if of is None else self.matching(of, _NAME, "a policy's name, id@version")

    def instant(self, of: Outline | None) -> Instant | None:
        text = self.reader.text(of)
        if text is None or of is None:
            return None
        try:
            return Instant.parse(text)
        except Malformed as error:
            self.reader.fault(of, error.what, error.hint)
            return None

    def period(self, of: Outline | None) -> Period | None:
        if of is None:
            return None
        parts = self.reader.keys(of, known=("from", "until"), needed=("from",))
        start = self.instant(parts["from"]) if parts is not None else None
        if parts is None or start is None:
            return None
        try:
            return Period(start, self.instant(parts.get("until")))
        except Malformed as error:
            self.reader.fault(of, error.what, error.hint)
            return None

    def transition(self, of: Outline | None) -> Transition:
        if of is None:
            return Transition()
        parts = self.reader.keys(of, known=("pending", "permits"), needed=("pending", "permits"))
        if parts is None:
            return Transition()
        pending = self.one_of(parts["pending"], tuple(Pending))
        permits = self.one_of(parts["permits"], tuple(Permits))
        return Transition(Pending(pending), Permits(permits))

    def one_of(self, of: Outline, values: tuple[str, ...]) -> str:
        text = self.reader.text(of) or values[0]
        if text in values:
            return text
        self.reader.fault(of, f"`{text}` is not known here", "known are " + ", ".join(values))
        return values[0]

    # --- conditions ---

    def condition(self, of: Outline, schema: Schema) -> tuple[Term, str]:
        text = self.reader.text(of)
        if text is None or not isinstance(of, Scalar):
            return FALSE, ""
        try:
            return condition(text, schema=schema, known=self.known), text
        except Faults as found:
            for fault in found.faults:
                at = _index(self.reader.page.text, of, fault.start)
                length = max(1, fault.end - fault.start)
                finding = self.reader.page.finding(at, length, fault.message, fault.hint)
                self.reader.findings.append(finding)
            return FALSE, text

    # --- clauses, routes, properties, examples ---

    def clauses(self, of: Outline, routes: Mapping[str, Route]) -> tuple[Clause, ...]:
        items = self.reader.items(of)
        if len(items) > MOST_CLAUSES:
            self.reader.fault(of, f"there are more than {MOST_CLAUSES:,} clauses", "split it")
            return ()
        self.distinct(items)
        found = (self.clause(each, routes) for each in items)
        return tuple(each for each in found if each is not None)

    def distinct(self, items: tuple[Outline, ...]) -> None:
        seen: set[str] = set()
        for item in items:
            entries = dict(item.entries) if isinstance(item, Mapped) else {}
            for key, value in entries.items():
                if key.text == "id" and isinstance(value, Scalar):
                    if value.text in seen:
                        self.reader.fault(value, f"the id `{value.text}` stands twice")
                    seen.add(value.text)

    def clause(self, of: Outline, routes: Mapping[str, Route]) -> Clause | None:
        known = ("id", "when", *_EFFECTS, "source", "in_force")
        parts = self.reader.keys(of, known=known, needed=("id", "when"))
        if parts is None:
            return None
        name = self.matching(parts["id"], _ID, "small letters, digits and `-`")
        when, text = self.condition(parts["when"], self.schema)
        level, route = self.effect(of, parts, routes)
        quoted = self.reader.text(parts.get("source")) or ""
        return Clause(name, level, when, text, route, quoted, self.period(parts.get("in_force")))

    def effect(
        self, of: Outline, parts: Mapping[str, Outline], routes: Mapping[str, Route]
    ) -> tuple[Level, str | None]:
        named = [key for key in _EFFECTS if key in parts]
        if len(named) != 1:
            hint = "write `permit: true`, `prohibit: true` or `refer: a route`"
            self.reader.fault(of, "one effect is wanted here", hint)
            return Level.PROHIBIT, None
        (key,) = named
        if key != "refer":
            if not self.reader.flag(parts[key]):
                self.reader.fault(parts[key], f"`{key}` can only be true", "or leave it out")
            return _EFFECTS[key], None
        route = self.reader.text(parts[key])
        if route is not None and route not in routes:
            hint = nearest(route, routes)
            self.reader.fault(parts[key], f"no route is named `{route}`", hint)
        return Level.REFER, route

    def routes(self, of: Outline | None) -> Mapping[str, Route]:
        entries = self.reader.entries(of) if of is not None else ()
        found = {
            name.text: read_route(stages, reader=self.reader, office=self.office)
            for name, stages in entries
        }
        return MappingProxyType(found)

    def properties(self, of: Outline | None) -> tuple[Property, ...]:
        items = self.reader.items(of)
        self.distinct(items)
        found = (self.property(each) for each in items)
        return tuple(each for each in found if each is not None)

    def property(self, of: Outline) -> Property | None:
        parts = self.reader.keys(of, known=("id", "when", "then"), needed=("id", "when", "then"))
        if parts is None:
            return None
        name = self.matching(parts["id"], _ID, "small letters, digits and `-`")
        when, tested = self.condition(parts["when"], self.schema)
        then, wanted = self.condition(parts["then"], _with_verdict(self.schema))
        return Property(name, when, then, f"when {tested} then {wanted}")

    def examples(self, of: Outline | None, routes: Mapping[str, Route]) -> tuple[Example, ...]:
        found = (self.example(each, routes) for each in self.reader.items(of))
        return tuple(each for each in found if each is not None)

    def example(self, of: Outline, routes: Mapping[str, Route]) -> Example | None:
        known = ("given", "facts", "expect", "at")
        parts = self.reader.keys(of, known=known, needed=("expect",))
        if parts is None:
            return None
        if ("given" in parts) == ("facts" in parts):
            self.reader.fault(of, "either `given` or `facts` is wanted")
            return None
        expected = self.reader.keys(parts["expect"], known=(*_EFFECTS, "decider"))
        if expected is None:
            return None
        level, route = self.effect(parts["expect"], expected, routes)
        decider = self.office(expected["decider"]) if "decider" in expected else None
        given = _value(parts["given"]) if "given" in parts else {}
        facts = _value(parts["facts"]) if "facts" in parts else None
        line = self.reader.page.finding(of.start, 1, "").line
        named = given if isinstance(given, dict) else {}
        at = self.instant(parts.get("at"))
        return Example(named, facts, level, route, decider, at, line)


def _with_verdict(schema: Schema) -> Schema:
    return Schema({**schema.groups, "verdict": VERDICT})


_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}", re.ASCII)
_PLAIN: Mapping[str, Callable[[str], wire.Value]] = {"true": bool, "false": lambda _: False}


def _value(of: Outline) -> wire.Value:
    """Return what stands in an example: texts, and where unquoted, numbers, true and false."""
    match of:
        case Mapped(entries):
            return {key.text: _value(inner) for key, inner in entries}
        case Listing(items):
            return [_value(each) for each in items]
        case Scalar(text, plain=True) if text in _PLAIN:
            return _PLAIN[text](text)
        case Scalar(text, plain=True) if _WHOLE.fullmatch(text):
            return int(text)
        case Scalar(text):
            return text


def _index(page: str, of: Scalar, offset: int) -> int:
    """Return where on the page the letter at `offset` of a scalar's text stands."""
    raw = page[of.start : of.end]
    for lead in (0, 1):
        if raw[lead : lead + len(of.text)] == of.text:
            return of.start + lead + offset
    # Folded, indented or escaped: its letters that are not blank stand in the same order.
    at = raw.find("\n") if raw[:1] in {"|", ">"} else 0
    for letter in of.text[: offset + 1]:
        found = at if letter.isspace() else raw.find(letter, at)
        at = found + (not letter.isspace()) if found >= 0 else at
    return of.start + max(0, at - 1)
