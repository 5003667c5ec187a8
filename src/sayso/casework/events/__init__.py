"""Everything that can stand on the record: one frozen class for each thing that happens.

An *act* is what a person says and signs. A *consequence* follows from the record by rule: nobody
signs it, and whoever replays the record computes it again and compares.

The class is the wire form: `sayso.wire` writes each field under its own name and leaves out what is
None. `KINDS` gives each class its kind, which names its payload type and its signature's namespace.
Acts come in areas, a file each; the module of casework that has an area's rules checks and applies
its acts.
"""

from collections.abc import Mapping

from sayso.casework.events import (
    asking,
    circumstances,
    decisions,
    duties,
    erasing,
    holdings,
    house,
    inquiry,
    knowing,
    lifetime,
    powers,
    review,
    rules,
    timekeeping,
    violations,
)
from sayso.casework.events.asking import Asking, Item, Request, Undertaking, Withdrawal
from sayso.casework.events.circumstances import (
    Assertion,
    Claim,
    Confidence,
    Retraction,
    Settlement,
    Telling,
    Vocabulary,
)
from sayso.casework.events.conditions import Condition, Phase, Since
from sayso.casework.events.decisions import (
    Code,
    Countersignature,
    Decision,
    Ratification,
    Ruling,
)
from sayso.casework.events.duties import (
    Acceptance,
    Breach,
    Change,
    Duty,
    Fulfilment,
    Reconsideration,
    UseReport,
    Variation,
)
from sayso.casework.events.erasing import Erasing, Erasure
from sayso.casework.events.holdings import (
    Delivery,
    EndUseCheck,
    Holding,
    Inventory,
    Loss,
)
from sayso.casework.events.house import (
    Adoption,
    Agreement,
    Appointment,
    Article,
    Clock,
    Enrolment,
    Founding,
    House,
    Opening,
    Relief,
    Rescission,
)
from sayso.casework.events.inquiry import (
    Answer,
    Comment,
    Hold,
    HoldRelease,
    Inquiry,
    Objection,
    Query,
)
from sayso.casework.events.knowing import (
    Clearance,
    Compartment,
    Debriefing,
    Knowing,
    Marking,
    Reading,
    Release,
)
from sayso.casework.events.lifetime import (
    Appeal,
    Lifetime,
    Reinstatement,
    Revocation,
    Surrender,
    Suspension,
)
from sayso.casework.events.powers import (
    Delegation,
    DelegationRevocation,
    KeyRevocation,
    Power,
    Powers,
    Recusal,
    Scope,
)
from sayso.casework.events.review import (
    Advice,
    Consolidation,
    Nature,
    Option,
    Outcome,
    Review,
    Risk,
)
from sayso.casework.events.rules import (
    Assent,
    Binding,
    Bound,
    Circumstances,
    Consequence,
    Does,
    Escalation,
    Expiry,
    Judgement,
    Lapse,
    Leg,
    Move,
    Overdue,
    Proof,
    Skipped,
    Unanswered,
    Unratified,
)
from sayso.casework.events.timekeeping import Calendar, Day, Hours, Shift, Timekeeping
from sayso.casework.events.violations import (
    Allegation,
    Closure,
    Finding,
    Freeze,
    Remedy,
    Violation,
)

__all__ = [
    "KINDS",
    "Acceptance",
    "Act",
    "Adoption",
    "Advice",
    "Agreement",
    "Allegation",
    "Answer",
    "Appeal",
    "Appointment",
    "Article",
    "Asking",
    "Assent",
    "Assertion",
    "Binding",
    "Bound",
    "Breach",
    "Calendar",
    "Change",
    "Circumstances",
    "Claim",
    "Clearance",
    "Clock",
    "Closure",
    "Code",
    "Comment",
    "Compartment",
    "Condition",
    "Confidence",
    "Consequence",
    "Consolidation",
    "Countersignature",
    "Day",
    "Debriefing",
    "Decision",
    "Delegation",
    "DelegationRevocation",
    "Delivery",
    "Does",
    "Duty",
    "EndUseCheck",
    "Enrolment",
    "Erasing",
    "Erasure",
    "Escalation",
    "Event",
    "Expiry",
    "Finding",
    "Founding",
    "Freeze",
    "Fulfilment",
    "Hold",
    "HoldRelease",
    "Holding",
    "Hours",
    "House",
    "Inquiry",
    "Inventory",
    "Item",
    "Judgement",
    "KeyRevocation",
    "Knowing",
    "Lapse",
    "Leg",
    "Lifetime",
    "Loss",
    "Marking",
    "Move",
    "Nature",
    "Objection",
    "Opening",
    "Option",
    "Outcome",
    "Overdue",
    "Phase",
    "Power",
    "Powers",
    "Proof",
    "Query",
    "Ratification",
    "Reading",
    "Reconsideration",
    "Recusal",
    "Reinstatement",
    "Release",
    "Relief",
    "Remedy",
    "Request",
    "Rescission",
    "Retraction",
    "Review",
    "Revocation",
    "Risk",
    "Ruling",
    "Scope",
    "Settlement",
    "Shift",
    "Since",
    "Skipped",
    "Surrender",
    "Suspension",
    "Telling",
    "Timekeeping",
    "Unanswered",
    "Undertaking",
    "Unratified",
    "UseReport",
    "Variation",
    "Violation",
    "Vocabulary",
    "Withdrawal",
    "kind_of",
]

Act = (
    House
    | Asking
    | Review
    | Ruling
    | Duty
    | Lifetime
    | Holding
    | Violation
    | Powers
    | Inquiry
    | Timekeeping
    | Telling
    | Knowing
    | Erasing
)
Event = Act | Consequence

KINDS: Mapping[str, type[Event]] = {
    **house.KINDS,
    **asking.KINDS,
    **review.KINDS,
    **decisions.KINDS,
    **duties.KINDS,
    **lifetime.KINDS,
    **holdings.KINDS,
    **violations.KINDS,
    **powers.KINDS,
    **inquiry.KINDS,
    **timekeeping.KINDS,
    **circumstances.KINDS,
    **knowing.KINDS,
    **erasing.KINDS,
    **rules.KINDS,
}
_KIND_OF: Mapping[type[Event], str] = {each: kind for kind, each in KINDS.items()}


def kind_of(event: Event) -> str:
    """Return the kind of `event`."""
    return _KIND_OF[type(event)]
