"""What a policy would change, before it is adopted: every case whose standing it alters.

All that binds counts, also a policy that the reader may not know: it binds the cases that they do
know, and they are told the truth of them. But what it is called is not theirs to know. So a text
that bears its name, or would supersede it, is taken as one that stands beside it, as a text of any
other name would: to leave the other out would tell the reader that it is there, and what it does.
Such a text cannot be adopted, so nothing is foretold that would come otherwise.
"""

import dataclasses
from collections.abc import Container

from sayso.casework import adoption, verdicts
from sayso.casework.dossier import DUE, Stamp
from sayso.casework.events import Binding, Circumstances, Judgement, Rescission
from sayso.casework.facts import Atlas
from sayso.casework.policies import parsed
from sayso.casework.state import Adopted, State
from sayso.dates import Instant
from sayso.policy.policy import Policy
from sayso.queries.disclosure import Reader, secrets, view
from sayso.queries.pared import unnamed
from sayso.replaced import replace


def impact(
    state: State, text: str, *, reader: Reader, at: Instant, atlas: Atlas
) -> tuple[Judgement, ...]:
    """Return the judgements that would follow if the policy of `text` were adopted at `at`.

    A policy that binds only later is asked about as of the moment it does. What `reader` is told of
    it is for `shown` to say.
    """
    policy = _beside(parsed(text, state.schema), secrets(state, reader).policies)
    adopted = Adopted(policy, Stamp(state.size, at, None, ""))
    after = replace(state, policies=state.policies.set(policy.name, adopted))
    return _judgements(after, max(at, policy.in_force.start), atlas)


_ASIDE = "\0"
"""What no name or digest on the record holds; here it marks those of a text that stands beside."""


def _beside(policy: Policy, kept: Container[str]) -> Policy:
    """Return `policy` as it stands beside what is `kept` from the reader, and in place of none."""
    if policy.supersedes is not None and policy.supersedes in kept:
        policy = dataclasses.replace(policy, supersedes=None)
    if policy.name not in kept:
        return policy
    aside = f"{policy.name}{_ASIDE}"  # it sorts where the name does
    return dataclasses.replace(policy, id=aside, digest=f"{policy.digest}{_ASIDE}")


def _named(said: Judgement) -> Judgement:
    """Return the judgement in which a text that stands beside has its own name again."""
    return dataclasses.replace(
        said,
        because=tuple(map(_clause, said.because)),
        possible=tuple(map(_clause, said.possible)),
        policies=tuple(
            dataclasses.replace(each, policy=_own(each.policy), digest=_own(each.digest))
            for each in said.policies
        ),
    )


def _own(name: str) -> str:
    return name.partition(_ASIDE)[0]


def _clause(name: str) -> str:
    policy, slash, clause = name.partition("/")
    return f"{_own(policy)}{slash}{clause}"


def without(
    state: State, name: str, *, reader: Reader, at: Instant, atlas: Atlas
) -> tuple[Judgement, ...]:
    """Return the judgements that would follow if the policy called `name` were rescinded at `at`.

    `Unknown` if the reader knows none that is called so.
    """
    said = Rescission(adoption.adopted(view(state, reader), name).policy.name, "", "asked")
    after = adoption.apply_rescission(state, said, Stamp(state.size, at, None, ""))
    return _judgements(after, at, atlas)


def shown(state: State, judgements: tuple[Judgement, ...], reader: Reader) -> tuple[Judgement, ...]:
    """Return those on cases that `reader`, inside the office, may know, as it may know them."""
    kept = secrets(state, reader)
    known = (each for each in judgements if each.case not in kept.cases)
    return tuple(_named(unnamed(each, kept.policies)) for each in known)


def _judgements(after: State, at: Instant, atlas: Atlas) -> tuple[Judgement, ...]:
    """Return what would be judged; `unproven` is left out: proving it is the adoption's affair.

    Once cases are judged by what binds then, only time is left to bring something about, and it
    judges nothing: unless a case waits for its first verdict, what follows is not worked out.
    """
    state, found = replace(after, unproven=()), list[Judgement]()
    while due := verdicts.settle(state, at=at, atlas=atlas):
        found += [each for each in due if isinstance(each, Judgement)]
        if not state.unjudged and any(isinstance(each, Binding | Circumstances) for each in due):
            break
        for said in due:
            state = verdicts.apply(state, said, Stamp(state.size, at, None, DUE))
    return tuple(found)
