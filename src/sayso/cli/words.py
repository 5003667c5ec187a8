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
    Proof,
    Relief,
    Request,
    Withdrawal,
)
from sayso.casework.policies import parsed
from sayso.dates import Period
from sayso.operations.perform import Receipt
from sayso.queries.coverage import By, Coverage
from sayso.queries.dossier import Line, Told


def receipt(done: Receipt, line: Line | None, *, inside: bool = True) -> str:
    """Return what was recorded and where it stands; what followed from it, only to who is inside.

    A verdict names clauses and offices, which a partner may not know.
    """
    lines = [f"Entry {done.index}: {event(done.said)}"]
    if inside:
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
        case Proof():
            proven = listed(said.properties) or "no property was asked for"
            return f"what was proven of {said.policy} stands on the record: {proven}"
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
            return f"the office {said.office} ({inline(said.title)}) is opened, at rank {said.rank}"
        case Appointment():
            return f"{said.person} is appointed to {said.office} {span(said.term)}"
        case Relief():
            heir = "" if said.successor is None else f", and that of {said.successor} begins"
            return f"the term of {said.person} in {said.office} ends at {said.at}{heir}"
        case Article():
            return f"the article {said.article} ({inline(said.title)}) is registered"
        case Agreement():
            return f"the agreement {said.agreement} with {said.partner} is registered"
        case Adoption():
            policy = parsed(said.text)
            return f"the policy {policy.name} is adopted, in force {span(policy.in_force)}"
        case Request() | Withdrawal() | Advice() | Consolidation() | Decision():
            return _case_act(said)
        case _:
            assert_never(said)


def _case_act(said: Request | Withdrawal | Advice | Consolidation | Decision) -> str:
    match said:
        case Request():
            return request(said)
        case Withdrawal():
            return f"{said.case} is withdrawn: {inline(said.reason)}"
        case Advice():
            return f"{said.office} advises on {said.case}: {said.outcome.value}"
        case Consolidation():
            cites = listed(str(index) for index in said.cites)
            advice = f"the advice on {said.case} (entries {cites})"
            return f"{said.office} consolidates {advice}: {said.outcome.value}"
        case Decision():
            return f"{said.office} decides {said.case}: {said.outcome.value}"
        case _:
            assert_never(said)


def request(said: Request) -> str:
    """Return what is asked, in one sentence."""
    around = f" within {said.within_m} m" if said.within_m else ""
    return (
        f"{said.partner} asks for {counted(said.uses)} of {said.article} at "
        f"{inline(said.place)}{around}, for {inline(said.purpose)}, {span(said.window)}"
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
    if said.possible:
        words = f"{said.outcome}, because {listed(said.possible)} may apply"
        words += f" beside {listed(said.because)}" if said.because else ""
    if said.missing:
        words += f"; not known: {listed(said.missing)}"
    return f"{words}; route: {route(said.route)}" if said.route else words


def route(legs: Sequence[Leg]) -> str:
    """Return a route in one line."""
    return " → ".join(
        f"{_DOES[leg.does]} {listed(leg.offices)}" + (f" within {leg.within}" if leg.within else "")
        for leg in legs
    )


_DOES = {
    Does.ADVISE: "advice of",
    Does.CONSOLIDATE: "consolidation by",
    Does.DECIDE: "decision of",
}


def stands(line: Line) -> str:
    """Return where a case stands and whom it waits for."""
    waits = _WAITS.get(line.stage)
    if waits is None or not line.waits_for:
        return f"{line.case} is {line.stage}"
    return f"{line.case} waits for {waits} {listed(line.waits_for)}"


_WAITS = {
    "advising": "the advice of",
    "consolidating": "the consolidation by",
    "deciding": "the decision of",
}


def dossier(told: Told) -> str:
    """Return a case as its reader may see it."""
    lines = [stands(told.line), f"  asked   {request(told.request)}"]
    if told.request.note is not None:
        lines += [f"          {text}" for text in _quoted(told.request.note)]
    for each in told.history:
        by = each.by if each.by is not None else "by rule"
        entry = "due" if each.entry is None else str(each.entry)
        lines.append(f"  {entry:>5}  {each.at}  {by}: {event(each.said)}")
        lines += [f"         {text}" for text in _inner(each.said)]
    if told.decision is not None:
        lines.append(f"  decided {told.decision.outcome}")
        if told.decision.window is not None:
            lines.append(f"          {counted(told.decision.uses)}, {span(told.decision.window)}")
        lines += [f"          on condition: {inline(each)}" for each in told.decision.conditions]
    return "\n".join(lines)


def _inner(said: Event) -> list[str]:
    match said:
        case Advice() | Decision():
            return _quoted(said.reasons) + [f"on condition: {inline(e)}" for e in said.conditions]
        case Consolidation():
            return _quoted(said.summary)
        case _:
            return []


def _quoted(text: str) -> list[str]:
    """Return the lines of what somebody wrote, each marked as theirs."""
    return [f"│ {line}" for line in text.splitlines()] if text.strip() else []


def inline(text: str) -> str:
    """Return what somebody wrote, in one line: ends of lines are written out."""
    return text.replace("\n", "\\n")


def counted(uses: int | None) -> str:
    """Return how many uses."""
    return "one use" if uses == 1 else f"{uses} uses"


def span(window: Period) -> str:
    """Return a stretch of time in words."""
    until = "" if window.end is None else f" until {window.end}"
    return f"from {window.start}{until}"


def coverage(answer: Coverage, reader: str = "office") -> str:
    """Return whether a use is covered, and why; to another reader, as far as it may know."""
    known = "" if reader == "office" else f" as far as {reader} may know"
    match answer.by:
        case By.POLICY:
            because = listed(answer.verdict.because)
            return f"Covered at {answer.at}{known}: permitted by {because}."
        case By.AUTHORIZATION if answer.window is not None:
            limits = f"{counted(answer.uses)}, {span(answer.window)}"
            lines = [f"Covered at {answer.at}{known} by {answer.case}: {limits}."]
            lines += [f"  on condition: {inline(condition)}" for condition in answer.conditions]
            return "\n".join(lines)
        case _:
            return f"Not covered at {answer.at}{known}: {_uncovered(answer)}"


def _uncovered(answer: Coverage) -> str:
    verdict = answer.verdict
    if answer.case is not None:
        return f"{answer.case}, for this use, is not granted."
    if verdict.conflict:
        return f"prohibited, since {listed(verdict.conflict)} would each decide."
    counts = (*verdict.because, *(f"{each} may apply" for each in verdict.possible))
    said = f"{verdict.outcome.value} ({listed(counts) or 'no clause permits it'})."
    if verdict.missing:
        said += f" Not known: {listed(verdict.missing)}."
    if verdict.decider is not None:
        said += f" It needs the decision of {verdict.decider}, and no grant covers it."
    return said


def listed(names: Iterable[str]) -> str:
    """Return names with commas between."""
    return ", ".join(names)


WIDEST = 60


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    """Return rows under their heads, in columns; a cell too wide is cut, and says so."""
    if not rows:
        return f"No {heads[0].lower()} to show."
    shown = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in (heads, *shown)) for place in range(len(heads))]
    lines = (heads, tuple("─" * width for width in widths), *shown)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(text: str) -> str:
    plain = inline(text)
    return plain if len(plain) <= WIDEST else plain[: WIDEST - 1] + "…"
