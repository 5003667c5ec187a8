"""A partner files a request, and may take it back.

A request of several items becomes a case for each, decided on its own. An article in which further
suppliers have a part becomes a case for each of them too: every one consents by its own policies.
"""

from collections.abc import Iterator
from typing import assert_never

from sayso.casework import case
from sayso.casework.asked import Asked
from sayso.casework.case import Case, Returned, Unjudged, Withdrawn
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import Asking, Request, Undertaking, Withdrawal
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Unknown
from sayso.replaced import replace


def check(state: State, act: Asking, mark: Stamp) -> Refusal | None:
    """Return why what a partner says is out of order; None if it is not."""
    match act:
        case Request():
            return check_request(state, act, mark.at)
        case Withdrawal():
            return check_withdrawal(state, act)
        case Undertaking():
            return check_undertaking(state, act)
        case _:
            assert_never(act)


def apply(state: State, act: Asking, mark: Stamp) -> State:
    """Return what stands once a partner has said it."""
    match act:
        case Request():
            return apply_request(state, act, mark)
        case Withdrawal():
            return apply_withdrawal(state, act, mark)
        case Undertaking():
            return apply_undertaking(state, act, mark)
        case _:
            assert_never(act)


def check_request(state: State, act: Request, at: Instant) -> Refusal | None:
    """Return why not: another's agreement, an article not covered, a window that is over."""
    return next(_faults(state, act, at), None)


def _faults(state: State, act: Request, at: Instant) -> Iterator[Refusal]:
    agreement = state.agreement(act.agreement)
    if agreement.partner != act.partner:
        yield Refusal(
            "not-theirs", f"`{act.agreement}` is with `{agreement.partner}`, not `{act.partner}`"
        )
    for article in dict.fromkeys(item.article for item in act.items):
        state.article(article)
        if article not in agreement.articles:
            covered = ", ".join(f"`{each}`" for each in agreement.articles)
            words = f"`{act.agreement}` covers {covered}, not `{article}`"
            yield Refusal("not-covered", words)
        owing = state.owing.get((act.partner, article), ())
        if owing:
            yield Refusal(
                "report-overdue",
                f"the use report on `{owing[0]}` is overdue",
                f"report it first: sayso use report {owing[0]}",
            )
    if act.window.end is None:
        yield Refusal("no-end", "a request needs an end to its window", "say until when")
    elif act.window.end <= at:
        yield Refusal("over", f"the window {act.window} is over at {at}")
    yield from _earlier(state, act)


def _earlier(state: State, act: Request) -> Iterator[Refusal]:
    """Yield why the request cannot take the place of an earlier one, or follow it."""
    for name in (act.replaces, act.after):
        if name is not None and partner_of(state, name) != act.partner:
            raise Unknown(f"`{act.partner}` has no request `{name}`")
    if act.replaces is not None and not sought(state, act.replaces):
        yield Refusal(
            "closed", f"nothing of `{act.replaces}` is open, so nothing can take its place"
        )
    if act.after is not None and not _returned(state, act.after):
        yield Refusal("not-returned", f"`{act.after}` was not returned without action")


def cases_of(state: State, name: str) -> tuple[str, ...]:
    """Return the cases of a request, or the one case of that name; raise `Unknown` if none is."""
    return state.requests.get(name) or (state.case(name).dossier.id,)


def consents(state: State, dossier: Dossier) -> tuple[Case, ...]:
    """Return the cases for the same item as `dossier`, its own too: one for each who consents."""
    one = dossier.id.partition("@")[0]
    several = len(dossier.request.said.items) > 1
    names = state.requests[one.rpartition(".")[0] if several else one]
    found = (state.cases[each] for each in names)
    return tuple(each for each in found if each.dossier.item == dossier.item)


def newest(state: State, partner: str) -> str:
    """Return the name of the request that `partner` filed last."""
    return f"{partner}-{state.filed_by[partner]}"


def partner_of(state: State, name: str) -> str:
    """Return whose request, or case, is called `name`; raise `Unknown` if none is."""
    return state.case(cases_of(state, name)[0]).dossier.asked.partner


