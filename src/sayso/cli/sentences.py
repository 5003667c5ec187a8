"""One sentence for each thing that can stand on the record."""

from collections.abc import Sequence
from typing import assert_never

from sayso.casework.events import (
    Acceptance,
    Adoption,
    Advice,
    Agreement,
    Appeal,
    Appointment,
    Article,
    Asking,
    Assent,
    Assertion,
    Binding,
    Bound,
    Breach,
    Change,
    Circumstances,
    Clearance,
    Compartment,
    Consequence,
    Consolidation,
    Countersignature,
    Debriefing,
    Decision,
    Does,
    Duty,
    Enrolment,
    Erasing,
    Escalation,
    Event,
    Expiry,
    Founding,
    Fulfilment,
    Holding,
    House,
    Inquiry,
    Item,
    Judgement,
    Knowing,
    Lapse,
    Leg,
    Lifetime,
    Marking,
    Move,
    Nature,
    Opening,
    Overdue,
    Powers,
    Proof,
    Ratification,
    Reading,
    Reconsideration,
    Reinstatement,
    Release,
    Relief,
    Request,
    Rescission,
    Retraction,
    Review,
    Revocation,
    Ruling,
    Settlement,
    Skipped,
    Surrender,
    Suspension,
    Telling,
    Timekeeping,
    Unanswered,
    Undertaking,
    Unratified,
    UseReport,
    Variation,
    Violation,
    Vocabulary,
    Withdrawal,
)
from sayso.cli import beside, keeping
from sayso.cli.phrases import counted, inline, listed, span
from sayso.policy.document import heading
from sayso.wire import dump


def event(said: Event) -> str:  # noqa: C901, PLR0911, PLR0912  # one line for each area
    """Return one sentence for what stands in an entry."""
    if isinstance(said, House):
        return _house(said)
    if isinstance(said, Asking):
        return _asking(said)
    if isinstance(said, Review):
        return _review(said)
    if isinstance(said, Ruling):
        return _ruling(said)
    if isinstance(said, Duty):
        return _duty(said)
    if isinstance(said, Lifetime):
        return _lifetime(said)
    if isinstance(said, Holding):
        return keeping.holding(said)
    if isinstance(said, Violation):
        return keeping.violation(said)
    if isinstance(said, Powers):
        return beside.powers(said)
    if isinstance(said, Inquiry):
        return beside.inquiry(said)
    if isinstance(said, Timekeeping):
        return f"{said.office} works by a calendar in {said.zone}"
    if isinstance(said, Telling):
        return _telling(said)
    if isinstance(said, Knowing):
        return _knowing(said)
    if isinstance(said, Erasing):
        texts = "one enclosure" if len(said.digests) == 1 else f"{len(said.digests)} enclosures"
        return f"{said.office} erases {texts}: {inline(said.basis)}"
    return _follows(said)


def _house(said: House) -> str:  # noqa: C901, PLR0911  # one sentence for each kind of act
    match said:
        case Founding():
            return f"the record {said.origin} is founded, with {said.registrar} as registrar"
        case Enrolment():
            return f"a key of {said.person} is enrolled"
        case Opening():
            return f"the office {said.office} ({inline(said.title)}) is opened, at rank {said.rank}"
        case Appointment():
            acts = "to act in" if said.acting else "to"
            return f"{said.person} is appointed {acts} {said.office} {span(said.term)}"
        case Relief():
            heir = "" if said.successor is None else f", and that of {said.successor} begins"
            return f"the term of {said.person} in {said.office} ends at {said.at}{heir}"
        case Article():
            return f"the article {said.article} ({inline(said.title)}) is registered"
        case Agreement():
            return f"the agreement {said.agreement} with {said.partner} is registered"
        case Adoption():
            name, in_force = heading(said.text)
            return f"the policy {name} is adopted, in force {span(in_force)}"
        case Rescission():
            return f"{said.office} rescinds the policy {said.policy}: {inline(said.reasons)}"
        case _:
            assert_never(said)


