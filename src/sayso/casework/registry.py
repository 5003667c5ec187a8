"""The house: its founding, persons, offices, appointments, articles and agreements.

Each act has a `check_…` that says why it may not be done, and an `apply_…` that says what stands
after it. A check sees the state before the act; who may act at all is `authority.may`'s to say.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from sayso.casework import adoption, facts, offices, possession
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Adoption,
    Agreement,
    Appointment,
    Article,
    Enrolment,
    Founding,
    House,
    Opening,
    Relief,
    Rescission,
)
from sayso.casework.refusal import Refusal
from sayso.casework.roster import Term
from sayso.casework.state import REGISTRAR, Key, State
from sayso.dates import Instant, Period
from sayso.record import distinct
from sayso.record.distinct import Owned
from sayso.record.signature import PublicKey
from sayso.record.trust import read_key


def check(state: State, act: House, mark: Stamp, atlas: facts.Atlas) -> Refusal | None:  # noqa: C901, PLR0911  # one line for each act
    """Return why an act on the house is out of order; None if it is not."""
    match act:
        case Founding():
            return Refusal("founded", "the record is founded already")
        case Enrolment():
            return check_enrolment(state, act, str(mark.by))
        case Opening():
            return check_opening(state, act)
        case Appointment():
            return check_appointment(state, act, mark.by)
        case Relief():
            return check_relief(state, act, mark.at)
        case Article():
            return check_article(state, act)
        case Agreement():
            return check_agreement(state, act)
        case Adoption():
            return adoption.check_adoption(state, act, facts.lookup(state, atlas))
        case Rescission():
            return adoption.check_rescission(state, act, mark.at)
        case _:
            assert_never(act)


def apply(state: State, act: House, mark: Stamp) -> State:  # noqa: C901, PLR0911  # one line for each act
    """Return what stands once an act on the house is done."""
    match act:
        case Founding():
            return apply_founding(state, act, mark)
        case Enrolment():
            return apply_enrolment(state, act, mark)
        case Opening():
            return apply_opening(state, act, mark)
        case Appointment():
            return apply_appointment(state, act, mark)
        case Relief():
            return apply_relief(state, act, mark)
        case Article():
            return apply_article(state, act, mark)
        case Agreement():
            return apply_agreement(state, act, mark)
        case Adoption():
            return adoption.apply_adoption(state, act, mark)
        case Rescission():
            return adoption.apply_rescission(state, act, mark)
        case _:
            assert_never(act)


def check_founding(act: Founding) -> Refusal | None:
    """Return why these keys do not begin a record: one of them is another's too."""
    theirs = (f"`{act.registrar}`", PublicKey.parse(act.key).raw)
    return _apart(distinct.shared((*_log_keys(act), theirs)))


def _log_keys(act: Founding) -> tuple[Owned, ...]:
    lines = (act.log_key, act.log_key_pq)
    return tuple(("the log", read_key(each).public) for each in lines if each is not None)


def _apart(words: str | None) -> Refusal | None:
    if words is None:
        return None
    return Refusal("key-enrolled", words, "everybody has a key of their own: `sayso key new`")


def apply_founding(state: State, act: Founding, stamp: Stamp) -> State:
    """Return the state of a record that has just begun: a registrar, and nothing else."""
    begun = replace(state, origin=act.origin, viewpoint=act.viewpoint, clock=act.clock)
    begun = replace(begun, owners=begun.owners.update({k.hex(): who for who, k in _log_keys(act)}))
    enrolled = _keyed(begun, act.registrar, act.key)
    opening = Opening(REGISTRAR, "Registrar of the record", LOWEST_RANK, REGISTRAR, seats=1)
    opened = apply_opening(enrolled, opening, stamp)
    term = Appointment(REGISTRAR, act.registrar, Period(stamp.at))
    return apply_appointment(opened, term, stamp)


LOWEST_RANK = 1_000_000


def check_enrolment(state: State, act: Enrolment, by: str) -> Refusal | None:
    """Return why this key is not enrolled for this person; None if it may be.

    Who has a key adds to it themself: else a registrar could sign for anybody.
    """
    theirs = (f"`{act.person}`", PublicKey.parse(act.key).raw)
    shared = _apart(distinct.shared((theirs,), known=state.owners))
    if shared is not None:
        return shared
    if by != act.person and state.live_keys(act.person):
        return Refusal(
            "has-key",
            f"`{act.person}` has a key already",
            f"a further key is enrolled by `{act.person}`, signed with the one they have",
        )
    return possession.check(act, origin=state.origin)


def apply_enrolment(state: State, act: Enrolment, stamp: Stamp) -> State:
    """Return the state in which `act.key` signs for `act.person`."""
    del stamp
    return _keyed(state, act.person, act.key, act.called)


def _keyed(state: State, person: str, line: str, called: str | None = None) -> State:
    key = PublicKey.parse(line)
    fingerprints = (*state.persons.get(person, ()), key.fingerprint)
    return replace(
        state,
        persons=state.persons.set(person, fingerprints),
        keys=state.keys.set(key.fingerprint, Key(person, line, called)),
        owners=state.owners.set(key.raw.hex(), f"`{person}`"),
    )


def check_opening(state: State, act: Opening) -> Refusal | None:
    """Return why this office cannot be opened; None if its name is new."""
    if act.office in state.offices:
        return Refusal("office-exists", f"an office is named `{act.office}` already")
    if act.appointed_by != act.office:
        state.office(act.appointed_by)
    return None


