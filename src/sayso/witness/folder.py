"""A witness's folder: its key, and for each log the state that it cosigned last.

    key                  the private key, PEM (PKCS #8), readable by its owner only; or one line,
                         `pkcs11:…`, that names it in a token
    vkey                 the public half, a verifier key line; what a log's policy names
    seen/SHA256          the last state of the log whose origin has this SHA-256, in hexadecimal:
                         the checkpoint with the log's signature and the witness's own
    lock                 held by the one process that answers from this folder

The last state is all that a witness has to say. It is on the disk before a signature over it leaves
the house, under one lock with the question what was cosigned before: of two requests at once, the
second is judged against the first. After a crash the log is at worst told the size it forgot.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from os.path import lexists
from pathlib import Path
from threading import Lock

from sayso import files, private
from sayso.errors import (
    Damaged,
    MalformedCheckpoint,
    MalformedNote,
    MalformedProof,
    SaysoError,
    StoreError,
    Untrue,
)
from sayso.record import checkpoint, note, witness
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import Cosigner, CosignerKey, seconds
from sayso.record.keys import Holder
from sayso.record.note import Key
from sayso.record.witness import Answer, Request

Clock = Callable[[], int]
"""What tells the seconds since 1970."""

Logs = Mapping[str, Sequence[Key]]
"""The keys of each log that is known, by its origin."""


def make(folder: Path, name: str, kind: int) -> CosignerKey:
    """Return the public key of a new witness called `name`, whose key of `kind` is made here."""
    return keep(folder, Cosigner.generate(name, kind))


def keep(folder: Path, made: Cosigner) -> CosignerKey:
    """Return the public key of a new witness, whose key is put into its folder, or named there."""
    key, public = folder / "key", folder / "vkey"
    if lexists(key):  # a link that leads nowhere now may lead to the key when a disk is back
        raise SaysoError(f"`{key}` is there already", hint="a key is never replaced")
    folder.mkdir(parents=True, exist_ok=True)
    files.replace(public, f"{made.key}\n".encode())
    files.replace(key, made.pem(), mode=files.PRIVATE)
    return made.key


def public_key(folder: Path) -> CosignerKey:
    """Return the public key of the witness in `folder`."""
    try:
        return CosignerKey.parse((folder / "vkey").read_text("utf-8").removesuffix("\n"))
    except (MalformedNote, UnicodeDecodeError) as error:
        raise StoreError(f"`{folder / 'vkey'}` is no verifier key: {error}") from None


def _cosigner(folder: Path, holder: Holder | None) -> Cosigner:
    public = public_key(folder)
    with (folder / "key").open("rb") as file:
        private.check(file, f"the witness's key `{folder / 'key'}`")
        pem = file.read()
    try:
        own = Cosigner.read(public.name, pem, holder)
    except MalformedNote as error:
        raise StoreError(f"`{folder / 'key'}` cannot be read: {error.what}") from None
    if own.key != public:
        raise StoreError(f"`{folder / 'key'}` is not the private half of `{folder / 'vkey'}`")
    return own


@contextmanager
def opened(
    folder: Path, logs: Logs, clock: Clock, holder: Holder | None = None
) -> Iterator["Witness"]:
    """Yield the witness in `folder`, which answers for `logs`; no other process may meanwhile.

    `holder` opens the token that holds its key, if one does.
    """
    own = _cosigner(folder, holder)
    with (folder / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"another process is the witness in `{folder}`", hint="end it first"
            ) from None
        (folder / "seen").mkdir(exist_ok=True)
        yield Witness(folder, own, logs, clock)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The state that was cosigned last, and when, in seconds since 1970."""

    state: Checkpoint
    at: int


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness at work; its methods may be called by several threads at once."""

    folder: Path
    own: Cosigner
    logs: Logs
    clock: Clock
    _locks: Mapping[str, Lock] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_locks", {origin: Lock() for origin in self.logs})
        for origin in self.logs:  # what is damaged is said before anything is cosigned
            self._seen(origin)

    def add(self, body: bytes) -> Answer:
        """Return the answer to a request to `add-checkpoint`; if it is 200, the state is kept."""
        try:
            request = Request.parse(body)
            origin = checkpoint.claimed(request.signed).origin
        except (MalformedProof, MalformedCheckpoint) as error:
            return Answer(400, f"{error.what}\n".encode())
        with self._lock(origin):
            seen = self._seen(origin)
            last = None if seen is None else seen.state
            judged = witness.judge(request, logs=self.logs, seen=last)
            if isinstance(judged, Answer):
                return judged
            at = max(self.clock(), 0 if seen is None else seen.at)  # a clock may be set back
            answer = witness.cosigned(judged, [self.own.at(at)])
            files.replace(self._path(origin), self._kept(request.signed, origin) + answer.body)
        return answer

    def last(self, name: str) -> bytes | None:
        """Return the state cosigned last of the log whose origin has the SHA-256 `name`, if any."""
        known = next((each for each in self.logs if _name(each) == name), None)
        return None if known is None else self._read(known)

    def _lock(self, origin: str) -> AbstractContextManager[object]:
        return self._locks.get(origin, nullcontext())

    def _path(self, origin: str) -> Path:
        return self.folder / "seen" / _name(origin)

    def _kept(self, signed: bytes, origin: str) -> bytes:
        """Return the checkpoint with the log's own lines: others' are nobody's word here."""
        opened = note.open(signed, self.logs[origin])
        lines = [
            note.Line(each.key.name, each.key.id, each.signature) for each in opened.signatures
        ]
        return f"{opened.text}\n{''.join(map(str, lines))}".encode()

    def _seen(self, origin: str) -> _Seen | None:
        signed = self._read(origin) if origin in self.logs else None
        if signed is None:
            return None
        try:
            state, opened = checkpoint.opened(signed, origin=origin, keys=[self.own.key])
        except (MalformedCheckpoint, Untrue) as error:
            raise self._damaged(origin, error.what) from None
        self._check_keys(origin, signed)
        return _Seen(state, seconds(opened.signatures[0].signature))

    def _read(self, origin: str) -> bytes | None:
        """Return the file of what was seen of a log; a link that leads nowhere is not nothing."""
        path = self._path(origin)
        if not lexists(path):
            return None
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise self._damaged(origin, "it is a link that leads nowhere") from None

    def _damaged(self, origin: str, why: str) -> Damaged:
        return Damaged(
            f"`{self._path(origin)}` is not what this witness has cosigned: {why}",
            hint="put the right file back; without it the log could be taken back unseen",
        )

    def _check_keys(self, origin: str, signed: bytes) -> None:
        """Raise if a key has signed what was seen of the log that it is not known by any more."""
        known = {(each.name, each.id) for each in (*self.logs[origin], self.own.key)}
        for line in note.split(signed)[1]:
            if line.name == origin and (line.name, line.id) not in known:
                raise StoreError(
                    f"the log `{origin}` has signed with the key {line.id.hex()} as well, and it "
                    "is not named",
                    hint="name each key that `sayso record trust` prints, with a --log each",
                )


def _name(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()
