"""What the model keeps: its own plain tables, and who may do what by them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sayso.casework.events import (
    Act,
    Condition,
    Delegation,
    DelegationRevocation,
    Hold,
    HoldRelease,
    Marking,
    Phase,
    Power,
    Recusal,
    Relief,
    Request,
)
from sayso.casework.outside import OF_A_PARTNER
from sayso.dates import Instant, Period
from tests.casework.bodies import MINISTER, REPORT, Paper, Route, side
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY

AGREEMENTS = {"aid": "ukraine", "other-aid": "poland", "joint": "ukraine"}
COVERED = {"aid": ("atacms",), "other-aid": ("atacms",), "joint": ("atacms", "shadow")}
"""The articles under each agreement."""
CONSENTS: dict[str, tuple[str | None, ...]] = {"atacms": (None,), "shadow": (None, "GB")}
"""Whose consent the uses of an article need: the record keeper's (None), and further suppliers'."""
BY_PARTNER = OF_A_PARTNER | Recusal
PARTNERS = {LIAISON: "ukraine", OTHERS: "poland"}
RANK = {SECRETARY: 1, OWNER: 2, **dict.fromkeys(ADVISERS, 3), "registrar": 9, MINISTER: 1}
FILLS = {SECRETARY: SECRETARY, OWNER: SECRETARY, MINISTER: MINISTER}
"""Who fills an office; the registrar fills all others."""
ASSERTING = ("europe-desk", "joint-staff")
OPEN = ("advising", "consolidating", "deciding", "countersigning")
LIVE = ("permitted", "granted")
PASSING = {Power.DECIDE, Power.COUNTERSIGN}
"""What is reserved with a decision; no route here reserves one that could be ratified."""
TERRITORY = {"Kursk": "RU", "Dzhankoi": "UA"}


def is_over(end: Instant | None, at: Instant) -> bool:
    return end is not None and end <= at


@dataclass
class Holding:
    """Somebody's time in an office, or in a compartment."""

    person: str
    start: Instant
    end: Instant | None
    acting: bool = False

    def holds(self, at: Instant) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    def meets(self, other: Period) -> bool:
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


@dataclass
class Grant:
    """Powers of an office, delegated by one of its holders, or on by who has them (no `term`)."""

    said: Delegation
    entry: int
    since: Instant
    by: str
    term: Holding | None
    revoked: bool = False

    def stands(self, now: Instant) -> bool:
        """Return whether this link, by itself, grants anything now."""
        held = self.term is None or self.term.holds(now)
        return not self.revoked and held and self.since <= now and self.said.term.holds(now)

    def over(self, now: Instant) -> bool:
        """Return whether this link, by itself, will never grant anything again."""
        held = self.term is None or self.term.holds(now)
        return self.revoked or not held or is_over(self.said.term.end, now)


@dataclass
class Said:
    """What an office holds to be so, of talks under way."""

    entry: int
    office: str
    value: bool
    holds: Period
    settles: bool


@dataclass
class Granted:
    """A decision that grants."""

    uses: int
    window: Period
    office: str
    conditions: tuple[Condition, ...] = ()


@dataclass
class Signed:
    """A decision that waits to be countersigned: what it leads to, and who has signed so far."""

    entry: int
    stage: str
    granted: Granted | None
    second: set[str] = field(default_factory=set)


@dataclass
class Stop:
    """A hold, on a case or on a class."""

    said: Hold

    def stands(self, now: Instant) -> bool:
        return not is_over(self.said.until, now)

    def reaches(self, partner: str, place: str, supplier: str | None) -> bool:
        """Return whether it is a blanket hold on a supplier's consent to such a use."""
        said = self.said
        return (
            said.case is None
            and side(said.office) == supplier
            and said.partner in {None, partner}
            and said.territory in {None, TERRITORY[place]}
        )


