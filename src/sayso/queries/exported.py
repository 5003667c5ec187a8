"""Does an exported record hold? Recomputed from its files and the trust alone.

1. The checkpoint is signed by the log, and cosigned by whom the trust asks for (`record.trust`).
2. Every hash and every entry is one that the checkpoint signs (`record.tiles`), and its signatures
   hold; on every core (`record.sweep`).
3. Every act is said by whom it says, with an office to do it, in order; every consequence is the
   one that follows (`casework.replay`); one after the other.
4. Every text and paper that was given beside it is one that an entry names (`queries.enclosed`).

Nothing of the store is needed here, nor known.
"""

from dataclasses import dataclass

from sayso.casework.facts import Atlas
from sayso.errors import Damaged, Untrue
from sayso.queries import enclosed
from sayso.queries.enclosed import Tally
from sayso.queries.report import Cosigned, Kept, Progress, Report, followed
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, sweep
from sayso.record.checkpoint import Checkpoint
from sayso.record.sweep import Aside
from sayso.record.tiles import Fetch, Tiled
from sayso.record.trust import Trusted


@dataclass(frozen=True, slots=True)
class How:
    """How to verify: in how many processes, and who is told of progress."""

    jobs: int
    progress: Progress


def verify(
    fetch: Fetch, known: TrustFile, *, atlas: Atlas, how: How, witnessed: bytes | None = None
) -> Report:
    """Return whether an exported record holds; `fetch` gives the bytes of its files by path.

    `witnessed` is a checkpoint that somebody kept: the record must contain what it signs.
    """

    def found() -> Kept:
        trusted = opened(fetch, known)
        state = trusted.checkpoint
        tally = Tally(enclosed.given(fetch))
        aside = Aside(enclosed.names, tally.count)
        return Kept(
            sweep.entries(fetch, size=state.size, root=state.root, jobs=how.jobs, aside=aside),
            tally,
            Cosigned.told(trusted, known.policy),
            lambda: check_contains(fetch, state, known, witnessed),
        )

    return followed(found, known.trust, atlas=atlas, progress=how.progress)


def opened(fetch: Fetch, known: TrustFile) -> Trusted:
    """Return the checkpoint of an export, which the trust must believe."""
    signed = fetch("checkpoint")
    if signed is None:
        raise Damaged("the export has no checkpoint")
    return known.open(signed)


def check_contains(
    fetch: Fetch, state: Checkpoint, known: TrustFile, witnessed: bytes | None
) -> None:
    """Raise unless the record, proven, begins with what the witnessed checkpoint signs."""
    if witnessed is None:
        return
    wanted = checkpoint.open(witnessed, origin=known.trust.origin, keys=known.policy.logs)
    if wanted.size > state.size or Tiled(fetch, state.size).root(wanted.size) != wanted.root:
        raise Untrue(
            "the record does not contain what the witnessed checkpoint signs",
            hint="entries were dropped or replaced since; keep both checkpoints as evidence",
        )
