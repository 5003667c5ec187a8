"""What a policy keeps, and what begins or ends within one: transitions that hold, and dates."""

from dataclasses import replace
from typing import Any

import pytest

from sayso.casework import case, verdicts
from sayso.casework.events import (
    Adoption,
    Appeal,
    Appointment,
    Assertion,
    Confidence,
    Opening,
    Reinstatement,
    Rescission,
    Suspension,
    UseReport,
    Vocabulary,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.operations.perform import perform
from sayso.queries.brief import brief
from sayso.queries.coverage import By, Coverage, Lack, Use, coverage
from sayso.queries.disclosure import OFFICE, Reader, judging
from sayso.queries.impact import without
from tests.casework.silence import SILENT, to_decide
from tests.casework.texts import advises, asks, decides, refuses
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

TALKS = """
circumstances:
  talks: {type: bool, description: talks with the other side are being held}
"""


def text(  # noqa: PLR0913  # what a policy is made of
    name: str,
    clause: str,
    *,
    issuer: str = OWNER,
    keeps: str = "",
    follows: str = "",
    since: str = "2025-01-01",
    until: str = "",
    harsh: bool = False,
    released: bool = False,
) -> str:
    """Return a policy of one clause; `keeps` names what its transition keeps, if anything.

    What it does not keep it suspends and routes anew, or, if it is `harsh`, revokes and returns.
    """
    pending = "keep" if "pending" in keeps else "return" if harsh else "reroute"
    permits = "keep" if "permits" in keeps else "revoke" if harsh else "suspend"
    supersedes = f"supersedes: {follows}\n" if follows else ""
    ends = f", until: {until}T00:00:00Z" if until else ""
    policy, _, version = name.partition("@")
    return (
        f"policy: {policy}\nversion: {version}\ntitle: {name}\nissuer: {issuer}\n"
        f"instrument: a memorandum\nin_force: {{from: {since}T00:00:00Z{ends}}}\n"
        f"{'releasable_to: [public]' if released else 'releasable_to: []'}\n"
        f"{supersedes}transition: {{pending: {pending}, permits: {permits}}}\n"
        f"clauses:\n  - {{id: one, {clause}}}\n{ROUTES if 'refer' in clause else ''}"
    )


ROUTES = f"""routes:
  short:
    - {{advise: [europe-desk]}}
    - {{decide: {SECRETARY}}}
  shorter:
    - {{decide: {SECRETARY}}}
"""
ALL = "when: 'use.count > 0', "
RU, UA = ("when: 'place.touches(\"RU\")', ", "when: 'place.touches(\"UA\")', ")
QUIET = "when: 'circumstances.talks', "
JUNE = "in_force: {from: 2025-06-10T00:00:00Z, until: 2025-06-20T00:00:00Z}"
BOTH = "pending permits"
KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


def stage(house: House, name: str = "ukraine-1") -> str:
    """Return the stage of a case."""
    return case.name(house.state.cases[name])


def covered(house: House, place: str = "Kursk") -> Coverage:
    """Return whether the use is covered now, with what time has brought about."""
    state = verdicts.foreseen(house.state, at=house.now, atlas=Table())
    return coverage(state, replace(KURSK, place=place), at=house.now, atlas=Table())


def granted(house: House, clause: str = f"{ALL}refer: shorter") -> None:
    """Let the Secretary grant a use at Kursk by a policy of the policy owner's."""
    house.do(OWNER, Adoption(text("fires@1", clause)))
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))


def by_owner(name: str, clause: str, **more: Any) -> Adoption:
    """Return the adoption of a policy of the policy owner's."""
    return Adoption(text(name, clause, **more))


def by_secretary(name: str, clause: str, **more: Any) -> Adoption:
    """Return the adoption of a policy of the Secretary's."""
    return Adoption(text(name, clause, issuer=SECRETARY, **more))


