"""May this entry go on the record, and what stands when it has: the centre of the program.

    judge(state, entry, atlas)  →  None, or the Refusal that says why not
    apply(state, entry)         →  the next state

An act is let onto the record if it is meant for this record and new to it (1), signed by an
enrolled key of the person who says it (2), theirs to do by an appointment at that moment (3), and
in order by the rules of the act (4). Operations ask `judge` before they write; whoever verifies the
record asks it again of every entry that stands there.
"""

from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import assert_never

from sayso.casework import (
    authority,
    circumstances,
    decisions,
    duties,
    erasing,
    facts,
    holdings,
    inquiry,
    knowing,
    known,
    lifetime,
    powers,
    registry,
    requests,
    review,
    sealing,
    timekeeping,
    verdicts,
    violations,
)
from sayso.casework import statement as statements
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Act,
    Advice,
    Asking,
    Consequence,
    Consolidation,
    Duty,
    Erasing,
    Founding,
    Holding,
    House,
    Inquiry,
    Knowing,
    Lifetime,
    Powers,
    Review,
    Ruling,
    Telling,
    Timekeeping,
    Violation,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.casework.timers import after as later
from sayso.casework.timers import rung
from sayso.dates import Instant
from sayso.errors import Untrue
from sayso.record import entry as entries
from sayso.record.cosignature import MLDSA44, CosignerKey
from sayso.record.entry import Entry
from sayso.record.note import VerifierKey
from sayso.record.signature import PublicKey
from sayso.replaced import replace

AHEAD = timedelta(minutes=5)
"""How far a signer's clock may run ahead of the record's."""


def judge(state: State, entry: Entry, atlas: facts.Atlas) -> Refusal | None:
    """Return why the act in `entry` may not stand next on the record; None if it may."""
    said = statements.read(entry)
    if isinstance(said.said, Consequence):
        return Refusal("not-an-act", f"a `{said.kind}` follows by rule and is said by nobody")
    if isinstance(said.said, Founding):
        return _founding(state, entry, said, said.said)
    by = str(said.by)
    return (
        _meant(state, entry, said)
        or sealing.refusal(said.said)
        or _signed(state, entry, by)
        or _said(state, said, said.said, stamp(state, entry, by), atlas)
    )


def _said(
    state: State, said: Statement, act: Act, mark: Stamp, atlas: facts.Atlas
) -> Refusal | None:
    """Return why what is said may not be, in words that who says it may hear."""
    by = str(mark.by)

    def judging(state: State) -> Refusal | None:
        return (
            _theirs(state, act, by, mark.at)
            or _current(state, said)
            or _in_order(state, act, mark, atlas)
        )

    return known.judged(state, act, judging, person=by, at=mark.at)


def stamp(state: State, entry: Entry, by: str | None) -> Stamp:
    """Return where `entry` stands when it is the next one."""
    return Stamp(state.size, entry.recorded_at, by, digest(entry))


@lru_cache(maxsize=64)  # judging, applying and settling one entry each ask for it
def digest(entry: Entry) -> str:
    """Return the SHA-256 of what is said in `entry`, in hexadecimal."""
    return sha256(entry.payload).hexdigest()


def _founding(state: State, entry: Entry, said: Statement, act: Founding) -> Refusal | None:
    if state.size:
        return Refusal("founded", "the record is founded already")
    if (said.by, said.record) != (act.registrar, act.origin):
        return Refusal("not-the-founder", "a founding is said by the registrar it names")
    return (
        _logged(act) or registry.check_founding(act) or _verifies(entry, PublicKey.parse(act.key))
    )


def _logged(act: Founding) -> Refusal | None:
    """Return why these are no keys of this record's log: of Ed25519, and of ML-DSA-44."""
    named = [VerifierKey.parse(act.log_key).name]
    if act.log_key_pq is not None:
        second = CosignerKey.parse(act.log_key_pq)
        if second.kind != MLDSA44:
            return Refusal("log-key", f"the second key of the log is of {second.algorithm}")
        named.append(second.name)
    if any(name != act.origin for name in named):
        return Refusal("log-key", f"a key of the log is not named `{act.origin}`")
    return None


def in_time(state: State, at: Instant) -> Refusal | None:
    """Return why nothing may be recorded at `at`: the record's time never goes back."""
    if state.at is None or state.at <= at:
        return None
    return Refusal(
        "back", f"the clock says {at}, and the last entry is of {state.at}", "look at the clock"
    )


def _meant(state: State, entry: Entry, said: Statement) -> Refusal | None:
    if said.record != state.origin:
        return Refusal(
            "other-record", f"it was signed for the record `{said.record}`, not `{state.origin}`"
        )
    earlier = state.statements.get(digest(entry))
    if earlier is not None:
        return Refusal("said-already", f"this very statement is entry {earlier} already")
    if said.at > entry.recorded_at + AHEAD:
        return Refusal("ahead", f"it is dated {said.at}, and now is {entry.recorded_at}")
    return None