@dataclass
class Matter:
    """A case: one item of a request, and one supplier's consent to it."""

    name: str
    request: Request
    item: int
    supplier: str | None
    entry: int
    by: str
    stage: str = ""
    route: Route = ()
    outcome: str = ""
    decider: str | None = None
    grounds: frozenset[str] = frozenset()
    spared: set[str] = field(default_factory=set)
    verdicts: int = 0
    talks: bool | None = None
    judged_at: Instant | None = None
    step: int = 0
    advice: dict[str, int] = field(default_factory=dict)
    parts: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    granted: Granted | None = None
    reports: list[tuple[Instant, int]] = field(default_factory=list)
    recused: set[str] = field(default_factory=set)
    asking: set[str] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    said: set[int] = field(default_factory=set)
    due: dict[str, Instant] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    signed: Signed | None = None
    refused: Instant | None = None
    appealed: bool = False
    surrendered: Instant | None = None
    accounted: bool = False
    unratified: tuple[int, Instant] | None = None
    followed: list[tuple[str, int]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.request.items[self.item].place

    @property
    def article(self) -> str:
        return self.request.items[self.item].article

    @property
    def asked(self) -> int:
        return self.request.items[self.item].uses

    @property
    def partner(self) -> str:
        return self.request.partner

    @property
    def waiting(self) -> tuple[str, ...]:
        if self.stage not in OPEN:
            return ()
        leg = self.route[self.step]
        if self.signed is not None:
            return tuple(each for each in leg.countersign if each not in self.signed.second)
        return tuple(each for each in leg.offices if each not in self.advice)

    @property
    def acting(self) -> set[str]:
        """Return the offices that act on its route, also with a second signature or at once."""
        beside = {name for leg in self.route for name in (*leg.countersign, leg.emergency) if name}
        return {name for leg in self.route for name in leg.offices} | beside

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return () if self.granted is None else self.granted.conditions

    def standing(self, number: int) -> str:
        """Return how an obligation stands; a use report's is not told of here."""
        said = [what for what, of in self.followed if of == number]
        told = max((i for i, what in enumerate(said) if what == "told"), default=-1)
        ruled = max((i for i, what in enumerate(said) if what != "told"), default=-1)
        if ruled > told:
            return said[ruled]
        if told < 0:
            return "open"
        if number > len(self.conditions):
            return "told"
        wanted = self.conditions[number - 1].evidence is not None or ruled >= 0
        return "told" if wanted else "met"

    @property
    def unmet(self) -> bool:
        """Return whether something had to be done before the use, and is not."""
        return any(
            each.phase is Phase.BEFORE and self.standing(number) != "met"
            for number, each in enumerate(self.conditions, 1)
        )

    @property
    def left(self) -> int:
        allowed = self.asked if self.granted is None else self.granted.uses
        return allowed - sum(uses for _, uses in self.reports)

    @property
    def over(self) -> Instant | None:
        return (self.request if self.granted is None else self.granted).window.end

    @property
    def usable_until(self) -> Instant | None:
        """Return when no use can be made any more: the window is over, or it was given back."""
        ends = [each for each in (self.over, self.surrendered) if each is not None]
        return min(ends, default=None)

    def owing(self, at: Instant) -> bool:
        """Return whether its use report is overdue: three days after the last use could be made."""
        end = self.usable_until
        if self.granted is None or end is None or self.left == 0 or self.accounted:
            return False
        return end + REPORT <= at


@dataclass
class Book:
    """The whole of it. `now` is the time of the newest entry, or that for which it is settled."""

    now: Instant
    terms: dict[str, list[Holding]]
    grants: dict[str, Grant] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    binding: frozenset[str] = frozenset()
    retained: frozenset[str] = frozenset()
    said: list[Said] = field(default_factory=list)
    retracted: set[int] = field(default_factory=set)
    talks: bool | None = None
    disputed: bool = False
    cases: dict[str, Matter] = field(default_factory=dict)
    requests: dict[str, list[str]] = field(default_factory=dict)
    filed: dict[str, int] = field(default_factory=dict)
    cleared: list[Holding] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    stops: dict[str, Stop] = field(default_factory=dict)

    def holds(self, person: str, office: str) -> bool:
        """Return whether a person holds an office now."""
        return any(
            each.person == person and each.holds(self.now) for each in self.terms.get(office, ())
        )

    def speaks_for(self, person: str) -> set[str]:
        """Return the partners whose offices a person holds."""
        return {partner for office, partner in PARTNERS.items() if self.holds(person, office)}

    def unknown_to(self, person: str, act: Act) -> Iterator[str]:
        """Yield why it is not for somebody to do, or about what they do not know of."""
        houses, partners = self.houses(person), self.speaks_for(person)
        name = getattr(act, "case", None)
        case = self.cases[self.cases_of(name)[0]] if isinstance(name, str) else None
        if houses or self.is_cleared(person):
            unknown = [each for each in self.about(act) if not self.knows(person, each, houses)]
            if unknown:
                yield "kept from them, or of another house"
        elif not self.for_oneself(person, act) and not (partners and isinstance(act, BY_PARTNER)):
            yield "no part in it"
        elif case is not None and case.partner not in partners:
            yield "unknown to them"

    def about(self, act: Act) -> Iterator[Matter]:
        """Yield the cases that an act names, or whose hold or entry it names."""
        name = getattr(act, "case", None)
        if isinstance(act, HoldRelease):
            name = self.stops[act.hold].said.case
        if isinstance(name, str):
            yield self.cases[self.cases_of(name)[0]]
        if isinstance(act, Marking) and act.entry is not None:
            yield from (each for each in self.cases.values() if act.entry in each.said)

    def knows(self, person: str, case: Matter, houses: set[str | None]) -> bool:
        """Return whether somebody inside knows of a case: cleared for it, or of its house."""
        return self.is_cleared(person) if case.name in self.kept else case.supplier in houses

    def houses(self, person: str) -> set[str | None]:
        """Return in whose houses a person holds an office, or has the power of one."""
        held = {office for office in self.terms if self.holds(person, office)} - set(PARTNERS)
        given = {
            each.said.office
            for each in self.grants.values()
            if each.said.person == person and all(e.stands(self.now) for e in self.chain(each))
        }
        return {side(office) for office in held | given}

    def for_oneself(self, person: str, act: Act) -> bool:
        """Return whether an act ends what the person has, or takes back what they gave."""
        if isinstance(act, DelegationRevocation):
            return person in {each.by for each in self.chain(self.grants[act.delegation])}
        return isinstance(act, Relief) and act.person == person

    def is_cleared(self, person: str) -> bool:
        """Return whether a person is cleared for the compartment now; for no partner's is."""
        given = any(each.person == person and each.holds(self.now) for each in self.cleared)
        return given and not self.speaks_for(person)

    def has(self, person: str, office: str, power: Power, case: Matter, uses: int = 0) -> bool:
        """Return whether a person has the power of an office in a case: it is theirs, or given."""
        return self.holds(person, office) or any(
            self.grants_it(grant, power, case, uses)
            for grant in self.grants.values()
            if grant.said.office == office and grant.said.person == person
        )

    def grants_it(self, grant: Grant, power: Power, case: Matter, uses: int = 0) -> bool:
        """Return whether a delegation, and each above it, still gives a power in a case."""
        if power in PASSING and case.route and case.route[-1].reserved:
            return False
        return all(
            each.stands(self.now)
            and power in each.said.powers
            and (each.said.most_uses is None or uses <= each.said.most_uses)
            and not (each.by in case.recused and each.entry > case.entry)
            for each in self.chain(grant)
        )

    def chain(self, grant: Grant) -> Iterator[Grant]:
        """Yield a delegation and those under which it was granted on."""
        yield grant
        while grant.said.under is not None:
            grant = self.grants[grant.said.under]
            yield grant

    def barring(self, person: str, case: Matter) -> Iterator[str]:
        """Yield why somebody has no part at all in a case."""
        if person in case.recused:
            yield "recused"
        if case.partner in self.speaks_for(person) or person in self.asking(case):
            yield "own request"

    def across(self, person: str, cases: Iterable[Matter]) -> Iterator[str]:
        """Yield why somebody does not act for the partner in any of some cases."""
        for case in cases:
            if person in case.recused:
                yield "recused"
            if any(person in each.inside for each in self.matter(case)):
                yield "on both sides"

    def matter(self, case: Matter) -> Iterator[Matter]:
        """Yield a case, and those that its request took the place of."""
        yield case
        earlier = case.request.replaces
        while earlier is not None:
            found = [self.cases[name] for name in self.cases_of(earlier)]
            yield from found
            earlier = found[0].request.replaces

    def asking(self, case: Matter) -> set[str]:
        """Return who has acted for the partner in a case, or in one that it took the place of."""
        return {person for each in self.matter(case) for person in each.asking}

    def on_hold(self, case: Matter) -> bool:
        """Return whether a hold stands on a case."""
        return any(
            each.said.case == case.name or each.reaches(case.partner, case.place, case.supplier)
            for each in self.stops.values()
            if each.stands(self.now)
        )

    def above(self, office: str) -> set[str]:
        """Return the offices that stand above one, and itself; among advisers none does."""
        if office not in RANK:
            return {office}
        heads = [each for each in (SECRETARY, OWNER, MINISTER) if side(each) == side(office)]
        return {each for each in heads if RANK[each] <= RANK[office]} | {office}

    def below(self, office: str) -> set[str]:
        """Return the offices that one reaches: itself, and those that it stands above."""
        return {office} | {name for name in RANK if office in self.above(name)}

    def cases_of(self, name: str) -> list[str]:
        """Return the cases of a request, or the one case of that name."""
        return self.requests.get(name, [name])

    def together(self, case: Matter) -> list[Matter]:
        """Return a case and what the other suppliers granted, or permit, for the same use."""
        return [
            each
            for each in self.cases.values()
            if (each.entry, each.item) == (case.entry, case.item)
            and (each is case or each.granted is not None or each.stage == "permitted")
        ]

    def bound(self, supplier: str | None) -> list[Paper]:
        """Return the papers that bind a supplier's consents."""
        papers = (self.papers[name] for name in sorted(self.binding))
        return [each for each in papers if each.side == supplier]

    def open_of(self, name: str) -> list[str]:
        """Return those that are still asked for."""
        asked = (*OPEN, "prohibited")
        return [each for each in self.cases_of(name) if self.cases[each].stage in asked]

    def partner_of(self, name: str) -> str:
        """Return whose request or case it is."""
        return self.cases[self.cases_of(name)[0]].partner