def on(house: House, day: str) -> None:
    """Let it be the beginning of a day."""
    house.now = Instant.parse(f"{day}T00:00:00Z")


def test_a_grant_that_a_policy_keeps_stands_whatever_else_changes(house: House) -> None:
    granted(house)
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true", keeps="permits"))
    assert (stage(house), covered(house).case) == ("granted", "ukraine-1")
    house.do(SECRETARY, by_secretary("elsewhere@1", f"{UA}prohibit: true"))
    assert (stage(house), covered(house).case) == ("granted", "ukraine-1")
    house.do(SECRETARY, Rescission("elsewhere@1", SECRETARY, "no more"))
    assert (stage(house), covered(house).case) == ("granted", "ukraine-1")
    house.do(LIAISON, asks())
    assert stage(house, "ukraine-2") == "prohibited", "it keeps what there was, and nothing new"


def test_what_replaces_the_policy_of_a_grant_and_keeps_it_leaves_it_to_the_old_one(
    house: House,
) -> None:
    granted(house)
    house.do(
        SECRETARY, by_secretary("fires@2", f"{UA}permit: true", keeps="permits", follows="fires@1")
    )
    assert (stage(house), covered(house).covered) == ("granted", True)
    house.do(SECRETARY, by_secretary("other@1", f"{UA}refer: short"))
    assert (stage(house), covered(house).covered) == ("granted", True)


@pytest.mark.parametrize("keeps", [0, 1, 2])
def test_a_policy_that_keeps_nothing_ends_what_those_before_it_kept(
    house: House, keeps: int
) -> None:
    granted(house)
    for number in range(2, 2 + keeps):
        kept = by_secretary(
            f"fires@{number}", f"{RU}prohibit: true", keeps="permits", follows=f"fires@{number - 1}"
        )
        house.do(SECRETARY, kept)
        assert (stage(house), covered(house).covered) == ("granted", True)
    last = by_secretary(f"fires@{2 + keeps}", f"{UA}permit: true", follows=f"fires@{1 + keeps}")
    house.do(SECRETARY, last)
    assert (stage(house), covered(house).covered) == ("suspended", False)


def test_a_grant_that_is_kept_still_answers_to_the_policy_it_was_decided_under(
    house: House,
) -> None:
    house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk",)))
    says(house, talks=False)
    granted(house, f"{QUIET}prohibit: true}}\n  - {{id: two, {ALL}refer: shorter")
    kept = by_secretary("fires@2", f"{ALL}refer: short", keeps="permits", follows="fires@1")
    house.do(SECRETARY, kept)
    assert (stage(house), covered(house).covered) == ("granted", True)
    says(house, talks=True)
    assert (stage(house), covered(house).covered) == ("suspended", False)


def says(house: House, *, talks: bool) -> None:
    """Let an office assert whether talks are under way."""
    house.later()
    holds = Period(house.now)
    house.do(
        "europe-desk", Assertion("europe-desk", "talks", talks, "a cable", holds, Confidence.HIGH)
    )


def test_a_case_that_a_policy_keeps_open_is_decided_under_those_before_it(house: House) -> None:
    house.do(OWNER, Adoption(text("fires@1", f"{ALL}refer: short")))
    house.do(LIAISON, asks())
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true", keeps="pending"))
    house.do(SECRETARY, by_secretary("elsewhere@1", f"{UA}prohibit: true"))
    assert stage(house) == "advising"
    assert brief(house.state, "ukraine-1", at=house.now).keeping == ("no@1",)
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(SECRETARY, Rescission("elsewhere@1", SECRETARY, "no more"))
    assert (stage(house), covered(house).case) == ("granted", "ukraine-1")