def _asking(said: Asking) -> str:
    match said:
        case Request():
            return request(said)
        case Withdrawal():
            return f"{said.case} is withdrawn: {inline(said.reason)}"
        case Undertaking():
            return f"in {said.case} it is undertaken: {inline(said.text)}"
        case _:
            assert_never(said)


def request(said: Request) -> str:
    """Return what is asked, in one sentence."""
    items = "; ".join(_item(each) for each in said.items)
    return f"{said.partner} asks for {items}, for {inline(said.purpose)}, {span(said.window)}"


def _item(said: Item) -> str:
    around = f" within {said.within_m} m" if said.within_m else ""
    unit = f" by {said.end_user}" if said.end_user else ""
    return f"{counted(said.uses)} of {said.article} at {inline(said.place)}{around}{unit}"


def _review(said: Review) -> str:
    match said:
        case Advice():
            legal = "legally " if said.nature is Nature.LEGAL else ""
            risk = "" if said.risk is None else f", {said.risk.value} risk"
            codes = f" ({listed(said.codes)})" if said.codes else ""
            advice = f"{said.outcome.value}{risk}{codes}"
            return f"{_speaking(said)} advises {legal}on {said.case}: {advice}"
        case Consolidation():
            cites = listed(str(index) for index in said.cites)
            advice = f"the advice on {said.case} (entries {cites})"
            against = listed(str(index) for index in said.dissents)
            dissent = f"; against it {against}" if against else ""
            return f"{_speaking(said)} consolidates {advice}: {said.outcome.value}{dissent}"
        case _:
            assert_never(said)


def _speaking(said: Advice | Consolidation | Decision) -> str:
    """Return who speaks: the office, or the one above that does in its place."""
    return said.office if said.superior is None else f"{said.superior}, in place of {said.office},"


def _ruling(said: Ruling) -> str:
    match said:
        case Decision():
            urgent = said.emergency
            at_once = "" if urgent is None else f" at once, in an emergency ({inline(urgent)})"
            paper = "" if said.made_at is None else f", on paper at {said.made_at}"
            return f"{_speaking(said)} decides {said.case}{at_once}: {said.outcome.value}{paper}"
        case Countersignature():
            does = "countersigns" if said.upheld else "objects to"
            return f"{said.office} {does} the decision on {said.case}"
        case Ratification():
            does = "ratifies" if said.upheld else "does not ratify"
            return f"{said.office} {does} the emergency decision on {said.case}"
        case _:
            assert_never(said)


def _lifetime(said: Lifetime) -> str:
    match said:
        case Suspension():
            return f"{said.office} suspends {said.case}"
        case Revocation():
            return f"{said.office} revokes {said.case}"
        case Reinstatement():
            return f"{said.office} reinstates {said.case}"
        case Surrender():
            return f"what is left of {said.case} is surrendered: {inline(said.reason)}"
        case Appeal():
            return f"an appeal is made on {said.case}: {inline(said.reasons)}"
        case _:
            assert_never(said)


def _duty(said: Duty) -> str:  # one sentence for each kind of act
    match said:
        case UseReport():
            return _report(said)
        case Fulfilment():
            return f"obligation {said.obligation} of {said.case} is said to be met"
        case Acceptance():
            return f"{said.office} accepts that obligation {said.obligation} of {said.case} is met"
        case Breach():
            return f"{said.office} finds obligation {said.obligation} of {said.case} breached"
        case Reconsideration():
            return f"condition {said.obligation} of {said.case} is asked to be reconsidered"
        case Variation():
            does = _CHANGES[said.change]
            return f"{said.office} {does} condition {said.obligation} of {said.case}"
        case _:
            assert_never(said)


_CHANGES = {Change.REWORD: "rewords", Change.END: "ends", Change.KEEP: "keeps"}


