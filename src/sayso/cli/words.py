"""What things are called on a screen: receipts, verdicts, cases and coverage in plain words."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Appointment,
    Article,
    Binding,
    Consolidation,
    Decision,
    Does,
    Enrolment,
    Event,
    Founding,
    Judgement,
    Leg,
    Move,
    Opening,
    Relief,
    Request,
    Withdrawal,
)
from sayso.casework.policies import parsed
from sayso.operations.perform import Receipt
from sayso.queries.coverage import By, Coverage
from sayso.queries.dossier import UNDER_REVIEW, Line, Told


def receipt(done: Receipt, line: Line | None) -> str:
    """Return what was recorded and where it stands; what followed from it, to whom it concerns."""
    lines = [f"Entry {done.index}: {event(done.said)}"]
    if line is None or line.stage != UNDER_REVIEW:
        lines += [f"  so {event(each)}" for each in done.follows]
    if line is not None:
        lines.append(f"  {stands(line)}")
    lines.append(f"Recorded at {done.entry.recorded_at}; leaf {done.leaf}")
    return "\n".join(lines)


def case_of(done: Receipt) -> str | None:
    """Return the case an act was about, if it was about one."""
    match done.said:
        case Withdrawal() | Advice() | Consolidation() | Decision():
            return done.said.case
        case Request():
            return next(each.case for each in done.follows if isinstance(each, Judgement))
        case _:
            return None


def event(said: Event) -> str:
    """Return one sentence for what stands in an entry."""
    match said:
        case Binding():
            names = listed(bound.policy for bound in said.policies) or "no policy"
            return f"these policies bind from here on: {names}"
        case Judgement():
            return f"{said.case} {_MOVED[said.move]}: {verdict(said)}"
        case _:
            return _act(said)


def _act(said: Act) -> str:  # noqa: C901, PLR0911  # one sentence for each kind of act
    match said:
        case Founding():
            return f"the record {said.origin} is founded, with {said.registrar} as registrar"
        case Enrolment():
            return f"a key of {said.person} is enrolled"
        case Opening():
            return f"the office {said.office} ({said.title}) is opened, at rank {said.rank}"
        case Appointment():
            return f"{said.person} is appointed to {said.office} for {said.term}"
        case Relief():
            return f"the term of {said.person} in {said.office} ends at {said.at}"
        case Article():
            return f"the article {said.article} ({said.title}) is registered"
        case Agreement():
            return f"the agreement {said.agreement} with {said.partner} is registered"
        case Adoption():
            policy = parsed(said.text)
            return f"the policy {policy.name} is adopted, in force {policy.in_force}"
        case Request() | Withdrawal() | Advice() | Consolidation() | Decision():
            return _case_act(said)
        case _:
            assert_never(said)


def _case_act(said: Request | Withdrawal | Advice | Consolidation | Decision) -> str:
    match said:
        case Request():
            return request(said)
        case Withdrawal():
            return f"{said.case} is withdrawn: {said.reason}"
        case Advice():
            return f"{said.office} advises on {said.case}: {said.outcome.value}"
        case Consolidation():
            cites = listed(str(index) for index in said.cites)
            return f"{said.office} consolidates the advice (entries {cites}): {said.outcome.value}"
        case Decision():
            return f"{said.office} decides {said.case}: {said.outcome.value}"
        case _:
            assert_never(said)


def request(said: Request) -> str:
    """Return what is asked, in one sentence."""
    around = f" within {said.within_m} m" if said.within_m else ""
    uses = "one use" if said.uses == 1 else f"{said.uses} uses"
    return (
        f"{said.partner} asks for {uses} of {said.article} at {said.place}{around}, "
        f"for {said.purpose}, {said.window}"
    )


_MOVED = {
    Move.FILE: "is judged",
    Move.REROUTE: "is judged anew and re-routed",
    Move.RETURN: "is returned, since the policy changed",
    Move.SUSPEND: "is suspended, since the policy changed",
    Move.REVOKE: "is revoked, since the policy changed",
}


def verdict(said: Judgement) -> str:
    """Return the verdict, the clauses that say so, and the route."""
    words = f"{said.outcome}, because of {listed(said.because) or 'no clause that permits it'}"
    if said.missing:
        words += f"; not known: {listed(said.missing)}"
    return f"{words}; route: {route(said.route)}" if said.route else words


def route(legs: Sequence[Leg]) -> str:
    """Return a route in one line."""
    return " → ".join(f"{_DOES[leg.does]} {listed(leg.offices)}" for leg in legs)


_DOES = {
    Does.ADVISE: "advice of",
    Does.CONSOLIDATE: "consolidation by",
    Does.DECIDE: "decision of",
}


def stands(line: Line) -> str:
    """Return where a case stands and whom it waits for."""
    name = f"{line.case} is {line.stage}"
    return f"{name}; it waits for {listed(line.waits_for)}" if line.waits_for else name


def dossier(told: Told) -> str:
    """Return a case as its reader may see it."""
    lines = [stands(told.line), f"  asked   {request(told.request)}"]
    for each in told.history:
        by = each.by if each.by is not None else "by rule"
        lines.append(f"  {each.entry:>5}  {each.at}  {by}: {event(each.said)}")
        lines += [f"         {text}" for text in _inner(each.said)]
    if told.decision is not None:
        lines.append(f"  decided {told.decision.outcome}")
        if told.decision.window is not None:
            lines.append(f"          {told.decision.uses} uses within {told.decision.window}")
        lines += [f"          on condition: {each}" for each in told.decision.conditions]
    return "\n".join(lines)


def _inner(said: Event) -> list[str]:
    match said:
        case Advice() | Decision():
            conditions = [f"on condition: {each}" for each in said.conditions]
            return [said.reasons, *conditions] if said.reasons else conditions
        case Consolidation():
            return [said.summary] if said.summary else []
        case _:
            return []


def coverage(answer: Coverage) -> str:
    """Return whether a use is covered, and why."""
    because = listed(answer.verdict.because) or "no clause permits it"
    match answer.by:
        case By.POLICY:
            return f"Covered at {answer.at}: permitted by {because}."
        case By.AUTHORIZATION:
            uses = "one use" if answer.uses == 1 else f"{answer.uses} uses"
            limits = [f"Covered at {answer.at} by {answer.case}: {uses} within {answer.window}."]
            limits += [f"  on condition: {condition}" for condition in answer.conditions]
            return "\n".join(limits)
        case None:
            outcome = answer.verdict.outcome.value
            who = answer.verdict.decider
            asks = f" It needs the decision of {who}, and no grant covers it." if who else ""
            return f"Not covered at {answer.at}: {outcome} ({because}).{asks}"
        case _:
            assert_never(answer.by)


def listed(names: Iterable[str]) -> str:
    """Return names with commas between."""
    return ", ".join(names)


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    """Return rows under their heads, in columns."""
    if not rows:
        return f"No {heads[0].lower()} is on the record."
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    lines = (heads, tuple("─" * width for width in widths), *rows)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