def test_what_keeps_open_cases_but_no_grants_leaves_alone_what_was_open(house: House) -> None:
    """What was granted before it took effect is suspended, what was open then stands."""
    granted(house)
    house.do(LIAISON, asks())
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true", keeps="pending"))
    house.do(SECRETARY, decides(house, "ukraine-2"))
    assert (stage(house), stage(house, "ukraine-2")) == ("suspended", "granted")
    house.do(SECRETARY, by_secretary("elsewhere@1", f"{UA}prohibit: true"))
    assert (stage(house, "ukraine-2"), covered(house).case) == ("granted", "ukraine-2")


def test_what_was_permitted_by_rule_and_is_kept_covers_its_uses(house: House) -> None:
    house.do(OWNER, Adoption(text("fires@1", f"{ALL}permit: true")))
    house.do(LIAISON, asks())
    assert (stage(house), covered(house).by) == ("permitted", By.POLICY)
    house.do(
        SECRETARY,
        by_secretary("fires@2", f"{ALL}refer: short", keeps="permits", follows="fires@1"),
    )
    answer = covered(house)
    assert (stage(house), answer.by, answer.case) == ("permitted", By.AUTHORIZATION, "ukraine-1")
    assert (answer.uses, answer.window) == (1, asks().window)
    assert not covered(house, "Dzhankoi").covered, "nobody asked for it"
    house.do(OWNER, Suspension("ukraine-1", OWNER, "talks are on"))
    assert not covered(house).covered


def test_a_refusal_is_appealed_under_the_policies_of_the_day(house: House) -> None:
    """To be kept is for what is under review; an appeal is judged anew."""
    house.do(OWNER, Adoption(text("fires@1", f"{ALL}refer: shorter")))
    house.do(LIAISON, asks())
    kept = by_secretary("fires@2", f"{ALL}refer: short", keeps="pending", follows="fires@1")
    house.do(SECRETARY, kept)
    assert stage(house) == "deciding"
    house.do(SECRETARY, refuses(house, "ukraine-1"))
    house.do(LIAISON, Appeal("ukraine-1", "there is more to say"))
    assert stage(house) == "advising"


def test_nothing_is_planted_between_a_verdict_and_the_decision_on_it(house: House) -> None:
    """Decision 8: a grant answers to the policies that the verdict names which was signed."""
    house.do(OWNER, by_owner("fires@1", f"{ALL}refer: shorter"))
    house.do(LIAISON, asks())
    later = f"{UA}prohibit: true}}\n  - {{id: two, {RU}prohibit: true, {JUNE}"
    house.do(OWNER, by_owner("bomb@1", later, harsh=True))
    house.do(SECRETARY, decides(house, "ukraine-1"))
    on(house, "2025-06-10")
    house.do(LIAISON, asks())
    assert (stage(house), stage(house, "ukraine-2")) == ("granted", "prohibited")
    assert covered(house).covered


# --- what was over stays over --------------------------------------------------------------------


def test_what_a_policy_took_the_place_of_is_not_brought_back_by_what_it_keeps(
    house: House,
) -> None:
    """A policy keeps the cases that it finds, and those filed when it is over find nothing."""
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true"))
    follows = by_owner(
        "fires@2", f"{UA}permit: true", keeps=BOTH, follows="fires@1", until="2025-06-02"
    )
    house.do(OWNER, follows)
    on(house, "2025-06-20")
    house.do(OWNER, by_owner("other@1", f"{ALL}permit: true"))
    house.do(LIAISON, asks())
    assert stage(house) == "permitted"
    house.do(OWNER, by_owner("other@2", f"{UA}permit: true", follows="other@1", harsh=True))
    assert (stage(house), covered(house).covered) == ("revoked", False)


def test_a_dead_policy_of_a_lower_office_revokes_no_grant(house: House) -> None:
    """Law 15."""
    house.do(OWNER, by_owner("gate@1", f"{RU}prohibit: true", harsh=True))
    over = by_owner("gate@2", f"{UA}permit: true", follows="gate@1", keeps=BOTH, until="2025-06-02")
    house.do(OWNER, over)
    house.do(SECRETARY, by_secretary("statute@1", f"{ALL}refer: shorter"))
    on(house, "2025-06-05")
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(OWNER, by_owner("trigger@1", f"{UA}permit: true", keeps=BOTH))
    assert (stage(house), covered(house).covered) == ("granted", True)


