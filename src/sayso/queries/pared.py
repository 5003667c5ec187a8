"""A case as it is told inside, without what is kept from who reads it: law 13 within a dossier.

What somebody said at an entry that is kept is left out, a policy that is kept is `withheld`, and so
is an item of the request of which no case is known. No case that is kept is named.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from sayso.casework.dossier import After, Dossier, On
from sayso.casework.events import Item, Judgement, Request, UseReport
from sayso.casework.inside import Inside

N_contra = TypeVar("N_contra", contravariant=True)

WITHHELD = "withheld"
_NO_ITEM = Item(WITHHELD, WITHHELD, 1)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept from a reader inside: cases, policies and entries."""

    cases: Container[str]
    policies: Container[str]
    entries: Container[int]

    @classmethod
    def of(cls, limits: Inside) -> "Secrets":
        """Return what is kept by these limits."""
        return cls(_Unknown(limits.case), _Unknown(limits.policy), _Unknown(limits.entry))


@dataclass(frozen=True, slots=True)
class _Unknown(Generic[N_contra]):
    """The names that are not known, as a container."""

    knows: Callable[[N_contra], bool]

    def __contains__(self, name: object) -> bool:
        return not self.knows(name)  # type: ignore[arg-type]  # who asks is asked for such names


@dataclass(frozen=True, slots=True)
class Pared:
    """What is kept from a reader, and by which names and items requests are kept whole.

    `items` are those of which no case is shown, by the entries of their requests.
    """

    secrets: Secrets
    requests: frozenset[str]
    items: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, limits: Inside) -> "Pared":
        """Return what is kept of a state."""
        state, kept = limits.state, {each for each in limits.state.cases if not limits.case(each)}
        whole = (name for name, cases in state.requests.items() if kept.issuperset(cases))
        single = (name for name in kept if name not in state.requests)
        return cls(Secrets.of(limits), frozenset((*whole, *single)), _items(limits))

    def dossier(self, dossier: Dossier) -> Dossier:
        """Return a dossier as it is told."""
        shown = dossier.without(self.secrets.entries)
        policies = self.secrets.policies
        judgements = tuple(
            replace(on, said=unnamed(on.said, policies)) for on in dossier.judgements
        )
        request = On(self._request(dossier.request), dossier.request.stamp)
        after = tuple(self._heard(dossier, shown.after))
        return replace(shown, judgements=judgements, request=request, after=after)

    def _request(self, on: On[Request]) -> Request:
        """Return a request without the items that are kept, and the names of what is."""
        withheld = self.items.get(on.stamp.index, frozenset())
        said = on.said
        asked = (_NO_ITEM if n in withheld else each for n, each in enumerate(said.items))
        return replace(
            said,
            items=tuple(asked),
            replaces=None if said.replaces in self.requests else said.replaces,
            after=None if said.after in self.requests else said.after,
        )

    def _heard(self, dossier: Dossier, after: Iterable[On[After]]) -> Iterator[On[After]]:
        """Yield what was said since; a use reported on a case that is kept, as reported on this."""
        for on in after:
            if isinstance(on.said, UseReport) and on.said.case in self.secrets.cases:
                yield On(replace(on.said, case=dossier.id), on.stamp)
            else:
                yield on


def _items(limits: Inside) -> dict[int, frozenset[int]]:
    shown: dict[int, set[int]] = {}
    filed: dict[int, int] = {}
    for name, each in limits.state.cases.items():
        request = each.dossier.request
        if limits.case(name):
            shown.setdefault(request.stamp.index, set()).add(each.dossier.item)
        else:
            filed[request.stamp.index] = len(request.said.items)
    return {
        index: frozenset(range(count)) - shown.get(index, set()) for index, count in filed.items()
    }


def unnamed(said: Judgement, policies: Container[str]) -> Judgement:
    """Return the judgement with the policies and clauses that are kept from the reader unnamed."""
    return replace(
        said,
        because=withheld(said.because, policies),
        possible=withheld(said.possible, policies),
        policies=tuple(each for each in said.policies if each.policy not in policies),
    )


def withheld(clauses: Iterable[str], policies: Container[str]) -> tuple[str, ...]:
    """Return the clauses of a verdict, those of `policies` without their names.

    These stand last: where they are named in order, their place would tell of the name.
    """
    named = tuple(clauses)
    shown = tuple(each for each in named if each.partition("/")[0] not in policies)
    return shown + (WITHHELD,) * (len(named) - len(shown))
