"""What a policy keeps, and what begins or ends within one: transitions that hold, and dates."""

import pytest

from sayso.casework import case, verdicts
from sayso.casework.events import (
    Adoption,
    Appeal,
    Assertion,
    Confidence,
    Rescission,
    Suspension,
    Vocabulary,
)
from sayso.dates import Instant, Period
from sayso.queries.brief import brief
from sayso.queries.coverage import By, Coverage, Use, coverage
from tests.casework.texts import advises, asks, decides, refuses
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

TALKS = """
circumstances:
  talks: {type: bool, description: talks with the other side are being held}
"""


def text(name: str, clause: str, *, issuer: str = OWNER, keeps: str = "", follows: str = "") -> str:
    """Return a policy of one clause; `keeps` names what its transition keeps, if anything."""
    pending = "keep" if "pending" in keeps else "reroute"
    permits = "keep" if "permits" in keeps else "suspend"
    supersedes = f"supersedes: {follows}\n" if follows else ""
    policy, _, version = name.partition("@")
    return (
        f"policy: {policy}\nversion: {version}\ntitle: {name}\nissuer: {issuer}\n"
        "instrument: a memorandum\nin_force: {from: 2025-01-01T00:00:00Z}\n"
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


def stage(house: House, name: str = "ukraine-1") -> str:
    """Return the stage of a case."""
    return case.name(house.state.cases[name])


def covered(house: House, place: str = "Kursk") -> Coverage:
    """Return whether the use is covered now, with what time has brought about."""
    state = verdicts.foreseen(house.state, at=house.now, atlas=Table())
    use = Use("ukraine", "aid", "atacms", place, "military-logistics")
    return coverage(state, use, at=house.now, atlas=Table())


def granted(house: House, clause: str = f"{ALL}refer: shorter") -> None:
    """Let the Secretary grant a use at Kursk by a policy of the policy owner's."""
    house.do(OWNER, Adoption(text("fires@1", clause)))
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))


def by_secretary(name: str, clause: str, *, keeps: str = "", follows: str = "") -> Adoption:
    """Return the adoption of a policy of the Secretary's."""
    return Adoption(text(name, clause, issuer=SECRETARY, keeps=keeps, follows=follows))


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


def test_a_policy_that_bound_when_it_was_decided_is_one_it_was_decided_under(house: House) -> None:
    """Decision 8: also where it changed nothing of the verdict when it was adopted."""
    house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk",)))
    says(house, talks=False)
    house.do(OWNER, Adoption(text("fires@1", f"{ALL}refer: shorter")))
    house.do(LIAISON, asks())
    house.do(OWNER, Adoption(text("gate@1", f"{QUIET}prohibit: true")))
    house.do(SECRETARY, decides(house, "ukraine-1"))
    house.do(OWNER, Adoption(text("late@1", f"{QUIET}prohibit: true")))
    house.do(LIAISON, asks())
    house.do(OWNER, Rescission("gate@1", OWNER, "it is in the other"))
    says(house, talks=True)
    assert stage(house) == "granted", "the later one is not the Secretary's, nor was it known"
    says(house, talks=False)
    house.do(SECRETARY, decides(house, "ukraine-2"))
    says(house, talks=True)
    assert stage(house, "ukraine-2") == "suspended"


DATED = f"""{ALL}refer: short}}
  - id: two
    when: 'place.touches("RU")'
    prohibit: true
    in_force: {{from: 2025-06-10T00:00:00Z, until: 2025-06-20T00:00:00Z}}
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
