"""What a policy would change, before it is adopted: every case whose standing it alters."""

from sayso.casework import adoption, verdicts
from sayso.casework.dossier import DUE, Stamp
from sayso.casework.events import Adoption, Binding, Circumstances, Judgement, Rescission
from sayso.casework.facts import Atlas
from sayso.casework.policies import parsed
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.queries.disclosure import Reader, secrets, view
from sayso.queries.pared import unnamed
from sayso.replaced import replace


def impact(state: State, text: str, *, at: Instant, atlas: Atlas) -> tuple[Judgement, ...]:
    """Return the judgements that would follow if the policy of `text` were adopted at `at`.

    A policy that binds only later is asked about as of the moment it does.
    """
    after = adoption.apply_adoption(state, Adoption(text), Stamp(state.size, at, None, ""))
    when = max(at, parsed(text, state.schema).in_force.start)
    return _judgements(after, when, atlas)


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
    return tuple(unnamed(each, kept.policies) for each in judgements if each.case not in kept.cases)


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
