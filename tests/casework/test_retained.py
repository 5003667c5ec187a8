"""What is kept goes on under the policies that bound it, and under none that was over."""

import pytest

from sayso.casework.events import (
    Adoption,
    Appointment,
    Opening,
    Reinstatement,
    Rescission,
    Suspension,
    UseReport,
    Vocabulary,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.errors import Unknown
from sayso.operations.perform import perform
from sayso.queries.coverage import By, Lack, coverage
from sayso.queries.disclosure import OFFICE, Reader, judging
from sayso.queries.impact import without
from tests.casework.followers import (
    ALL,
    BOTH,
    JUNE,
    KURSK,
    QUIET,
    RU,
    TALKS,
    UA,
    by_owner,
    by_secretary,
    covered,
    granted,
    on,
    says,
    stage,
    text,
)
from tests.casework.silence import SILENT, to_decide
from tests.casework.texts import asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House, Table


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


@pytest.mark.parametrize("ending", ["over", "rescinded"])
def test_what_followed_a_policy_that_had_ended_keeps_what_others_bind(
    house: House, ending: str
) -> None:
    house.do(OWNER, by_owner("rule@1", f"{ALL}refer: shorter"))
    house.do(OWNER, by_owner("fires@1", f"{UA}permit: true", until="2025-06-02"))
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.later()
    if ending == "rescinded":
        house.do(OWNER, Rescission("fires@1", OWNER, "no more"))
        house.later()
    else:
        on(house, "2025-06-05")
    house.do(
        SECRETARY, by_secretary("fires@2", f"{RU}prohibit: true", keeps=BOTH, follows="fires@1")
    )
    assert (stage(house), covered(house).covered) == ("granted", True)


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
