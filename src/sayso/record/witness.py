r"""What a witness does, C2SP tlog-witness v1.0.0: sees each state once, and only ever forward.

A log posts to `add-checkpoint`

    old SIZE                       of the last checkpoint that this witness cosigned, or 0
    BASE64                         the consistency proof of RFC 6962 §2.1.2, one hash a line, at
    ...                            most 63
    (an empty line)
    ORIGIN                         the new checkpoint, signed by the log
    ...

and is answered with signature lines of the witness, or with a status that says why not: 400 no such
request, 404 unknown log, 403 not signed by it, 409 another size was cosigned last (which, stands in
the body), 422 the proof does not hold.

Here is only the judgement. The one who serves it must read what was seen, judge, and keep the new
state under one lock, and answer after it is kept: else, of two requests at once, the slower would
take the witness back to an older state. (At the size that was cosigned last, another root is a 409
here and a 422 from witnesses of v1.1.0; to a log both are final.)

>>> from sayso.record.note import Signer
>>> from sayso.record.cosignature import ED25519, Cosigner
>>> log, own = Signer.generate("log.example"), Cosigner.generate("witness.example", ED25519)
>>> signed = checkpoint.sign(checkpoint.Checkpoint("log.example", 1, bytes(32)), [log])
>>> asked = Request.parse(bytes(Request(0, (), signed)))
>>> judged = judge(asked, logs={"log.example": [log.key]}, seen=None)
>>> lines = cosigned(judged, [own.at(1679315147)])
>>> added(signed, lines.body, known=[own.key]).count("—".encode())
2
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.errors import Malformed, MalformedCheckpoint, MalformedProof, Untrue
from sayso.record import b64, checkpoint, note, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Key, Secret

MOST_HASHES = 63  # tlog-witness, add-checkpoint
MOST_BYTES = note.MOST_BYTES + 4_096

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_PLAIN = "text/plain; charset=utf-8"
_SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks of a witness, as it was read; nothing about it is verified."""

    old: int
    proof: tuple[bytes, ...]
    signed: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Request":
        """Return the request of a body: bytes undone."""
        head, gap, signed = raw.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").split("\n")
        found = _OLD.fullmatch(lines[0])
        if len(raw) > MOST_BYTES or not gap or found is None:
            raise MalformedProof("the request does not begin with `old SIZE` and a proof")
        if len(lines) > 1 + MOST_HASHES:
            raise MalformedProof(f"the request has more than {MOST_HASHES} hashes")
        try:
            proof = tuple(b64.read(line) for line in lines[1:])
        except ValueError:
            raise MalformedProof("a line of the proof is not base64") from None
        return cls(int(found[1]), proof, signed)

    def __bytes__(self) -> bytes:
        lines = (f"old {self.old}", *map(b64.write, self.proof), "", "")
        return "\n".join(lines).encode() + self.signed


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: an HTTP status, a body and its type."""

    status: int
    body: bytes
    kind: str = _PLAIN


@dataclass(frozen=True, slots=True)
class Accepted:
    """A state that may be cosigned, once it is kept in the place of the one that was seen."""

    state: Checkpoint


def judge(
    request: Request, *, logs: Mapping[str, Sequence[Key]], seen: Checkpoint | None
) -> Accepted | Answer:
    """Return the state to keep and cosign, or the answer that says why not.

    `logs` gives the keys of each origin, and `seen` is the state of that origin cosigned last.
    """
    try:
        origin = checkpoint.claimed(request.signed).origin
        if origin not in logs:
            return Answer(404, b"this log is not known here\n")
        state = checkpoint.open(request.signed, origin=origin, keys=logs[origin])
    except MalformedCheckpoint as error:
        return Answer(400, f"{error.what}\n".encode())
    except Untrue as error:
        return Answer(403, f"{error.what}\n".encode())
    return _continued(request, state, seen)


def _continued(request: Request, state: Checkpoint, seen: Checkpoint | None) -> Accepted | Answer:
    if request.old > state.size:
        return Answer(400, b"the old size is greater than the new\n")
    size, root = (0, tree.EMPTY_ROOT) if seen is None else (seen.size, seen.root)
    if request.old != size or (state.size == size and state.root != root):
        return Answer(409, f"{size}\n".encode(), _SIZE)
    try:
        tree.check_consistency(request.proof, old=(size, root), new=(state.size, state.root))
    except (MalformedProof, Untrue) as error:
        return Answer(422, f"{error.what}\n".encode())
    return Accepted(state)


def cosigned(accepted: Accepted | Answer, signers: Sequence[Secret]) -> Answer:
    """Return the answer with the lines of `signers`, to be sent after the state is kept."""
    if isinstance(accepted, Answer):
        return accepted
    text = accepted.state.text()
    return Answer(200, b"".join(note.line(text, each) for each in signers))


# --- the log's side ----------------------------------------------------------------------------


def added(signed: bytes, lines: bytes, *, known: Sequence[Key]) -> bytes:
    """Return the checkpoint with the lines of the `known` witnesses that an answer brought.

    Of each key the first line is taken: a note has room for so many, and whoever fills it would
    crowd out the others. Lines of strangers are left out; an answer without one known line that
    holds is untrue.
    """
    text, _ = note.split(signed)
    try:
        parsed = [note.parse_line(line) for line in lines.decode().removesuffix("\n").split("\n")]
    except (Malformed, UnicodeDecodeError):
        raise MalformedCheckpoint("the witness did not answer with signature lines") from None
    names = {(key.name, key.id) for key in known}
    first: dict[tuple[str, bytes], note.Line] = {}
    for each in parsed:
        first.setdefault((each.name, each.id), each)
    ours = "".join(str(first[name]) for name in first if name in names).encode()
    if not ours:
        raise Untrue("no witness that is known here has signed the answer")
    note.open(text.encode() + b"\n" + ours, known)
    return signed + ours
