"""What a policy keeps is kept, whatever else changes."""

import pytest

from sayso.casework.events import (
    Adoption,
    Appeal,
    Rescission,
    Suspension,
    Vocabulary,
)
from sayso.queries.brief import brief
from sayso.queries.coverage import By
from tests.casework.followers import (
    ALL,
    JUNE,
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
from tests.casework.texts import advises, asks, decides, refuses
from tests.house import LIAISON, OWNER, SECRETARY, House


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


def test_nobody_is_kept_from_a_stricter_policy_by_a_lower_office(house: House) -> None:
    """Law 15: a lower office's policy that keeps grants shields none from a higher one's."""
    granted(house)
    house.do(OWNER, Adoption(text("shield@1", f"{RU}prohibit: true", keeps="permits pending")))
    assert stage(house) == "granted"
    house.do(SECRETARY, by_secretary("no@1", f"{RU}prohibit: true"))
    assert (stage(house), covered(house).covered) == ("suspended", False)