def test_a_policy_superseded_before_it_began_binds_nothing_that_is_kept(house: House) -> None:
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true"))
    house.do(LIAISON, asks())
    house.do(OWNER, by_owner("gate@1", f"{RU}prohibit: true", since="2025-06-10"))
    house.do(OWNER, by_owner("gate@2", f"{UA}prohibit: true", keeps=BOTH, follows="gate@1"))
    on(house, "2025-06-11")
    house.do(OWNER, by_owner("trigger@1", f"{UA}prohibit: true"))
    assert (stage(house), covered(house).by) == ("permitted", By.POLICY)


def test_a_policy_rescinded_before_it_began_takes_the_place_of_none(house: House) -> None:
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true"))
    house.do(LIAISON, asks())
    coming = by_owner("fires@2", f"{UA}permit: true", follows="fires@1", since="2025-06-10")
    house.do(OWNER, coming)
    house.later()
    house.do(OWNER, Rescission("fires@2", OWNER, "not after all"))
    on(house, "2025-06-11")
    house.do(LIAISON, asks())
    assert [each.policy for each in house.state.binding] == ["fires@1"]
    assert (stage(house), stage(house, "ukraine-2")) == ("permitted", "permitted")


@pytest.mark.parametrize("ending", ["over", "rescinded", "clause"])
@pytest.mark.parametrize("asked", ["permitted", "granted", "deciding"])
def test_what_is_kept_is_so_as_long_as_the_policies_before_are_in_force(
    house: House, asked: str, ending: str
) -> None:
    """It moves on the day on which they end, or a clause of theirs begins."""
    says_so = f"{ALL}{'permit: true' if asked == 'permitted' else 'refer: shorter'}"
    if ending == "clause":
        says_so += f"}}\n  - {{id: two, {RU}prohibit: true, {JUNE}"
    first = text("fires@1", says_so, until="2025-06-10" if ending == "over" else "")
    house.do(OWNER, Adoption(first))
    house.do(LIAISON, asks())
    if asked == "granted":
        house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(SECRETARY, by_secretary("fires@2", f"{UA}refer: short", keeps=BOTH, follows="fires@1"))
    assert [each.policy for each in house.state.retained] == ["fires@1"]
    assert (stage(house), covered(house).covered) == (asked, asked != "deciding")
    signed = house.says(SECRETARY, decides(house, "ukraine-1")) if asked == "deciding" else None
    on(house, "2025-06-10")
    if ending == "rescinded":
        moved = without(house.state, "fires@1", reader=OFFICE, at=house.now, atlas=Table())
        assert [each.case for each in moved] == ["ukraine-1"]
        house.do(SECRETARY, Rescission("fires@1", SECRETARY, "enough"))
    assert not covered(house).covered
    if signed is not None and ending != "rescinded":
        assert isinstance(perform(house.desk, signed), Refusal)
    house.do(LIAISON, asks())
    assert stage(house) == ("prohibited" if asked == "deciding" else "suspended")


def test_the_transition_of_a_policy_is_not_read_a_second_time(house: House) -> None:
    """What it found when it began it has dealt with; what is kept under it is no such thing."""
    house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk",)))
    says(house, talks=False)
    clause = f"{QUIET}prohibit: true}}\n  - {{id: two, {ALL}refer: shorter"
    house.do(OWNER, by_owner("fires@1", clause, harsh=True))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(
        SECRETARY, by_secretary("fires@2", f"{ALL}refer: short", keeps=BOTH, follows="fires@1")
    )
    says(house, talks=True)
    assert (stage(house), stage(house, "ukraine-2")) == ("suspended", "prohibited")