def _signed(state: State, entry: Entry, by: str) -> Refusal | None:
    """Law 9: what is not signed by the person who says it was not said."""
    state.person(by)
    if len(entry.signatures) != 1:
        return Refusal("not-signed", "an act bears exactly one signature", "sign it")
    fingerprint = entry.signatures[0].keyid
    key = state.keys.get(fingerprint)
    if key is None:
        return Refusal("unknown-key", f"the key {fingerprint} is not enrolled")
    if key.person != by:
        return Refusal("another's-key", f"the key {fingerprint} is `{key.person}`'s, not `{by}`'s")
    if key.revoked is not None:
        return Refusal("revoked-key", f"the key {fingerprint} was revoked at {key.revoked.at}")
    return _verifies(entry, PublicKey.parse(key.line))


def _verifies(entry: Entry, key: PublicKey) -> Refusal | None:
    try:
        entries.check(entry, key)
    except Untrue as error:
        return Refusal("bad-signature", f"the signature does not fit: {error}")
    return None


def _theirs(state: State, act: Act, by: str, at: Instant) -> Refusal | None:
    answer = authority.may(state, act, person=by, at=at)
    return answer if isinstance(answer, Refusal) else None


def _current(state: State, said: Statement) -> Refusal | None:
    """Return the refusal of what was signed on an earlier verdict than the one that stands.

    A decision names its verdict; advice, which another could hold back and hand in later, is told
    by its date, and a consolidation by the advice that it cites as well.
    """
    if not isinstance(said.said, Advice | Consolidation):
        return None
    verdict = state.case(said.said.case).dossier.verdict
    if said.at >= verdict.stamp.at:
        return None
    return Refusal(
        "other-grounds",
        f"it is dated {said.at}, and `{said.said.case}` was judged anew at {verdict.stamp.at}",
        "read the case again and sign anew",
    )


def _in_order(  # noqa: C901, PLR0911, PLR0912  # one line for each area
    state: State, act: Act, mark: Stamp, atlas: facts.Atlas
) -> Refusal | None:
    if isinstance(act, House):
        return registry.check(state, act, mark, atlas)
    if isinstance(act, Asking):
        return requests.check(state, act, mark)
    if isinstance(act, Review):
        return review.check(state, act)
    if isinstance(act, Ruling):
        return decisions.check(state, act, mark)
    if isinstance(act, Duty):
        return duties.check(state, act, mark)
    if isinstance(act, Lifetime):
        return lifetime.check(state, act, mark)
    if isinstance(act, Holding):
        return holdings.check(state, act, mark)
    if isinstance(act, Violation):
        return violations.check(state, act)
    if isinstance(act, Powers):
        return powers.check(state, act, mark)
    if isinstance(act, Inquiry):
        return inquiry.check(state, act, mark)
    if isinstance(act, Timekeeping):
        return timekeeping.check(state, act)
    if isinstance(act, Telling):
        return circumstances.check(state, act, mark)
    if isinstance(act, Knowing):
        return knowing.check(state, act, mark)
    if isinstance(act, Erasing):
        return erasing.check(state, act)
    assert_never(act)


def apply(state: State, entry: Entry) -> State:
    """Return what stands once `entry` does. It must have been let onto the record.

    All that was due was recorded before an act is, so that what has rung until then is spent.
    """
    said = statements.read(entry)
    mark = stamp(state, entry, said.by)
    if said.by is not None and rung(state.timers, entry.recorded_at):
        state = replace(state, timers=later(state.timers, entry.recorded_at))
    after = _applied(erasing.handed_in_again(state, said.said), said, mark)
    return replace(
        after,
        size=state.size + 1,
        at=entry.recorded_at,
        statements=state.statements.set(mark.digest, mark.index),
    )


def _applied(  # noqa: C901, PLR0911, PLR0912  # one line for each area
    state: State, statement: Statement, mark: Stamp
) -> State:
    said = statement.said
    if isinstance(said, House):
        return registry.apply(state, said, mark)
    if isinstance(said, Asking):
        return requests.apply(state, said, mark)
    if isinstance(said, Review):
        return review.apply(state, said, mark)
    if isinstance(said, Ruling):
        return decisions.apply(state, said, mark)
    if isinstance(said, Duty):
        return duties.apply(state, said, mark)
    if isinstance(said, Lifetime):
        return lifetime.apply(state, said, mark)
    if isinstance(said, Holding):
        return holdings.apply(state, said, mark)
    if isinstance(said, Violation):
        return violations.apply(state, said, mark)
    if isinstance(said, Powers):
        return powers.apply(state, said, mark)
    if isinstance(said, Inquiry):
        return inquiry.apply(state, said, mark)
    if isinstance(said, Timekeeping):
        return timekeeping.apply(state, said)
    if isinstance(said, Telling):
        return circumstances.apply(state, said, mark)
    if isinstance(said, Knowing):
        return knowing.apply(state, said, mark)
    if isinstance(said, Erasing):
        return erasing.apply(state, said, mark)
    return verdicts.apply(state, said, mark)
