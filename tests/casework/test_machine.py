"""Random people do random things, rightly and wrongly, beside a small and obvious model.

Everything is real: keys, signatures, `perform`, a store. The model (`model.py`) says of each act
whether it must be refused and what stands after it; after each step the laws are looked at, as far
as they show, and at the end the whole record is verified from its first entry.

Every word that is said inside bears the canary, which no partner and no public may ever be shown.
`SAYSO_MACHINE=1` (in `make torture`) makes it tens of thousands of steps.
"""

import os
import re
from itertools import islice

# what is done is told as it happens
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from sayso.casework import case as stages
from sayso.casework import knowing, obligations, replay, verdicts
from sayso.casework.events import (
    Adoption,
    Appeal,
    Clearance,
    Ratification,
    Recusal,
    rules,
)
from sayso.casework.footing import footing
from sayso.casework.outside import OF_A_PARTNER
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.queries.coverage import coverage
from sayso.queries.disclosure import OFFICE, Circle, Reader, view
from sayso.queries.moment import as_of
from sayso.record import entry as entries
from tests.casework.bodies import BRITISH, MINISTER, Body, Paper
from tests.casework.machine.after import After
from tests.casework.machine.hands import CANARY, OFFICES, PEOPLE, founded
from tests.casework.machine.inside import otherwise
from tests.casework.machine.knowing import Knowing
from tests.casework.machine.ruling import Ruling
from tests.casework.machine.sides import Sides
from tests.casework.machine.telling import told, uses
from tests.casework.machine.twin import twin
from tests.casework.model.tables import AGREEMENTS, PARTNERS, Holding
from tests.casework.model.whole import Model
from tests.casework.questions import answers
from tests.house import OWNER, SECRETARY, House, Table

READERS = (Reader(Circle.PUBLIC), *(Reader(Circle.PARTNER, each) for each in PARTNERS.values()))
BY_RULE = rules.KINDS
OFTEN = {
    "files": 4,
    "withdraws": 1,
    "reports": 4,
    "gives_back": 1,
    "appeals": 2,
    "cannot_wait": 2,
    "signs_second": 4,
    "refuses": 1,
    "undoes": 2,
    "stops_use": 2,
    "lets_go_on": 2,
    "follows_up": 3,
    "acts_in_place": 3,
    "carries_on": 6,
    "all_consent": 2,
    "reviews": 4,
    "delegate_reviews": 2,
    "hands_in_late": 1,
    "hands_in_again": 1,
    "forges": 1,
    "appoints": 2,
    "relieves": 1,
    "adopts": 2,
    "rescinds": 1,
    "asserts": 2,
    "settles": 1,
    "retracts": 1,
    "delegates": 1,
    "revokes": 1,
    "recuses": 1,
    "goes_over": 1,
    "steps_aside": 1,
    "clears": 1,
    "marks": 1,
    "keeps": 2,
    "reads": 1,
    "waits": 3,
}
"""How often each thing is done, beside the others; cases come to an end only if they are pushed."""
ABOUT_CASES = (
    "withdraws",
    "reports",
    "gives_back",
    "appeals",
    "cannot_wait",
    "signs_second",
    "refuses",
    "undoes",
    "stops_use",
    "follows_up",
    "acts_in_place",
    "carries_on",
    "all_consent",
    "reviews",
    "forges",
    "recuses",
    "goes_over",
    "steps_aside",
    "keeps",
    "reads",
)
NEEDS = {
    "lets_go_on": ("stops",),
    **dict.fromkeys(ABOUT_CASES, ("cases",)),
    "delegate_reviews": ("grants", "cases"),
    "revokes": ("grants",),
    "hands_in_late": ("held",),
    "hands_in_again": ("last",),
    "retracts": ("said",),
    "marks": ("markable",),
}
"""What there must be of, on the machine or in the model, before a thing can be done."""
AMERICAN = [each for each in Body if each not in {Body.CALM, *BRITISH}]
_HOURS = 3_600_000_000
LONG = os.environ.get("SAYSO_MACHINE") == "1"