@pytest.mark.parametrize("acts", ["between", "later"])
def test_what_silence_granted_before_a_policy_began_is_granted_whoever_acts_when(
    house: House, acts: str
) -> None:
    to_decide(house, SILENT)
    late = {"since": "2025-06-05", "keeps": "pending"}
    house.do(SECRETARY, by_secretary("late@1", f"{ALL}prohibit: true", **late))
    if acts == "between":
        on(house, "2025-06-04")
        house.do(LIAISON, asks())
        assert stage(house) == "granted"
    on(house, "2025-06-06")
    house.do(LIAISON, asks())
    assert stage(house) == "suspended"


@pytest.mark.parametrize("asked", ["permitted", "granted", "deciding"])
def test_what_is_kept_falls_to_what_follows_when_the_policies_before_have_ended(
    house: House, asked: str
) -> None:
    """Nothing is left with no policy at all; and what says the same moves nothing."""
    says_so = f"{ALL}{'permit: true' if asked == 'permitted' else 'refer: shorter'}"
    house.do(OWNER, by_owner("fires@1", says_so, until="2025-06-10"))
    house.do(LIAISON, asks())
    if asked == "granted":
        house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(SECRETARY, by_secretary("fires@2", says_so, keeps=BOTH, follows="fires@1"))
    house.do(SECRETARY, by_secretary("fires@3", says_so, keeps=BOTH, follows="fires@2"))
    on(house, "2025-06-10")
    house.do(OWNER, by_owner("elsewhere@1", f"{UA}prohibit: true"))
    assert (stage(house), covered(house).covered) == (asked, asked != "deciding")


def test_what_followed_none_leaves_what_it_keeps_for_good(house: House) -> None:
    """Law 1: when the policies that bound the case have ended, nothing permits it."""
    house.do(OWNER, by_owner("fires@1", f"{ALL}refer: shorter"))
    house.do(LIAISON, asks())
    house.do(OWNER, by_owner("more@1", f"{ALL}permit: true", keeps=BOTH))
    assert stage(house) == "deciding"
    house.do(SECRETARY, Rescission("fires@1", SECRETARY, "no more"))
    house.do(OWNER, by_owner("elsewhere@1", f"{UA}prohibit: true"))
    house.do(LIAISON, asks())
    assert (stage(house), stage(house, "ukraine-2")) == ("prohibited", "permitted")


def test_one_of_two_that_follow_the_same_keeps_as_long_as_the_other_binds(house: House) -> None:
    house.do(OWNER, by_owner("fires@1", f"{UA}permit: true"))
    house.do(SECRETARY, by_secretary("fires@2", f"{ALL}refer: shorter", follows="fires@1"))
    house.do(LIAISON, asks())
    house.do(
        SECRETARY, by_secretary("fires@3", f"{ALL}refer: shorter", follows="fires@1", keeps=BOTH)
    )
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(SECRETARY, Rescission("fires@2", SECRETARY, "one is enough"))
    house.do(OWNER, by_owner("elsewhere@1", f"{UA}prohibit: true"))
    assert (stage(house), covered(house).covered) == ("granted", True)


@pytest.mark.parametrize("asked", ["granted", "deciding"])
def test_a_policy_corrected_before_it_began_takes_nothing_from_what_the_other_keeps(
    house: House, asked: str
) -> None:
    house.do(OWNER, by_owner("fires@1", f"{ALL}refer: shorter"))
    house.do(LIAISON, asks())
    if asked == "granted":
        house.do(SECRETARY, decides(house, "ukraine-1"))
    later = {"since": "2025-06-10"}
    house.do(SECRETARY, by_secretary("fires@2", f"{UA}permit: true", follows="fires@1", **later))
    house.later()
    kept = by_secretary("fires@3", f"{UA}permit: true", follows="fires@2", keeps=BOTH, **later)
    house.do(SECRETARY, kept)
    on(house, "2025-06-11")
    house.do(LIAISON, asks())
    assert (stage(house), stage(house, "ukraine-2")) == (asked, "prohibited")


