"""Delegations: by which chain of instruments a person may use an office's power, and where.

A chain begins with a holder of the office and each link lies within the one above it: in powers,
scope, limits and dates. It lasts as long as all its links do, and a link lasts as long as its
grantor has what it grants: the term in an office by which they granted it, or the link above. So
nobody acts in an office's name by the word of one who has left it. A power that a route reserves
passes down no chain (law 8), nor does a signature of several that must agree: a holder and their
delegate are one. A link that a recused person made counts for nothing in that case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sayso.casework import emergencies
from sayso.casework.case import leg_of
from sayso.casework.dossier import Dossier, Stamp
from sayso.casework.events import Delegation, Does, Leg, Power, Scope
from sayso.casework.same import Same
from sayso.casework.state import Link, Links, State
from sayso.dates import Instant, Period
from sayso.errors import Unknown


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done in a case, in the name of `office`; `uses`: as many as it would grant.

    `power` is None for what goes with any power in the case, such as a query.
    """

    office: str
    power: Power | None
    dossier: Dossier
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """How a link reaches a person: by name, or as holder of `office` by the entry `appointed`."""

    office: str | None = None
    appointed: int | None = None


def of_office(state: State, office: str) -> tuple[Link, ...]:
    """Return the delegations of an office's powers, oldest first."""
    return tuple(state.delegations[name] for name in state.delegated.get(office, ()))


def named(state: State, name: str) -> Link:
    """Return the delegation called `name`, or raise `Unknown`."""
    found = state.delegations.get(name)
    if found is None:
        raise Unknown.named("delegation", name, state.delegations)
    return found


def chain(state: State, link: Link) -> tuple[Link, ...]:
    """Return the links from the holder's own grant down to `link`."""
    links = [link]
    while links[-1].said.under is not None:
        links.append(state.delegations[links[-1].said.under])
    return tuple(reversed(links))


def seat(state: State, link: Link, person: str, at: Instant) -> Seat | None:
    """Return how `link` reaches `person` at `at`; None if it does not."""
    if link.said.person is not None:
        return Seat() if link.said.person == person else None
    for term in state.holders(str(link.said.to_office), at):
        if term.person == person:
            return Seat(link.said.to_office, term.stamp.index)
    return None


def delegates(state: State, link: Link, at: Instant) -> Iterator[str]:
    """Yield the persons whom `link` reaches at `at`."""
    if link.said.person is not None:
        yield link.said.person
        return
    yield from (term.person for term in state.holders(str(link.said.to_office), at))


def period(link: Link) -> Period | None:
    """Return when the link counts: never before it was recorded, whatever its term says."""
    said, since = link.said.term, link.stamp.at
    if said.end is not None and said.end <= since:
        return None
    return Period(max(said.start, since), said.end)


def ended(state: State, link: Link, at: Instant) -> str | None:
    """Return why the chain down to `link` grants nothing at `at`; None if it holds."""
    return next((why for each in chain(state, link) if (why := _ended(state, each, at))), None)


def _ended(state: State, link: Link, at: Instant) -> str | None:
    name = f"`{link.said.delegation}`"
    if link.revoked is not None:
        return f"{name} was revoked at {link.revoked.at}"
    counts = period(link)
    if counts is None or not counts.holds(at):
        return f"{name} is for {link.said.term}"
    if not _still_grants(state, link, at):
        return f"`{link.stamp.by}`, who granted {name}, no longer has the power it grants"
    return None


def over(state: State, link: Link, at: Instant) -> bool:
    """Return whether the chain down to `link` has ended for good; one yet to begin has not."""
    return any(_over(state, each, at) for each in chain(state, link))


def _over(state: State, link: Link, at: Instant) -> bool:
    counts = period(link)
    passed = counts is None or (counts.end is not None and counts.end <= at)
    return passed or link.revoked is not None or not _still_grants(state, link, at)


def _still_grants(state: State, link: Link, at: Instant) -> bool:
    if link.seat is None:
        return True
    terms = state.terms.get(link.seat, ())
    return any(term.stamp.index == link.appointed and term.period.holds(at) for term in terms)


def fault(state: State, link: Link, task: Task, at: Instant) -> str | None:
    """Return why `link` does not let its delegate do `task` at `at`; None if it does."""
    over = ended(state, link, at)
    if over is not None:
        return over
    kept = _kept(task)
    if kept is not None:
        return kept
    return next(
        (why for each in chain(state, link) if (why := _outside(each, task))),
        None,
    )