def apply_opening(state: State, act: Opening, stamp: Stamp) -> State:
    """Return the state in which the office stands, vacant."""
    del stamp
    return replace(state, offices=state.offices.set(act.office, act))


def check_appointment(state: State, act: Appointment, by: str | None = None) -> Refusal | None:
    """Return why not: no seat of the office is free for the whole term."""
    state.person(act.person)
    seats = state.office(act.office).seats
    overlapping = [
        term for term in state.terms.get(act.office, ()) if term.period.overlaps(act.term)
    ]
    if any(term.person == act.person for term in overlapping):
        return Refusal("holds-it", f"`{act.person}` holds `{act.office}` in that time already")
    wrong = _own_substitute(state, act, by) if act.acting else None
    if wrong is not None:
        return wrong
    seated = [term for term in overlapping if term.acting == bool(act.acting)]
    if len(seated) >= seats:
        holder = seated[0]
        return Refusal(
            "no-seat",
            f"`{act.office}` is held by `{holder.person}` for {holder.period}",
            "end that term first, or let the new one begin after it",
        )
    held = (*(term.period for term in state.terms.get(act.office, ())), act.term)
    return _in_the_end(state, act.office, held)


def _in_the_end(state: State, office: str, held: Iterable[Period]) -> Refusal | None:
    """Return the refusal to let an office lapse for ever: it fills itself, and none outranks it."""
    fills_itself = state.office(office).appointed_by == office
    if not fills_itself or offices.outranking(state, office):
        return None
    if any(term.end is None for term in held):
        return None
    return Refusal(
        "left-vacant",
        f"`{office}` fills itself, none outranks it, and in the end nobody would hold it",
        "let one term be without an end: it is handed over with a successor named",
    )


def _own_substitute(state: State, act: Appointment, by: str | None) -> Refusal | None:
    """Return the refusal of a substitute named by who holds the office: that is a delegation."""
    holds = any(term.person == by for term in state.terms.get(act.office, ()))
    if not holds and state.office(act.office).appointed_by != act.office:
        return None
    return Refusal(
        "own-substitute",
        f"whoever holds `{act.office}` cannot name who acts in it with all its powers",
        "a holder delegates, which reaches no reserved power; or is relieved, naming a successor",
    )


def apply_appointment(state: State, act: Appointment, stamp: Stamp) -> State:
    """Return the state in which the person holds the office for the term."""
    term = Term(act.person, act.term, stamp, bool(act.acting))
    terms = (*state.terms.get(act.office, ()), term)
    return replace(state, terms=state.terms.set(act.office, terms))


def check_relief(state: State, act: Relief, at: Instant) -> Refusal | None:
    """Return why not: no such term, an end before now, or nobody who could ever hold it again."""
    state.person(act.person)
    if act.at < at:
        return Refusal("past", f"a term cannot end at {act.at}, before now ({at})")
    if not any(_ends(term, act) for term in state.terms.get(act.office, ())):
        return Refusal("no-term", f"`{act.person}` does not hold `{act.office}` at {act.at}")
    relieved = _relieved(state, act)
    if act.successor is not None:
        return check_appointment(relieved, _succession(act, act.successor))
    fills_itself = state.office(act.office).appointed_by == act.office
    if fills_itself and not any(term.period.holds(act.at) for term in relieved.terms[act.office]):
        return Refusal(
            "left-vacant",
            f"`{act.office}` fills itself, and nobody would hold it at {act.at}",
            "name the successor with the relief",
        )
    return _in_the_end(state, act.office, (term.period for term in relieved.terms[act.office]))


def apply_relief(state: State, act: Relief, stamp: Stamp) -> State:
    """Return the state in which the term ends at `act.at`, and the successor's begins."""
    relieved = _relieved(state, act)
    if act.successor is None:
        return relieved
    return apply_appointment(relieved, _succession(act, act.successor), stamp)


def _succession(act: Relief, successor: str) -> Appointment:
    return Appointment(act.office, successor, Period(act.at))


def _relieved(state: State, act: Relief) -> State:
    terms = tuple(
        replace(term, period=Period(term.period.start, act.at)) if _ends(term, act) else term
        for term in state.terms.get(act.office, ())
    )
    return replace(state, terms=state.terms.set(act.office, terms))


def _ends(term: Term, act: Relief) -> bool:
    return term.person == act.person and term.period.start < act.at and term.period.holds(act.at)


def check_article(state: State, act: Article) -> Refusal | None:
    """Return why not; raise `MalformedValue` if its facts are none of the policy schema."""
    facts.check_article(act.facts, state.schema)
    if act.article in state.articles:
        return Refusal("article-exists", f"an article is named `{act.article}` already")
    return None


def apply_article(state: State, act: Article, stamp: Stamp) -> State:
    """Return the state in which the article is known."""
    del stamp
    return replace(state, articles=state.articles.set(act.article, act))


def check_agreement(state: State, act: Agreement) -> Refusal | None:
    """Return why this agreement cannot be registered; raise `Unknown` for its articles."""
    if act.agreement in state.agreements:
        return Refusal("agreement-exists", f"an agreement is named `{act.agreement}` already")
    if not act.articles:
        return Refusal("no-articles", "an agreement transfers at least one article")
    for article in act.articles:
        state.article(article)
    return None


def apply_agreement(state: State, act: Agreement, stamp: Stamp) -> State:
    """Return the state in which the agreement stands."""
    del stamp
    return replace(state, agreements=state.agreements.set(act.agreement, act))