def test_what_a_kept_case_is_prohibited_by_is_looked_at_as_if_it_were_open(house: House) -> None:
    """A gate of the policies before that closes and opens brings it back to them."""
    house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk",)))
    says(house, talks=False)
    gate = f"{QUIET}prohibit: true}}\n  - {{id: two, {ALL}refer: shorter"
    house.do(OWNER, by_owner("fires@1", gate))
    house.do(LIAISON, asks())
    house.do(SECRETARY, by_secretary("fires@2", f"{UA}permit: true", keeps=BOTH, follows="fires@1"))
    says(house, talks=True)
    assert stage(house) == "prohibited"
    says(house, talks=False)
    assert stage(house) == "deciding"


def test_another_supplier_s_policy_keeps_no_case_but_its_own(house: House) -> None:
    house.do("registrar", Opening("minister", "Minister", 1, "minister", 1, supplier="GB"))
    house.do("registrar", house.enrolment("minister"))
    house.do("registrar", Appointment("minister", "minister", Period(house.now)))
    granted(house)
    theirs = text("yard@1", f"{ALL}permit: true", issuer="minister", keeps=BOTH)
    house.do("minister", Adoption(theirs))
    assert dict(house.state.spared) == {}


def test_what_is_suspended_is_kept_for_the_day_it_is_reinstated(house: House) -> None:
    granted(house)
    house.do(SECRETARY, Suspension("ukraine-1", SECRETARY, "for a day"))
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true", keeps="permits"))
    house.do(SECRETARY, Reinstatement("ukraine-1", SECRETARY, "go on"))
    house.do(SECRETARY, by_secretary("elsewhere@1", f"{UA}prohibit: true"))
    assert (stage(house), covered(house).covered) == ("granted", True)


def test_a_kept_grant_that_is_used_up_is_named_as_such(house: House) -> None:
    granted(house)
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true", keeps="permits"))
    house.do(LIAISON, UseReport("ukraine-1", 1, house.now))
    answer = covered(house)
    assert (answer.covered, answer.case, answer.lack) == (False, "ukraine-1", Lack.EXHAUSTED)


def test_to_be_kept_widens_no_grant(house: House) -> None:
    """Law 12: it answers to the policies before also where those of now would refer the use."""
    early = "when: 'use.since < timestamp(\"2025-07-01T00:00:00Z\")', "
    gone = early.replace("<", ">=")
    clause = f"{early}refer: shorter}}\n  - {{id: two, {gone}prohibit: true"
    house.do(OWNER, by_owner("fires@1", clause))
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(
        SECRETARY, by_secretary("fires@2", f"{ALL}refer: short", keeps=BOTH, follows="fires@1")
    )
    assert covered(house).covered
    on(house, "2025-08-01")
    assert (stage(house), covered(house).covered) == ("granted", False)


@pytest.mark.parametrize("office", [OWNER, SECRETARY])
def test_a_partner_is_told_the_same_of_what_is_kept_by_policies_it_knows(
    house: House, office: str
) -> None:
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true", released=True))
    house.do(LIAISON, asks())
    kept = text("no@1", f"{RU}prohibit: true", issuer=office, keeps=BOTH, released=True)
    house.do(office, Adoption(kept))
    for reader in ("office", "partner:ukraine"):
        who = Reader.parse(reader)
        known = judging(house.state, who)
        answer = coverage(known, KURSK, at=house.now, atlas=Table(), reader=who)
        assert (answer.covered, answer.case) == (True, "ukraine-1"), reader
    who = Reader.parse("public")
    with pytest.raises(Unknown):  # of the articles, not of the office that issued it
        coverage(judging(house.state, who), KURSK, at=house.now, atlas=Table(), reader=who)


# --- what is permitted, and kept -----------------------------------------------------------------


