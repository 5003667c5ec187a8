"""What the record says stands now: a value made by folding its entries, oldest first.

A state is never changed. `replace` gives the next one and shares all that stayed the same, so that
a state of thousands of cases costs little to step on from and any moment of the past can be kept.
"""

from dataclasses import dataclass, field

from immutables import Map

from sayso.casework import deadlines, obligations, vocabulary
from sayso.casework.case import Case
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import (
    Agreement,
    Allegation,
    Article,
    Bound,
    Calendar,
    Circumstances,
    Claim,
    Clock,
    Compartment,
    Delegation,
    Hold,
    Holding,
    Opening,
    Release,
    Violation,
    Vocabulary,
)
from sayso.casework.roster import Roster, Seats, Term, roster
from sayso.casework.timers import Timers, set_timer
from sayso.dates import Instant
from sayso.errors import Unknown
from sayso.policy.policy import Policy
from sayso.policy.schema import Schema
from sayso.replaced import replace

REGISTRAR = "registrar"
NOTHING_KNOWN = Circumstances({}, ())


@dataclass(frozen=True, slots=True)
class Key:
    """An enrolled signature key: whose it is, its OpenSSH public key line, and when it was revoked.

    `called` is who the person was said to be. `compromised_from` is since when somebody else may
    have used it, as far as is known.
    """

    person: str
    line: str
    called: str | None = None
    revoked: Stamp | None = None
    compromised_from: Instant | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A delegation on the record, and by what its grantor grants.

    That is the office `seat`, held by the entry `appointed`; neither, if it was granted on by
    somebody to whom it was delegated by name.
    """

    said: Delegation
    stamp: Stamp
    seat: str | None = None
    appointed: int | None = None
    revoked: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy on the record, the entry that adopted it, and when it was rescinded, if it was."""

    policy: Policy
    stamp: Stamp
    rescinded: Instant | None = None

    @property
    def begins(self) -> Instant:
        """Return when it begins to bind: it binds nobody before it is recorded."""
        return max(self.stamp.at, self.policy.in_force.start)

    @property
    def never_bound(self) -> bool:
        """Return whether it was rescinded before it began, and so takes the place of none."""
        return self.rescinded is not None and self.rescinded < self.begins

    def lasted(self, until: Instant) -> bool:
        """Return whether it neither ran out nor was rescinded before that moment."""
        ends = (self.policy.in_force.end, self.rescinded)
        return all(end is None or until <= end for end in ends)

    def ended(self, at: Instant) -> bool:
        """Return whether it was rescinded by `at`."""
        return self.rescinded is not None and self.rescinded <= at


@dataclass(frozen=True, slots=True)
class Worded:
    """A fact that was added to those there are to speak of, and the entry that added it."""

    said: Vocabulary
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Docket:
    """What is alleged of a partner, and what was said of it since.

    It is of one supplier (None: whoever keeps the record). `frozen` is the office that stopped the
    grants of that supplier to the partner.
    """

    name: str
    opened: On[Allegation]
    supplier: str | None = None
    said: tuple[On[Violation], ...] = ()
    frozen: str | None = None
    closed: bool = False

    @property
    def stands(self) -> str:
        """Return how it stands, in a word."""
        return "closed" if self.closed else "frozen" if self.frozen else "open"

    def reaches(self, dossier: Dossier) -> bool:
        """Return whether it is about the partner of a case, its article, and its supplier."""
        about, asked = self.opened.said, dossier.asked
        about_it = asked.partner == about.partner and about.article in {None, asked.article}
        return about_it and dossier.supplier == self.supplier


def _side(office: Opening) -> tuple[str | None, str | None]:
    """Return whose office it is: a partner's, a further supplier's, or the record keeper's."""
    return office.partner, office.supplier


Policies = Map[str, Adopted]
Links = Map[str, Link]
Spared = Map[str, tuple[str, ...]]
Claims = Map[str, tuple[On[Claim], ...]]