class Machine(After, Sides, Ruling, Knowing):
    """A record, its people, and the model of both."""

    @initialize(body=st.sampled_from(AMERICAN), theirs=st.sampled_from(BRITISH))
    def begins(self, body: Body, theirs: Body) -> None:
        """Furnish a record, and the model of it."""
        self.house = house = founded(str)
        self.held, self.spoken, self.last = [], [], None
        begun = {each: [Holding(each, house.now, None)] for each in OFFICES}
        begun["registrar"] = [Holding("registrar", house.now, None)]
        self.model = Model(house.now, begun)
        for person in (OWNER, SECRETARY):
            self.does(OWNER, Clearance(OWNER, CANARY, person, Period(house.now)))
        self.does(OWNER, Adoption(Paper("fires", 1, body, OWNER, "reroute", "keep").text))
        self.does(MINISTER, Adoption(Paper("yard", 1, theirs, MINISTER, "reroute", "keep").text))

    @rule(data=st.data())
    def somebody_does_something(self, data: st.DataObject) -> None:
        """Somebody does one of the things below, of those there is anything to do about."""
        ready = [
            name
            for name, times in OFTEN.items()
            if all(self.has(each) for each in NEEDS.get(name, ()))
            for _ in range(times)
        ]
        getattr(self, data.draw(st.sampled_from(ready)))(data)

    def waits(self, data: st.DataObject) -> None:
        """Time goes by."""
        self.house.later(data.draw(st.sampled_from((1, 1, 1, 12, 24, 60))))

    # --- the laws, after each step ----------------------------------------------------------------

    @invariant()
    def what_stands_is_what_the_model_says(self) -> None:
        state = self.house.state
        assert {name: stands(each) for name, each in state.cases.items()} == {
            name: (each.stage, each.waiting) for name, each in self.model.cases.items()
        }

    @invariant()
    def what_is_due_is_foreseen_and_nothing_is_covered_but_by_a_rule_or_a_grant(self) -> None:
        """Laws 1, 2, 5 and 6, at this moment: with what is due and stands on no entry yet."""
        now = self.house.now
        state = verdicts.foreseen(self.house.state, at=now, atlas=Table())
        due = self.model.settled(now)
        assert {name: stands(each) for name, each in state.cases.items()} == {
            name: (each.stage, each.waiting) for name, each in due.cases.items()
        }
        for use in (each for agreement in AGREEMENTS for each in uses(agreement)):
            found = coverage(state, use, at=now, atlas=Table())
            asked = (use.agreement, use.article, use.place)
            assert found.covered == due.covered(*asked), (use, found)

    @invariant()
    def nobody_fills_two_parts_of_a_case_or_decides_their_own(self) -> None:
        """Law 7, from the record alone."""
        for each in self.house.state.cases.values():
            said = each.dossier
            parts = {(said.request.stamp.by, "request")}
            parts |= {(on.stamp.by, on.said.office) for on in said.advice}
            parts |= {(on.stamp.by, "consolidate") for on in said.consolidations}
            parts |= {(on.stamp.by, f"decide for {on.said.office}") for on in said.signings}
            parts |= {(on.stamp.by, "countersign") for on in said.countersigned}
            parts |= {(on.stamp.by, "ratify") for on in said.since(Ratification)}
            people = [person for person, _ in parts]
            assert len(people) == len(set(people)), parts
            since = [on for on in (*said.after, *said.aside) if on.stamp.by is not None]
            theirs = {on.stamp.by for on in since if isinstance(on.said, OF_A_PARTNER)}
            theirs |= {said.request.stamp.by, *(on.stamp.by for on in said.withdrawals)}
            own = (on for on in since if not isinstance(on.said, OF_A_PARTNER | Recusal))
            inside = {on.stamp.by for on in own} | {by for by, what in parts if what != "request"}
            assert not theirs & inside, (theirs, inside)
            assert len(said.decisions) <= 1 + len(said.since(Appeal))

    @invariant()
    def no_more_uses_are_reported_than_were_granted_and_no_more_granted_than_asked(self) -> None:
        """Law 12."""
        for each in self.house.state.cases.values():
            granted = obligations.grant(each.dossier)
            if granted is not None:
                uses = granted.said.uses or 0
                assert obligations.reported(each.dossier) <= uses <= each.dossier.asked.uses

    @invariant()
    def nothing_from_inside_is_shown_outside(self) -> None:
        """Law 13."""
        state = self.house.state
        for reader in READERS:
            seen = told(state, self.house.store, reader, self.house.now)
            assert CANARY not in seen, reader
            others = set(PARTNERS.values()) - {reader.partner}
            assert not any(f"known to {each} only" in seen for each in others), reader

    def differs_only_inside(self) -> None:
        """Law 13: in what a reader is told, and in what a partner is refused."""
        readers = READERS if LONG else (READERS[len(self.spoken) % len(READERS)],)
        for reader in readers:
            other = twin(self.spoken, self.house, reader.partner)
            now = self.house.now
            for at in (now, Instant(now.micros - 30 * _HOURS)):
                one, two = (_told(each, reader, at) for each in (self.house, other))
                assert one == two, (reader, set(one.splitlines()) ^ set(two.splitlines()))

    def what_is_kept_changes_no_answer(self) -> None:
        """Law 13 inside the office, for whoever is not cleared, now and as of an earlier moment."""
        house, now = self.house, self.house.now
        if not house.state.marked_cases and not house.state.marked_entries:
            return
        for at in (now, Instant(now.micros - 30 * _HOURS)):
            one, other = (
                as_of(each, at, until=None, atlas=Table())
                for each in (house.store, otherwise(house))
            )
            for reader in (OFFICE, *_strangers(house.state, at)):
                first, second = (answers(house.store, each, reader, at) for each in (one, other))
                assert first.keys() == second.keys(), first.keys() ^ second.keys()
                for name, answer in first.items():
                    assert answer == second[name], (name, reader, _apart(answer, second[name]))
                    assert not (said := _named(house.state, answer, reader)), (name, reader, said)

    def teardown(self) -> None:
        """Law 11 and all that a verifier asks: the whole record, from its first entry on."""
        state = self.house.verified()
        assert replay.fold(self.house.store.entries()) == state
        self.differs_only_inside()
        self.what_is_kept_changes_no_answer()
        for index, data in enumerate(self.house.store.entries()):
            said = entries.read(data)
            assert bool(said.signatures) == (said.kind not in BY_RULE), index


