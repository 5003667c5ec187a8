"""What is said on a screen of receipts, cases and coverage."""

from collections.abc import Sequence

from sayso.casework import requests
from sayso.casework.events import (
    Acceptance,
    Advice,
    Answer,
    Appeal,
    Breach,
    Change,
    Comment,
    Condition,
    Consolidation,
    Countersignature,
    Decision,
    Event,
    Fulfilment,
    Objection,
    Query,
    Ratification,
    Reconsideration,
    Recusal,
    Reinstatement,
    Request,
    Revocation,
    Surrender,
    Suspension,
    Undertaking,
    UseReport,
    Variation,
    Withdrawal,
)
from sayso.cli.conditions import phrase
from sayso.cli.phrases import counted, inline, listed, quoted, span
from sayso.cli.sentences import event, request
from sayso.operations.perform import Receipt
from sayso.queries.coverage import By, Coverage, Lack
from sayso.queries.dossier import Again, Line, Said, Told
from sayso.queries.owed import Owed


def receipt(done: Receipt, follows: Sequence[Event] = (), about: Sequence[Line] = ()) -> str:
    """Return what was recorded, of what followed from it what is told, and where that stands."""
    lines = [f"Entry {done.index}: {event(done.said)}"]
    lines += [f"  so {event(each)}" for each in follows]
    lines += [f"  {stands(line)}" for line in about]
    lines.append(f"Recorded at {done.entry.recorded_at}; leaf {done.leaf}")
    return "\n".join(lines)


def cases_of(done: Receipt) -> tuple[str, ...]:  # noqa: PLR0911  # one line for each kind
    """Return the cases an act was about; none if it was about none."""
    match done.said:
        case Suspension() | Revocation() | Reinstatement() | Surrender() | Appeal():
            return (done.said.case,)
        case Advice() | Consolidation() | Decision() | Recusal() | Undertaking():
            return (done.said.case,)
        case Countersignature() | Ratification() | UseReport() | Fulfilment() | Acceptance():
            return (done.said.case,)
        case Breach() | Query() | Answer() | Comment() | Objection():
            return (done.said.case,)
        case Reconsideration() | Variation():
            return (done.said.case,)
        case Withdrawal():
            return requests.cases_of(done.state, done.said.case)
        case Request():
            return done.state.requests[requests.newest(done.state, done.said.partner)]
        case _:
            return ()


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
    "countersigning": "the countersignature of",
}


def dossier(told: Told) -> str:
    """Return a case as its reader may see it."""
    lines = [stands(told.line), f"  asked   {request(told.request)}"]
    if told.request.note is not None:
        lines += [f"          {text}" for text in quoted(told.request.note)]
    apart = told.legal
    lines += [line for each in told.history if each not in apart for line in _said(each)]
    if apart:
        lines.append("  legal advice, apart:")
        lines += [line for each in apart for line in _said(each)]
    for query in told.queries:
        lines.append(f"  {query.entry:>5}  {query.office} asks: {inline(query.question)}")
        lines += [] if query.answer is None else quoted(query.answer)
    lines += [_again(each) for each in told.again]
    if told.decision is not None:
        lines.append(f"  decided {told.decision.outcome}")
        if told.decision.window is not None:
            lines.append(f"          {counted(told.decision.uses)}, {span(told.decision.window)}")
        lines += [f"          on condition: {inline(each)}" for each in told.decision.conditions]
    lines += [f"  owed    {owes(each)}" for each in told.obligations]
    lines += [f"  told    {event(each)}" for each in told.reports]
    return "\n".join(lines)


def _again(each: Again) -> str:
    """Return in one line what was asked to be reconsidered, and what came of it."""
    answer = "" if each.answer is None else f"; {_ANSWERED[each.answer]}"
    asked = f"reconsider condition {each.obligation} ({inline(each.text)}): {inline(each.reasons)}"
    return f"  {each.entry:>5}  {asked}{answer}"


_ANSWERED = {
    Change.REWORD: "it has another wording",
    Change.END: "it has ended",
    Change.KEEP: "it is kept",
}


