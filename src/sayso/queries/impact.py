"""What a policy would change, before it is adopted: every case whose standing it alters."""

from sayso.casework import adoption, verdicts
from sayso.casework.case import Stamp
from sayso.casework.events import Adoption, Judgement
from sayso.casework.facts import Atlas
from sayso.casework.policies import parsed
from sayso.casework.state import State
from sayso.dates import Instant


def impact(state: State, text: str, *, at: Instant, atlas: Atlas) -> tuple[Judgement, ...]:
    """Return the judgements that would follow if the policy of `text` were adopted at `at`.

    A policy that binds only later is asked about as of the moment it does.
    """
    after = adoption.apply_adoption(state, Adoption(text), Stamp(state.size, at, None, ""))
    when = max(at, parsed(text, state.schema).in_force.start)
    due = verdicts.settle(after, at=when, atlas=atlas)
    return tuple(each for each in due if isinstance(each, Judgement))
