"""Bring the newest checkpoint to the witnesses that the trust names, and gather what they sign.

This is no act and puts nothing on the record: an act is acknowledged when it is committed, and its
cosignatures follow. So no witness can hold up an act; one that did not answer is asked again, with
whatever has been added since.

What one of them signs is kept when it comes, whatever the others do: who is slow, or never answers,
keeps nobody's word from being heard.

Each is asked from the size that it is known to have cosigned; if it says another size (409), once
more from that. Whoever has seen more than this record holds, or another history, refuses for good:
then somebody has rewritten the record, here or there.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from sayso.errors import MalformedCheckpoint, SaysoError, Untrue
from sayso.queries.cosigned import merged
from sayso.queries.publication import Publication
from sayso.record import checkpoint, fork, note, witness
from sayso.record.checkpoint import Checkpoint
from sayso.record.fork import Fork
from sayso.record.trust import Witness
from sayso.record.witness import Answer, Request
from sayso.witness.client import Courier

_SECOND_TIME = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What a witness has signed: lines for the checkpoint, or why there are none.

    Lines that it signed before count, though it is silent now. `refuses` says that it never will:
    it has cosigned another history; and `fork` shows that, to anybody, if the witness shows what it
    cosigned.
    """

    name: str
    lines: bytes = b""
    why: str = ""
    refuses: bool = False
    fork: Fork | None = None


def cosign(
    published: Publication, kept: bytes | None, courier: Courier, *, keep: Callable[[bytes], None]
) -> tuple[bytes, list[Heard]]:
    """Return the checkpoint with the cosignatures that came, and what each witness answered.

    `kept` is the checkpoint that was cosigned before, if any; `keep` is given the new one whenever
    a witness has signed it.
    """
    asked = published.known.policy.witnesses
    sizes = _cosigned_before(asked, kept)
    lines, heard = _lines_before(published, kept), {}
    with ThreadPoolExecutor(max(1, len(asked))) as pool:
        under_way = {
            pool.submit(_asked, published, each, sizes.get(each.name, 0), courier): each.name
            for each in asked
        }
        for each in as_completed(under_way):
            name, answer = under_way[each], each.result()
            if answer.lines:
                lines[name] = answer.lines
                keep(published.signed + b"".join(lines.values()))
            heard[name] = answer if answer.refuses else replace(answer, lines=lines.get(name, b""))
    return published.signed + b"".join(lines.values()), [heard[each.name] for each in asked]


def _lines_before(published: Publication, kept: bytes | None) -> dict[str, bytes]:
    """Return the line of each witness that had signed this very state already."""
    text, there = note.split(merged(published.signed, kept))
    found = {}
    for each in published.known.policy.witnesses:
        named = (each.key.name, each.key.id)
        for line in there:
            if (line.name, line.id) == named and each.key.holds(text, line.signature):
                found[each.name] = str(line).encode()
    return found


def _cosigned_before(asked: tuple[Witness, ...], kept: bytes | None) -> Mapping[str, int]:
    """Return the size that each witness is known to have cosigned."""
    found = {}
    for each in asked if kept is not None else ():
        try:
            origin = checkpoint.claimed(kept or b"").origin
            found[each.name] = checkpoint.open(kept or b"", origin=origin, keys=[each.key]).size
        except (MalformedCheckpoint, Untrue):
            continue
    return found


def _asked(published: Publication, asked: Witness, old: int, courier: Courier) -> Heard:
    """Return what a witness answers, asked at most twice; it raises nothing that it can say."""
    if not asked.url:
        return Heard(asked.name, why="the policy does not say where it is")
    try:
        for _ in range(_SECOND_TIME):
            old = min(old, published.state.size)
            answer = courier.post(asked.url, _request(published, old))
            if answer.status != 409 or _size(answer) == old:  # noqa: PLR2004  # HTTP
                break
            old = _size(answer)
        heard = _heard(published, asked, answer)
        return replace(heard, fork=_fork(published, asked, courier)) if heard.refuses else heard
    except SaysoError as error:
        return Heard(asked.name, why=str(error))


def _fork(published: Publication, asked: Witness, courier: Courier) -> Fork | None:
    """Return what convicts the log's key of two histories, if the witness shows what it saw."""
    try:
        shown = courier.last(asked.url, published.state.origin)
        if shown is None or checkpoint.claimed(shown).size > published.state.size:
            return None
        keys = published.known.policy.logs
        origin = published.state.origin
        found = fork.compare(
            shown, published.signed, whole=published.whole, origin=origin, keys=keys
        )
    except SaysoError:  # what it shows is not what the log has signed: it convicts nobody
        return None
    return found if isinstance(found, Fork) else None


def _request(published: Publication, old: int) -> bytes:
    proof = published.whole.consistency(old, published.state.size)
    return bytes(Request(old, proof, published.signed))


def _heard(published: Publication, asked: Witness, answer: Answer) -> Heard:
    match answer.status:
        case 200:
            whole = witness.added(published.signed, answer.body, known=[asked.key])
            return Heard(asked.name, lines=whole.removeprefix(published.signed))
        case 409:
            return Heard(asked.name, why=_ahead(published.state, _size(answer)), refuses=True)
        case 422:
            why = "it has cosigned another history: the record was rewritten after it"
            return Heard(asked.name, why=why, refuses=True)
        case other:
            said = answer.body[:80].decode("utf-8", "replace").strip()
            return Heard(asked.name, why=f"it answers {other}: {said}")


def _ahead(state: Checkpoint, size: int) -> str:
    if size > state.size:
        return f"it has cosigned {size} entries, and the record has {state.size}: some were dropped"
    if size == state.size:
        return f"it has cosigned other {size} entries: the record was rewritten"
    return "it goes on while it is asked; ask again"


def _size(answer: Answer) -> int:
    text = answer.body.decode("ascii", "replace").removesuffix("\n")
    if not (text.isascii() and text.isdigit()) or len(text) > 19:  # noqa: PLR2004  # 2^63
        raise SaysoError("it answers 409 and does not say its size")
    return int(text)