def sought(state: State, name: str) -> tuple[str, ...]:
    """Return the cases of a request, or the one of that name, that are still asked for."""
    named = cases_of(state, name)
    return tuple(each for each in named if isinstance(state.cases[each], case.Sought))


def _returned(state: State, name: str) -> bool:
    return any(isinstance(state.cases[each], Returned) for each in cases_of(state, name))


def apply_request(state: State, act: Request, stamp: Stamp) -> State:
    """Return the state in which the request is filed, as the partner's next.

    Requests are counted by partner, so that a partner's numbers tell nothing of the others'
    (law 13). What it replaces is withdrawn with it.
    """
    if act.replaces is not None:
        why = Withdrawal(act.replaces, "replaced by an amended request")
        state = apply_withdrawal(state, why, stamp)
    number = state.filed_by.get(act.partner, 0) + 1
    state = replace(state, filed_by=state.filed_by.set(act.partner, number))
    name = newest(state, act.partner)
    filed = tuple(_cases(state, name, On(act, stamp)))
    names = tuple(each.dossier.id for each in filed)
    return replace(
        state,
        cases=state.cases.update({each.dossier.id: each for each in filed}),
        unjudged=(*state.unjudged, *names),
        requests=state.requests.set(name, names),
    )


def _cases(state: State, name: str, request: On[Request]) -> Iterator[Unjudged]:
    """Yield the cases of a request: `ukraine-3`, or `ukraine-3.1`; of a further supplier `…@GB`."""
    items = request.said.items
    for number in range(len(items)):
        one = name if len(items) == 1 else f"{name}.{number + 1}"
        for supplier in suppliers(state, items[number].article):
            case_name = one if supplier is None else f"{one}@{supplier}"
            yield Unjudged(Dossier(case_name, request, number, supplier))


def suppliers(state: State, article: str) -> tuple[str | None, ...]:
    """Return whose consent the uses of an article need: the record keeper's (None), and others'.

    Those are the suppliers of the article and of what it depends on that have offices here.
    """
    facts = state.article(article).facts
    named = {
        str(each)
        for key in ("suppliers", "dependency_suppliers")
        for each in _listed(facts.get(key))
    }
    return (None, *sorted(named & state.roster.suppliers))


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def check_withdrawal(state: State, act: Withdrawal) -> Refusal | None:
    """Only what is still asked for can be withdrawn."""
    if sought(state, act.case):
        return None
    stands = case.stands(state.case(cases_of(state, act.case)[0]))
    return Refusal("closed", f"`{act.case}` is {stands}, and not open")


def apply_withdrawal(state: State, act: Withdrawal, stamp: Stamp) -> State:
    """Return the state in which the case, or all that the request still asks for, is withdrawn."""
    for name in sought(state, act.case):
        dossier = state.cases[name].dossier
        taken = replace(dossier, withdrawals=(*dossier.withdrawals, On(act, stamp)))
        state = state.keep(Withdrawn(taken))
    return state


def end_user(state: State, asked: Asked) -> str | None:
    """Return the office of the end user that is named; None if none is, or it has none here."""
    found = state.offices.get(asked.end_user or "")
    if found is None or not found.end_user or found.partner != asked.partner:
        return None
    return found.office


def check_undertaking(state: State, act: Undertaking) -> Refusal | None:
    """Only in what is open, or authorized, is something undertaken: by the end user, if named."""
    found = state.case(act.case)
    if not isinstance(found, case.Open | case.Live):
        return Refusal(
            "closed", f"`{act.case}` is {case.stands(found)}, and nothing is undertaken in it"
        )
    asked = found.dossier.asked
    if asked.end_user is None or end_user(state, asked) is not None:
        return None
    return Refusal(
        "no-end-user",
        f"`{asked.end_user}`, the end user of `{act.case}`, has no office that could sign for it",
        f"sayso office open {asked.end_user} --partner {asked.partner} --end-user",
    )


def apply_undertaking(state: State, act: Undertaking, stamp: Stamp) -> State:
    """Return the state in which the undertaking is part of the case."""
    found = state.cases[act.case]
    given = (*found.dossier.undertakings, On(act, stamp))
    return state.keep(replace(found, dossier=replace(found.dossier, undertakings=given)))