def stands(found: stages.Case) -> tuple[str, tuple[str, ...]]:
    return stages.name(found), stages.waits_for(found)


def _strangers(state: State, at: Instant) -> list[Reader]:
    """Return somebody in the office who is not cleared, if there is anybody."""
    inside = (each for each in PEOPLE if footing(state, each, at).inside)
    unable = (each for each in inside if not knowing.cleared(state, CANARY, each, at))
    return [Reader(Circle.OFFICE, person=each, at=at) for each in islice(unable, 1)]


def _apart(one: bytes, two: bytes) -> tuple[bytes, bytes]:
    """Return where two answers begin to differ."""
    pairs = enumerate(zip(one, two, strict=False))
    start = max(next((at for at, (a, b) in pairs if a != b), 0) - 100, 0)
    return one[start : start + 200], two[start : start + 200]


def _named(state: State, answer: bytes, reader: Reader) -> list[str]:
    """Return where an answer names a case that is kept, and no request of which one is shown."""
    kept = set(state.marked_cases) - set(view(state, reader).requests)
    names = "|".join(map(re.escape, sorted(kept))) or "(?!)"
    return re.findall(rf".{{,80}}(?<![\w-])(?:{names})(?![\w.@-]).{{,20}}", answer.decode())


def _told(house: House, reader: Reader, at: Instant) -> str:
    """Return all that a reader is told as of a moment."""
    return told(as_of(house.store, at, until=None, atlas=Table()), house.store, reader, at)


Machine.TestCase.settings = settings(
    max_examples=400 if LONG else 20,
    stateful_step_count=100 if LONG else 40,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
TestRandomPeopleDoRandomThings = Machine.TestCase