def _said(each: Said) -> list[str]:
    """Return what was said in a case: at which entry, when, by whom, and in their own words."""
    by = each.by if each.by is not None else "by rule"
    entry = "due" if each.entry is None else str(each.entry)
    lines = [f"  {entry:>5}  {each.at}  {by}: {event(each.said)}"]
    return lines + [f"         {text}" for text in _inner(each.said)]


def owes(each: Owed) -> str:
    """Return an obligation in one line: its number, what it wants, by when, and how it stands."""
    found = each.obligation
    due = "" if found.due is None else f", due {found.due}"
    return f"{found.number}. {inline(found.condition.text)}{due}: {found.standing.value}"


def _inner(said: Event) -> list[str]:  # noqa: PLR0911  # one line for each kind
    match said:
        case Advice():
            given = quoted(said.instructions or "")
            return quoted(said.reasons) + _conditions(said.conditions) + _headed(given)
        case Decision():
            return quoted(said.reasons) + _conditions(said.conditions)
        case Consolidation():
            return quoted(said.summary)
        case Countersignature() | Ratification() | Breach() | Appeal() | Reconsideration():
            return quoted(said.reasons)
        case Variation():
            worded = () if said.condition is None else (said.condition,)
            return quoted(said.reasons) + _conditions(worded)
        case Suspension() | Revocation() | Reinstatement():
            return quoted(said.reasons)
        case _:
            return []


def _conditions(conditions: Sequence[Condition]) -> list[str]:
    return [f"on condition: {phrase(each)}" for each in conditions]


def _headed(instructions: list[str]) -> list[str]:
    return ["instructions:", *instructions] if instructions else []


def coverage(answer: Coverage, reader: str = "office") -> str:
    """Return whether a use is covered, and why; to another reader, as far as it may know."""
    if not answer.others:
        return _consent(answer, reader)
    every = (answer, *answer.others)
    whole = "Covered, by every consent that it needs" if answer.covered else "Not covered"
    lines = [f"{_whose(each)}: {_consent(each, reader)}" for each in every]
    return "\n".join((f"{whole}:", *lines))


def _whose(answer: Coverage) -> str:
    ours = "The record keeper's consent" if answer.elsewhere else "Our own consent"
    return answer.supplier or ours


def _consent(answer: Coverage, reader: str) -> str:
    known = "" if reader == "office" else f" as far as {reader} may know"
    match answer.by:
        case By.POLICY:
            because = listed(answer.verdict.because)
            return f"Covered at {answer.at}{known}: permitted by {because}."
        case By.CONSENT:
            return f"Covered at {answer.at}: they consent."
        case None if answer.elsewhere:
            return f"Not covered at {answer.at}: they have not consented."
        case By.AUTHORIZATION if answer.window is not None:
            left = "" if answer.left == answer.uses else f" ({answer.left} left)"
            limits = f"{counted(answer.uses)}{left}, {span(answer.window)}"
            lines = [f"Covered at {answer.at}{known} by {answer.case}: {limits}."]
            lines += [f"  on condition: {phrase(each)}" for each in answer.conditions]
            return "\n".join(lines)
        case _:
            return f"Not covered at {answer.at}{known}: {_uncovered(answer)}"


_LACKS = {
    Lack.NOT_GRANTED: "is not granted.",
    Lack.EXHAUSTED: "is exhausted: every use granted was reported.",
    Lack.UNMET: "covers nothing before its conditions are met: see `sayso obligation list`.",
}


def _uncovered(answer: Coverage) -> str:
    verdict = answer.verdict
    if answer.held:
        return f"it is on hold{f' by {listed(answer.holds)}' if answer.holds else ''}."
    if answer.case is not None:
        return f"{answer.case}, for this use, {_LACKS[answer.lack or Lack.NOT_GRANTED]}"
    if verdict.conflict:
        return f"prohibited, since {listed(verdict.conflict)} would each decide."
    counts = (*verdict.because, *(f"{each} may apply" for each in verdict.possible))
    said = f"{verdict.outcome.value} ({listed(counts) or 'no clause permits it'})."
    if verdict.missing:
        said += f" Not known: {listed(verdict.missing)}."
    if verdict.decider is not None:
        said += f" It needs the decision of {verdict.decider}, and no grant covers it."
    return said