def kept_permission(house: House, *, uses: int = 1) -> None:
    """Let a request be permitted, and be kept by a policy that refers it."""
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true"))
    house.do(LIAISON, asks(uses=uses))
    house.do(
        SECRETARY, by_secretary("fires@2", f"{ALL}refer: short", keeps=BOTH, follows="fires@1")
    )


def test_a_kept_permission_covers_no_more_uses_than_were_asked_for(house: House) -> None:
    kept_permission(house, uses=2)
    assert covered(house).left == 2
    house.do(LIAISON, UseReport("ukraine-1", 1, house.now))
    assert covered(house).left == 1
    house.do(LIAISON, UseReport("ukraine-1", 1, house.now))
    answer = covered(house)
    assert (answer.covered, answer.lack) == (False, Lack.EXHAUSTED)


def test_a_kept_permission_covers_nothing_when_its_window_is_over(house: House) -> None:
    kept_permission(house)
    house.now = Instant.parse("2025-11-30T23:59:59Z")
    assert covered(house).covered
    on(house, "2025-12-01")
    assert not covered(house).covered


@pytest.mark.parametrize("office", [OWNER, SECRETARY])
def test_whoever_issued_what_permits_or_stands_above_suspends_it(house: House, office: str) -> None:
    kept_permission(house)
    house.do(office, Suspension("ukraine-1", office, "talks are on"))
    assert (stage(house), covered(house).covered) == ("suspended", False)


def test_what_is_permitted_and_not_kept_covers_what_its_policies_permit_now(house: House) -> None:
    early = "when: 'use.since < timestamp(\"2025-07-01T00:00:00Z\")', "
    late = early.replace("<", ">=")
    house.do(
        OWNER, by_owner("fires@1", f"{early}permit: true}}\n  - {{id: two, {late}refer: short")
    )
    house.do(LIAISON, asks())
    assert covered(house).covered
    on(house, "2025-08-01")
    assert (stage(house), covered(house).covered) == ("permitted", False)
    who = Reader.parse("partner:ukraine")
    told = judging(house.state, who)
    assert not coverage(told, KURSK, at=house.now, atlas=Table(), reader=who).covered


# --- a clause with dates -------------------------------------------------------------------------

DATED = f"""{ALL}refer: short}}
  - id: two
    when: 'place.touches("RU")'
    prohibit: true
    {JUNE}
  - {{id: three, {UA}permit: true"""


@pytest.mark.parametrize("keeps", ["", "pending permits"])
def test_a_clause_with_dates_of_its_own_moves_cases_when_it_begins_and_ends(
    house: House, keeps: str
) -> None:
    house.do(OWNER, Adoption(text("fires@1", DATED, keeps=keeps)))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-2", "europe-desk"))
    house.do(SECRETARY, decides(house, "ukraine-2"))
    assert (stage(house), covered(house).covered) == ("advising", True)
    house.now = Instant.parse("2025-06-10T00:00:00Z")
    assert not covered(house).covered
    house.do(LIAISON, asks())
    assert [each.clauses for each in house.state.binding] == [("two",)]
    assert [stage(house, f"ukraine-{number}") for number in (1, 2, 3)] == [
        "prohibited",
        "suspended",
        "prohibited",
    ]
    house.now = Instant.parse("2025-06-20T00:00:00Z")
    house.do(LIAISON, asks())
    assert [stage(house, f"ukraine-{number}") for number in (1, 2, 3)] == [
        "advising",
        "suspended",
        "advising",
    ]


def test_nobody_is_kept_from_a_stricter_policy_by_a_lower_office(house: House) -> None:
    """Law 15: a lower office's policy that keeps grants shields none from a higher one's."""
    granted(house)
    house.do(OWNER, Adoption(text("shield@1", f"{RU}prohibit: true", keeps="permits pending")))
    assert stage(house) == "granted"
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true"))
    assert (stage(house), covered(house).covered) == ("suspended", False)
