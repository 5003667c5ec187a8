"""What is known inside, and what is kept from somebody there.

A house knows what is its own: the cases that seek its consent, its policies, and what its offices
say. What is kept in a compartment is known to those who are cleared for it, of whichever house, and
to nobody else. Offices, persons, articles, agreements and the facts there are to speak of are known
inside to all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sayso.casework import delegations
from sayso.casework.dossier import On
from sayso.casework.events import (
    Act,
    Adoption,
    Circumstances,
    Claim,
    EndUseCheck,
    Holding,
    Marking,
    Release,
)
from sayso.casework.footing import Footing
from sayso.casework.naming import Kind, named
from sayso.casework.policies import parsed
from sayso.casework.same import Same
from sayso.casework.shown import only, shown
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import SaysoError
from sayso.replaced import replace

PUBLIC = "public"
Marks = Mapping[str, str]


def nothing_is_kept(state: State, footing: Footing) -> bool:
    """Return whether somebody on this footing inside knows all that stands: as nearly always."""
    others = state.roster.suppliers
    if (others or None not in footing.houses) and not {None, *others} <= footing.houses:
        return False
    return _kept_in(state) <= footing.cleared


def holds_nothing_back(state: State, person: str, at: Instant) -> bool:
    """Return whether there is one house, nothing is kept, and `person` holds an office in it.

    It is what nearly every act is asked, and it takes a few looks.
    """
    roster = state.roster
    if roster.suppliers or _kept_in(state):
        return False
    held = roster.at(at).held.get(person, ())
    return any(state.offices[name].partner is None for name in held)


def _kept_in(state: State) -> frozenset[str]:
    """Return the compartments in which anything is kept."""
    return _compartments(Same(state.marked_cases, state.marked_policies, state.marked_entries))


@lru_cache(maxsize=8)
def _compartments(same: Same[Marks, Marks, Mapping[int, str]]) -> frozenset[str]:
    return frozenset(kept for marked in same.parts for kept in marked.values())


@dataclass(frozen=True, slots=True)
class Inside:
    """What stands, as far as it is known on a footing inside.

    To the `person` who acts the delegations are known, too, that are theirs to take back.
    """

    state: State
    footing: Footing
    person: str | None = None

    def knows(self, kind: Kind, name: str | int) -> bool:
        """Return whether a thing of that kind is known; what is not there, nobody keeps."""
        if isinstance(name, int):
            return self.entry(name)
        look = _LOOKS.get(kind)
        return look is None or look(self, name)

    def case(self, name: str) -> bool:
        """Return whether a case is known; its name says whose consent it seeks."""
        kept = self.state.marked_cases.get(name)
        if kept is not None:
            return kept in self.footing.cleared
        return (name.partition("@")[2] or None) in self.footing.houses

    def policy(self, name: str) -> bool:
        """Return whether a policy is known."""
        kept = self.state.marked_policies.get(name)
        if kept is not None:
            return kept in self.footing.cleared
        found = self.state.policies.get(name)
        return found is None or self.of_house(found.policy.issuer)

    def entry(self, index: int) -> bool:
        """Return whether what an entry says is known, if it is about something that is."""
        kept = self.state.marked_entries.get(index)
        return kept is None or kept in self.footing.cleared

    def hold(self, name: str) -> bool:
        """Return whether a hold is known."""
        on = self.state.holds.get(name)
        if on is None:
            return True
        about = on.said.case is None or self.case(on.said.case)
        return about and self.entry(on.stamp.index) and self.of_house(on.said.office)

    def docket(self, name: str) -> bool:
        """Return whether a docket is known; what a partner says of itself is to all."""
        found = self.state.dockets.get(name)
        if found is None:
            return True
        opened = found.opened
        about = opened.said.concerns is None or self.case(opened.said.concerns)
        return about and self.entry(opened.stamp.index) and self.of_house(opened.said.office)

    def compartment(self, name: str) -> bool:
        """Return whether a compartment is known."""
        found = self.state.compartments.get(name)
        return found is None or name in self.footing.cleared or self.of_house(found.office)

    def delegation(self, name: str) -> bool:
        """Return whether a delegation is known."""
        found = self.state.delegations.get(name)
        if found is None or self.of_house(found.said.office):
            return True
        return self.person is not None and name in delegations.in_hand(self.state, self.person)

    def fact(self, name: str) -> bool:
        """Return whether it is known what is asserted of a fact: where it was added, or may be."""
        found = self.state.words.get(name)
        if found is None:
            return True
        return any(self.of_house(each) for each in (found.said.office, *found.said.asserted_by))

    def of_house(self, office: str) -> bool:
        """Return whether what an office says is known, if it is kept in no compartment.

        Of an office that there was not yet, in a state of the past, nothing is.
        """
        found = self.state.offices.get(office)
        if found is None:
            return False
        return found.partner is not None or found.supplier in self.footing.houses

    # --- an act, and the state as it is known -----------------------------------------------------

    def knows_of(self, act: Act) -> bool:
        """Return whether all that an act names is known to who does it."""
        if isinstance(act, Adoption):
            return self._knows_before(act)
        if isinstance(act, Marking) and act.entry is not None and self._is_elsewhere(act.entry):
            return False
        return all(self.knows(kind, name) for kind, name in named(act))

    def _knows_before(self, act: Adoption) -> bool:
        try:
            before = parsed(act.text, self.state.schema).supersedes
        except SaysoError:
            return True  # it is refused as it stands, in words that are looked at again
        return before is None or self.policy(before)

    def _is_elsewhere(self, index: int) -> bool:
        """Return whether an entry is about a case that is not known here."""
        kept = (each for name, each in self.state.cases.items() if not self.case(name))
        return any(index in each.dossier.entries() for each in kept)

    def seen(self) -> State:
        """Return the state in which what is not known is not there."""
        state = self.state
        if nothing_is_kept(state, self.footing):
            return state
        return replace(
            state,
            cases=only(state.cases, self.case),
            requests=shown(state.requests, self._cases),
            policies=only(state.policies, self.policy),
            binding=tuple(each for each in state.binding if self.policy(each.policy)),
            retained=tuple(each for each in state.retained if self.policy(each.policy)),
            spared=shown(state.spared, self._keeping),
            unproven=tuple(filter(self.policy, state.unproven)),
            holds=only(state.holds, self.hold),
            dockets=only(state.dockets, self.docket),
            compartments=only(state.compartments, self.compartment),
            clearances=only(state.clearances, self.compartment),
            delegations=only(state.delegations, self.delegation),
            delegated=only(state.delegated, self.of_house),
            claims=shown(state.claims, self._claims),
            circumstances=self.circumstances(state.circumstances),
            holdings=shown(state.holdings, self._holdings),
            releases=tuple(filter(self._release, state.releases)),
            marked_cases=shown(state.marked_cases, self._mark),
            marked_policies=shown(state.marked_policies, self._mark),
            marked_entries=shown(state.marked_entries, self._mark),
        )

    def _mark(self, _: object, kept: str) -> str | None:
        return kept if kept in self.footing.cleared else None

    def _keeping(self, case: str, policies: tuple[str, ...]) -> tuple[str, ...] | None:
        return tuple(filter(self.policy, policies)) or None if self.case(case) else None

    def _cases(self, _: str, names: tuple[str, ...]) -> tuple[str, ...] | None:
        return tuple(filter(self.case, names)) or None

    def _claims(self, fact: str, said: tuple[On[Claim], ...]) -> tuple[On[Claim], ...] | None:
        """Return what is known to be asserted; who is not told of an entry knows nothing of it."""
        if not self.fact(fact):
            return None
        return tuple(on for on in said if self.entry(on.stamp.index))

    def circumstances(self, said: Circumstances) -> Circumstances:
        """Return what is known of what counts."""
        return Circumstances(
            {fact: value for fact, value in said.facts.items() if self.fact(fact)},
            tuple(filter(self.fact, said.conflicting)),
        )

    def _holdings(
        self, _: tuple[str, str], said: tuple[On[Holding], ...]
    ) -> tuple[On[Holding], ...]:
        return tuple(on for on in said if self.entry(on.stamp.index) and self._looked(on.said))

    def _looked(self, said: Holding) -> bool:
        return not isinstance(said, EndUseCheck) or self.of_house(said.office)

    def _release(self, on: On[Release]) -> bool:
        """Return whether a release is known: what everybody was told is."""
        said = on.said
        if said.to == PUBLIC:
            return True
        about = said.case is None or self.case(said.case)
        about = about and (said.policy is None or self.policy(said.policy))
        return about and self.entry(on.stamp.index) and self.of_house(said.office)


_LOOKS: Mapping[Kind, Callable[[Inside, str], bool]] = {
    Kind.CASE: Inside.case,
    Kind.POLICY: Inside.policy,
    Kind.HOLD: Inside.hold,
    Kind.DOCKET: Inside.docket,
    Kind.COMPARTMENT: Inside.compartment,
    Kind.DELEGATION: Inside.delegation,
}
"""How each kind of thing is looked at; what is in none of them is known to everybody inside."""