def _report(said: UseReport) -> str:
    if said.used_at is None:
        return f"no further use of {said.case} is reported"
    serials = f" ({listed(map(inline, said.serials))})" if said.serials else ""
    where = f" at {inline(said.place)}" if said.place is not None else ""
    return f"{counted(said.uses)} of {said.case}{serials}{where} at {said.used_at} is reported"


def _telling(said: Telling) -> str:
    match said:
        case Vocabulary():
            return f"{said.office} adds facts, to be asserted by {listed(said.asserted_by)}"
        case Assertion():
            value = dump(said.value).decode()
            sure = f"with {said.confidence.value} confidence, from {inline(said.source)}"
            return f"{said.office} asserts {said.fact} = {value} {span(said.holds)}, {sure}"
        case Retraction():
            return f"{said.office} takes back entry {said.assertion}: {inline(said.reasons)}"
        case Settlement():
            value = dump(said.value).decode()
            return f"{said.office} settles {said.fact} = {value} {span(said.holds)}"
        case _:
            assert_never(said)


def _knowing(said: Knowing) -> str:
    match said:
        case Compartment():
            return f"the compartment {said.compartment} ({inline(said.title)}) is opened"
        case Clearance():
            return f"{said.person} is cleared for {said.compartment} {span(said.term)}"
        case Debriefing():
            return f"{said.person} is cleared for {said.compartment} until {said.at}"
        case Marking():
            what = said.case or said.policy or f"entry {said.entry}"
            return f"{what} is kept in {said.compartment}"
        case Reading():
            return f"{listed(said.compartments)} is read in {said.case}: {inline(said.purpose)}"
        case Release():
            about = said.policy or said.case
            return f"{said.office} releases to {said.to}, of {about}: {inline(said.text)}"
        case _:
            assert_never(said)


def _follows(said: Consequence) -> str:  # noqa: C901, PLR0911, PLR0912  # one sentence for each kind
    match said:
        case Proof():
            proven = listed(said.properties) or "no property was asked for"
            return f"what was proven of {said.policy} stands on the record: {proven}"
        case Binding():
            names = listed(map(_bound, said.policies)) or "no policy"
            kept = listed(map(_bound, said.retained or ()))
            return f"these policies bind from here on: {names}" + (
                f"; and what they keep goes on under {kept}" if kept else ""
            )
        case Circumstances():
            known = listed(f"{name} = {dump(value).decode()}" for name, value in said.facts.items())
            open_ = f"; in conflict: {listed(said.conflicting)}" if said.conflicting else ""
            return f"these circumstances are known from here on: {known or 'none'}{open_}"
        case Judgement():
            return f"{said.case} {_MOVED[said.move]}: {verdict(said)}"
        case Escalation():
            to = "" if said.to is None else f", and {said.to} is told"
            return f"the time of {said.office} for {said.case} is over{to}"
        case Unanswered():
            return f"{said.case} goes on without the advice of {said.office}, whose time is over"
        case Assent():
            how = _ASSENT[said.consent]
            return f"{said.case} is granted {how} of {said.office}: {counted(said.uses)}"
        case Expiry():
            return f"{said.case} expires: the time that was asked for is over"
        case Lapse():
            return f"{said.case} lapses: its window is over"
        case Skipped():
            return f"{said.case} was decided at once, past {listed(said.offices)}"
        case Unratified():
            return f"{said.case} was not ratified in time: the grant ends"
        case Overdue():
            return f"obligation {said.obligation} of {said.case} is overdue"
        case _:
            assert_never(said)


_ASSENT = {
    "no-objection": "by the silence",
    "notification": "on notification",
    "standing": "by the standing consent",
}

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


def _bound(policy: Bound) -> str:
    """Return a policy by its name, and of clauses with dates of their own those in force."""
    if policy.clauses is None:
        return policy.policy
    return f"{policy.policy} (with {listed(policy.clauses) or 'none'} of its dated clauses)"
