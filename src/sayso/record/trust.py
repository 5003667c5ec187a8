r"""Whom to believe about a record: a trust policy, C2SP tlog-policy.

A file of lines, each ended by a newline; words stand between spaces or tabs; `#` begins a comment.

    log VKEY [URL]                 a checkpoint must be signed by one of these; the name of the key
                                   is the origin
    witness NAME VKEY [URL]        somebody who may cosign
    group NAME K MEMBER...         agrees if K of its members do; `any` is 1, `all` is every one
    quorum NAME                    the witness or group that must agree; `none` asks for nobody

A name is defined before it is used, and is a member once at most, so that no witness counts twice.
The same public key may not come twice (the standard has it so of the logs, and of the witnesses).

>>> from sayso.record.note import Signer
>>> from sayso.record.tree import EMPTY_ROOT
>>> log = Signer.generate("log.example")
>>> trust = Trust.parse(f"log {log.key}\nquorum none\n".encode())
>>> signed = checkpoint.sign(Checkpoint("log.example", 0, EMPTY_ROOT), [log])
>>> trust.open(signed).checkpoint.size
0
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.errors import MalformedNote, Untrue
from sayso.record import checkpoint, distinct, note
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import CosignerKey
from sayso.record.distinct import Owned
from sayso.record.note import VerifierKey

MOST_BYTES = 1_000_000
MOST_LINES = (
    1_000  # 32 logs, 32 witnesses and 32 groups must fit: tlog-policy, Implementation limits
)
NOBODY = "none"

LogKey = VerifierKey | CosignerKey

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who may cosign, by the name that the policy gives."""

    name: str
    key: CosignerKey
    url: str = ""

    @property
    def words(self) -> str:
        """What to call it in a sentence."""
        return f"the witness `{self.name}`"