PASSING = {Power.DECIDE, Power.COUNTERSIGN, Power.RATIFY}
"""The powers without which a decision takes no effect, or does not keep it."""


def _kept(task: Task) -> str | None:
    """Return why no chain reaches the task: the office itself has to do it, or its own holders."""
    leg = _passing(task)
    if leg is None or task.power is None:
        return None
    does = f"to {task.power.value} `{task.dossier.id}`"
    if leg.reserved:
        return f"{does} is reserved to the holder of `{task.office}`"
    if (leg.quorum or 1) > 1 and task.office in leg.offices:
        return f"{does} takes {leg.quorum} holders of `{task.office}`, each for themself"
    return None


def _passing(task: Task) -> Leg | None:
    """Return the leg on which the task's decision is, or was, made; None if it is no part of it."""
    if task.power not in PASSING:
        return None
    waiting = emergencies.unratified(task.dossier) if task.power is Power.RATIFY else None
    if waiting is not None:
        return leg_of(task.dossier, waiting.said)
    return next((leg for leg in task.dossier.verdict.said.route if leg.does is Does.DECIDE), None)


def _outside(link: Link, task: Task) -> str | None:
    """Return why the task lies outside a single link."""
    said, dossier = link.said, task.dossier
    if task.power is not None and task.power not in said.powers:
        granted = ", ".join(f"`{power.value}`" for power in said.powers)
        return f"`{said.delegation}` grants {granted}, not `{task.power.value}`"
    if said.most_uses is not None and (task.uses or 0) > said.most_uses:
        return f"`{said.delegation}` allows grants of at most {said.most_uses} uses"
    outside = _out_of_scope(said.scope, dossier)
    if outside is not None:
        return f"`{said.delegation}` does not reach {outside}"
    if link.stamp.by in dossier.recused and link.stamp.index > dossier.request.stamp.index:
        return f"`{link.stamp.by}`, who granted `{said.delegation}`, is recused from the case"
    return None


def _out_of_scope(scope: Scope, dossier: Dossier) -> str | None:
    asked = dossier.asked
    wanted = (
        (scope.partners, asked.partner),
        (scope.articles, asked.article),
        (scope.purposes, asked.purpose),
    )
    for within, one in wanted:
        if within and one not in within:
            return f"`{one}`"
    if not scope.territories:
        return None
    touched = dossier.touches
    if touched and set(touched) <= set(scope.territories):
        return None
    return f"a place that touches {', '.join(touched) or 'no territory'}"


def widened(above: Delegation, below: Delegation) -> str | None:
    """Return in what `below` goes beyond `above`, under which it is granted; None if in nothing."""
    if not set(below.powers) <= set(above.powers):
        return "powers"
    if not above.term.encloses(below.term):
        return "dates"
    if above.most_uses is not None and (
        below.most_uses is None or below.most_uses > above.most_uses
    ):
        return "uses"
    kinds = ("partners", "articles", "territories", "purposes")
    return next((kind for kind in kinds if _wider(above.scope, below.scope, kind)), None)


def _wider(above: Scope, below: Scope, kind: str) -> bool:
    outer, inner = set(getattr(above, kind)), set(getattr(below, kind))
    return bool(outer) and not (inner and inner <= outer)


def grantors(state: State, link: Link) -> Iterator[str]:
    """Yield who granted `link` and the links above it."""
    for each in chain(state, link):
        if each.stamp.by is not None:
            yield each.stamp.by


def in_hand(state: State, person: str) -> frozenset[str]:
    """Return the delegations that `person` may take back, with all those above them."""
    return _in_hands(Same(state.delegations)).get(person, frozenset())


@lru_cache(maxsize=8)
def _in_hands(same: Same[Links]) -> Mapping[str, frozenset[str]]:
    (links,) = same.parts
    state = State(delegations=links)
    found: dict[str, set[str]] = {}
    for link in state.delegations.values():
        names = {each.said.delegation for each in chain(state, link)}
        for person in grantors(state, link):
            found.setdefault(person, set()).update(names)
    return {person: frozenset(names) for person, names in found.items()}


def link_of(state: State, said: Delegation, stamp: Stamp) -> Link:
    """Return the link that a delegation is, with what its grantor grants by."""
    by = str(stamp.by)
    if said.under is None:
        terms = (each for each in state.holders(said.office, stamp.at) if each.person == by)
        return Link(said, stamp, said.office, next(terms).stamp.index)
    above = seat(state, state.delegations[said.under], by, stamp.at) or Seat()
    return Link(said, stamp, above.office, above.appointed)