@dataclass(frozen=True)  # no slots: forty parts are copied at once, in a quarter of the time
class State:
    """Everything that stands. Maps are keyed by name, `keys` by the key's fingerprint.

    `owners` says whose each public key is, by its bytes in hexadecimal: the log's too.
    `requests` names the cases of each request; `timers` ring when time does something to a case;
    `owing` names, by partner and article, the cases whose use report is overdue, and
    `bypassed` the offices that an emergency decision went past and that are still to be told;
    `delegated` names the delegations of each office's powers.
    `retained` are the policies that bind only what a later one keeps, and `spared` names, by case,
    the policies that keep it. `words` are the circumstances there are to speak of, `claims` what
    was said of each, oldest first, and `retracted` the entries of those that were taken back. What
    is `marked_…` is kept in the compartment named. `erased` are the SHA-256 of enclosures, each
    with the entry that says so.
    """

    origin: str = ""
    viewpoint: str = ""
    clock: Clock = Clock.SYSTEM
    size: int = 0
    at: Instant | None = None
    persons: Map[str, tuple[str, ...]] = field(default_factory=Map)
    keys: Map[str, Key] = field(default_factory=Map)
    owners: Map[str, str] = field(default_factory=Map)
    offices: Map[str, Opening] = field(default_factory=Map)
    terms: Map[str, tuple[Term, ...]] = field(default_factory=Map)
    delegations: Links = field(default_factory=Map)
    delegated: Map[str, tuple[str, ...]] = field(default_factory=Map)
    calendars: Map[str, Calendar] = field(default_factory=Map)
    holds: Map[str, On[Hold]] = field(default_factory=Map)
    articles: Map[str, Article] = field(default_factory=Map)
    agreements: Map[str, Agreement] = field(default_factory=Map)
    policies: Policies = field(default_factory=Map)
    unproven: tuple[str, ...] = ()
    binding: tuple[Bound, ...] = ()
    retained: tuple[Bound, ...] = ()
    spared: Spared = field(default_factory=Map)
    vocabularies: tuple[Vocabulary, ...] = ()
    words: Map[str, Worded] = field(default_factory=Map)
    claims: Claims = field(default_factory=Map)
    retracted: frozenset[int] = frozenset()
    circumstances: Circumstances = NOTHING_KNOWN
    compartments: Map[str, Compartment] = field(default_factory=Map)
    clearances: Map[str, tuple[Term, ...]] = field(default_factory=Map)
    marked_cases: Map[str, str] = field(default_factory=Map)
    marked_policies: Map[str, str] = field(default_factory=Map)
    marked_entries: Map[int, str] = field(default_factory=Map)
    releases: tuple[On[Release], ...] = ()
    erased: Map[str, int] = field(default_factory=Map)
    cases: Map[str, Case] = field(default_factory=Map)
    unjudged: tuple[str, ...] = ()
    requests: Map[str, tuple[str, ...]] = field(default_factory=Map)
    timers: Timers = None
    filed_by: Map[str, int] = field(default_factory=Map)
    statements: Map[str, int] = field(default_factory=Map)
    bypassed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dockets: Map[str, Docket] = field(default_factory=Map)
    holdings: Map[tuple[str, str], tuple[On[Holding], ...]] = field(default_factory=Map)
    owing: Map[tuple[str, str], tuple[str, ...]] = field(default_factory=Map)

    @property
    def schema(self) -> Schema:
        """Return the facts there are to speak of."""
        return vocabulary.schema(self.vocabularies)

    def office(self, name: str) -> Opening:
        """Return the office called `name`; `Unknown`, with the nearest, if there is none."""
        found = self.offices.get(name)
        if found is None:
            raise Unknown.named("office", name, self.offices)
        return found

    def article(self, name: str) -> Article:
        """Return the article called `name`, or raise `Unknown`."""
        found = self.articles.get(name)
        if found is None:
            raise Unknown.named("article", name, self.articles)
        return found

    def agreement(self, name: str) -> Agreement:
        """Return the agreement called `name`, or raise `Unknown`."""
        found = self.agreements.get(name)
        if found is None:
            raise Unknown.named("agreement", name, self.agreements)
        return found

    def case(self, name: str) -> Case:
        """Return the case called `name`, or raise `Unknown`."""
        found = self.cases.get(name)
        if found is None:
            raise Unknown.named("case", name, self.cases)
        return found

    def keep(self, moved: Case) -> "State":
        """Return the state in which a case stands as `moved`: the one way in which a case moves."""
        name = moved.dossier.id
        deadline = deadlines.deadline(moved)
        timers = self.timers
        if deadline is not None and not self._rings(name, deadline):
            timers = set_timer(timers, deadline, name)
        return replace(self, cases=self.cases.set(name, moved), timers=timers)

    def _rings(self, name: str, deadline: Instant) -> bool:
        """Return whether a timer was set for that moment when the case last moved."""
        before = self.cases.get(name)
        return before is not None and deadlines.deadline(before) == deadline

    def owes(self, dossier: Dossier) -> "State":
        """Return the state in which the use report of a case is overdue, or no more."""
        key = (dossier.asked.partner, dossier.asked.article)
        others = tuple(each for each in self.owing.get(key, ()) if each != dossier.id)
        cases = others if obligations.accounted(dossier) else (*others, dossier.id)
        return replace(self, owing=self.owing.set(key, cases))

    def person(self, name: str) -> str:
        """Return `name` if a person bears it, or raise `Unknown`."""
        if name not in self.persons:
            raise Unknown.named("person", name, self.persons)
        return name

    def live_keys(self, person: str) -> tuple[str, ...]:
        """Return the fingerprints of the keys that still sign for a person."""
        enrolled = self.persons.get(person, ())
        return tuple(each for each in enrolled if self.keys[each].revoked is None)

    def holders(self, office: str, at: Instant) -> tuple[Term, ...]:
        """Return the terms in `office` that hold at `at`."""
        return self.seats(at).holders.get(office, ())

    def seats(self, at: Instant) -> Seats:
        """Return who holds which office at `at`."""
        return self.roster.at(at)

    def appointed_by(self, at: Instant) -> "State":
        """Return the state with those terms alone that stood on the record at `at`."""
        then = {
            office: tuple(term for term in terms if term.stamp.at <= at)
            for office, terms in self.terms.items()
        }
        return replace(self, terms=Map(then))

    @property
    def roster(self) -> Roster:
        """Return the offices by whose they are, and who holds them when."""
        return roster(self.offices, self.terms)

    def filled_from_below(self, name: str) -> bool:
        """Return whether an office that does not outrank it fills the office called `name`.

        None of another side outranks it, whatever its rank. Nor may that be so of the office that
        fills it, and so on: whoever fills that one could have this one filled. The registrar's
        office is the lowest of all, and decides nothing.
        """
        office = self.office(name)
        while office.appointed_by != office.office:
            filler = self.office(office.appointed_by)
            if _side(filler) != _side(office) or filler.rank >= office.rank:
                return True
            office = filler
        return office.office == REGISTRAR

    def reaches(self, name: str, other: str) -> bool:
        """Return whether office `name` is `other`, or outranks it and is not filled from below.

        Ranks order the offices of one side only: of a partner, or of one supplier.
        """
        if name == other:
            return True
        if _side(self.office(name)) != _side(self.office(other)):
            return False
        above = self.office(name).rank < self.office(other).rank
        return above and not self.filled_from_below(name)

    def above(self, name: str, other: str) -> bool:
        """Return whether office `name` reaches `other`, and both are of one house.

        Ranks order the offices of one supplier; a partner's have no say over any of them.
        """
        one, two = self.office(name), self.office(other)
        same = one.supplier == two.supplier and one.partner is None and two.partner is None
        return same and self.reaches(name, other)

    def superior(self, name: str) -> str | None:
        """Return whom an office answers to: who fills it from above, or the next higher rank."""
        office = self.office(name)
        if office.appointed_by != name and self.above(office.appointed_by, name):
            return office.appointed_by
        higher = [
            each
            for each in self.offices.values()
            if each.rank < office.rank and self.above(each.office, name)
        ]
        return max(higher, key=lambda each: (each.rank, each.office)).office if higher else None

    def supplier_of(self, office: str) -> str | None:
        """Return the further supplier whose office it is; None: of whoever keeps the record."""
        return self.office(office).supplier

    def adopted(self, supplier: str | None) -> tuple[Policy, ...]:
        """Return a supplier's policies but those rescinded, and all that those superseded."""
        ended = {name for name, each in self.policies.items() if each.rescinded is not None}
        for each in sorted(self.policies.values(), key=lambda each: each.stamp.index, reverse=True):
            if each.policy.name in ended and each.policy.supersedes and not each.never_bound:
                ended.add(each.policy.supersedes)
        return tuple(
            each.policy
            for name, each in self.policies.items()
            if name not in ended and self.supplier_of(each.policy.issuer) == supplier
        )

    def ranks(self) -> dict[str, int]:
        """Return each office's rank; 1 is the highest."""
        return {name: office.rank for name, office in self.offices.items()}
