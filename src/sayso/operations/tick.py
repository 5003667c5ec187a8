"""The clock ticks: what time has brought about goes on the record, with no act of anybody.

Nothing needs it, for the next act records the same before itself. But who is overdue is told, and
what silence grants is granted, when their moment comes and not when somebody happens to act.
"""

from sayso.casework import judge
from sayso.casework.events import Event
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Replay
from sayso.cycles import unsought
from sayso.errors import Overtaken
from sayso.operations.desk import Desk
from sayso.operations.perform import append, moment, settled


def tick(desk: Desk) -> tuple[Event, ...] | Refusal:
    """Record what is due now, and return it; nothing is written if nothing is."""
    try:
        return _attempt(desk)
    except Overtaken:
        with desk.memory.store.turn():
            return _attempt(desk)


@unsought()
def _attempt(desk: Desk) -> tuple[Event, ...] | Refusal:
    past = desk.memory.recall()
    at = moment(past.state, desk.now)
    late = judge.in_time(past.state, at)
    if late is not None:
        return late
    replay = Replay(past.state, desk.atlas)
    made = settled(replay, at)
    if made:
        append(desk, past, tuple(each for each, _ in made), stands=replay.state)
    return tuple(said for _, said in made)