@dataclass(frozen=True, slots=True)
class Group:
    """Agrees if `threshold` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trusted:
    """A checkpoint that the policy believes, its log's keys, and who of its witnesses cosigned."""

    checkpoint: Checkpoint
    logs: tuple[LogKey, ...]
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """The logs and witnesses that are known, and who of them must agree."""

    logs: tuple[LogKey, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    @classmethod
    def parse(cls, raw: bytes) -> "Trust":
        """Return the policy of a file: `text` undone, up to comments and URLs of logs."""
        draft = _Draft()
        for number, words in _lines(raw):
            try:
                draft.take(words)
            except MalformedNote as error:
                raise MalformedNote(f"line {number}: {error.what}", hint=error.hint) from None
        return draft.done()

    def text(self) -> str:
        """Return the policy as a file."""
        lines = [f"log {key}" for key in self.logs]
        lines += [f"witness {each.name} {each.key} {each.url}".rstrip() for each in self.witnesses]
        for group in self.groups:
            lines.append(f"group {group.name} {group.threshold} {' '.join(group.members)}")
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    @property
    def owned(self) -> tuple[Owned, ...]:
        """The keys of the logs and witnesses, and whose each is."""
        logs = ((f"the log `{each.name}`", each.public) for each in self.logs)
        return (*logs, *((each.words, each.key.public) for each in self.witnesses))

    def open(self, signed: bytes) -> Trusted:
        """Return the checkpoint that a note carries, if the policy believes it.

        Any one of a log's keys will do here, as the standard says; `Trusted` tells which signed.
        """
        origin = checkpoint.claimed(signed).origin
        logs = [key for key in self.logs if key.name == origin]
        if not logs:
            raise Untrue(f"`{origin}` is no log that is trusted here")
        known = [*logs, *(each.key for each in self.witnesses)]
        state, opened = checkpoint.opened(signed, origin=origin, keys=known)
        keys = [each.key for each in opened.signatures]
        by = tuple(key for key in logs if key in keys)
        if not by:
            raise Untrue(f"the checkpoint is not signed by the log `{origin}`")
        agreed = tuple(each.name for each in self.witnesses if each.key in keys)
        if not self._quorum(agreed):
            raise Untrue(
                f"the checkpoint is cosigned by {len(agreed)} of {len(self.witnesses)} witnesses",
                hint=f"the quorum `{self.quorum}` is not reached",
            )
        return Trusted(state, by, agreed)

    def _quorum(self, agreed: Iterable[str]) -> bool:
        """Return whether the quorum is among those who agree; a group stands after its members."""
        agreeing = {NOBODY, *agreed}
        for group in self.groups:
            if sum(member in agreeing for member in group.members) >= group.threshold:
                agreeing.add(group.name)
        return self.quorum in agreeing


def read_key(text: str) -> LogKey:
    """Return the key of a verifier key line of any type that a log may sign with."""
    _, kind, _ = note.parse_key(text)
    return VerifierKey.parse(text) if kind == note.ED25519 else CosignerKey.parse(text)


# --- reading -----------------------------------------------------------------------------------


def _lines(raw: bytes) -> Iterable[tuple[int, list[str]]]:
    """Yield the number and words of each line that says something.

    Names are octets to the policy; what is not UTF-8 passes through and stays distinct.
    """
    if len(raw) > MOST_BYTES or raw.count(b"\n") > MOST_LINES:
        raise MalformedNote(f"a policy has at most {MOST_LINES} lines and {MOST_BYTES} bytes")
    if not raw.endswith(b"\n") or _CONTROL.search(raw):
        raise MalformedNote("a policy is lines, each ended by a newline, of words, spaces and tabs")
    for number, line in enumerate(raw[:-1].split(b"\n"), 1):
        words = re.split(r"[ \t]+", line.decode("utf-8", "surrogateescape").strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            yield number, words


class _Draft:
    """A policy while its lines are read: it changes, and nobody else sees it."""

    def __init__(self) -> None:
        self.logs: list[LogKey] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum = ""
        self.free: set[str] = set()  # names that are defined and not yet members
        self.names: set[str] = {NOBODY}
        self.owners: dict[str, str] = {}  # whose each key is, by its bytes in hexadecimal

    def take(self, words: Sequence[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self.take_log(read_key(key))
            case ["witness", name, key]:
                self.take_witness(Witness(name, CosignerKey.parse(key)))
            case ["witness", name, key, url]:
                self.take_witness(Witness(name, CosignerKey.parse(key), url))
            case ["group", name, threshold, *members] if members:
                self.take_group(name, threshold, members)
            case ["quorum", name]:
                self.take_quorum(name)
            case _:
                raise MalformedNote(
                    f"`{words[0][:20]}` with {len(words) - 1} words is nothing a policy says",
                    hint="a policy says log, witness, group and quorum",
                )

    def take_log(self, key: LogKey) -> None:
        self.take_key(f"the log `{key.name}`", key)
        self.logs.append(key)

    def take_witness(self, witness: Witness) -> None:
        self.take_key(witness.words, witness.key)
        self.define(witness.name)
        self.witnesses.append(witness)

    def take_key(self, whose: str, key: LogKey) -> None:
        words = distinct.shared(((whose, key.public),), known=self.owners)
        if words is not None:
            raise MalformedNote(words, hint="each has a key of its own")
        self.owners[key.public.hex()] = whose

    def take_group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        known = {"any": 1, "all": len(members)}
        count = known.get(threshold) or (int(threshold) if _NUMBER.fullmatch(threshold) else 0)
        if not 1 <= count <= len(members):
            raise MalformedNote(f"the group `{name}` cannot want `{threshold}` of {len(members)}")
        for member in members:
            if member not in self.free:
                raise MalformedNote(f"`{member}` is not defined above, or is in a group already")
            self.free.remove(member)
        self.define(name)
        self.groups.append(Group(name, count, tuple(members)))

    def take_quorum(self, name: str) -> None:
        if self.quorum:
            raise MalformedNote("the quorum is said twice")
        if name not in self.names:
            raise MalformedNote(f"the quorum `{name}` is not defined above")
        self.quorum = name

    def define(self, name: str) -> None:
        if name in self.names:
            raise MalformedNote(f"the name `{name}` is defined twice")
        self.names.add(name)
        self.free.add(name)

    def done(self) -> Trust:
        if not self.quorum:
            raise MalformedNote("the policy has no quorum", hint="`quorum none` asks for nobody")
        parts = tuple(self.logs), tuple(self.witnesses), tuple(self.groups)
        return Trust(*parts, quorum=self.quorum)
