r"""A log's private keys, each of which signs every checkpoint, and the file that holds them.

A log signs with Ed25519, which every reader knows, and, unless it was begun without, with ML-DSA-44
beside it: under the log's own name and with no time (C2SP tlog-cosignature v1.1). What it signs
today is then still believed on the day when Ed25519 can be forged.

The file holds one or two keys, one after the other, and nothing else:

    -----BEGIN PRIVATE KEY-----    of Ed25519, in unencrypted PKCS #8 (RFC 8410); in its place may
    …                              stand one line, `pkcs11:…` (RFC 7512): the key is in a token,
    -----END PRIVATE KEY-----      which signs with it and never gives it out
    -----BEGIN PRIVATE KEY-----    of ML-DSA-44, in the same form: its seed (RFC 9881)
    …
    -----END PRIVATE KEY-----

>>> log = Log.generate("log.example")
>>> Log.read("log.example", log.file()).keys == log.keys
True
>>> [key.algorithm for key in log.keys]
['Ed25519', 'ML-DSA-44']
>>> from sayso.record.tree import EMPTY_ROOT
>>> checkpoint.open(log.sign(0, EMPTY_ROOT), origin="log.example", keys=log.keys).size
0
"""

import re
from dataclasses import dataclass

from sayso.errors import MalformedNote
from sayso.record import checkpoint
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import MLDSA44, Cosigner
from sayso.record.keys import Holder, MlDsa44
from sayso.record.note import Signer
from sayso.record.trust import LogKey

MOST_BYTES = 16_384

_PEM = rb"-----BEGIN PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PRIVATE KEY-----(?:\r?\n|\Z)"
_HELD = rb"pkcs11:[\x21-\x7e]+\n"
_KEY = re.compile(_PEM + rb"|" + _HELD)
_MOST_KEYS = 2


@dataclass(frozen=True, slots=True)
class Log:
    """A log that can sign: its key of Ed25519, and the one of ML-DSA-44 if it has it."""

    classical: Signer
    quantum: Cosigner | None = None

    @classmethod
    def generate(cls, name: str, *, classical: bool = False) -> "Log":
        """Return a log of that name with new keys; of Ed25519 alone if it is to be `classical`."""
        first = Signer.generate(name)
        return cls(first) if classical else cls(first, Cosigner.generate(name, MLDSA44))

    @classmethod
    def read(cls, name: str, file: bytes, holder: Holder | None = None) -> "Log":
        """Return the log of that name whose keys a file holds, or names: `file` undone."""
        first, *rest = _parts(name, file)
        classical = Signer.read(name, first, holder)
        quantum = Cosigner.read(name, rest[0]) if rest else None
        if quantum is not None and not isinstance(quantum.secret, MlDsa44):
            raise MalformedNote(f"the second key of `{name}` is not an ML-DSA-44 key")
        return cls(classical, quantum)

    def file(self) -> bytes:
        """Return the file of the keys: whoever has it signs, unless a token holds the first."""
        return self.classical.pem() + (b"" if self.quantum is None else self.quantum.pem())

    @property
    def name(self) -> str:
        """The origin of the log's record."""
        return self.classical.name

    @property
    def keys(self) -> tuple[LogKey, ...]:
        """The public halves, in the order of the lines that they sign."""
        first = self.classical.key
        return (first,) if self.quantum is None else (first, self.quantum.key)

    def sign(self, size: int, root: bytes) -> bytes:
        """Return the checkpoint over the first `size` entries, signed with every key."""
        state = Checkpoint(self.name, size, root)
        if self.quantum is None:
            return checkpoint.sign(state, (self.classical,))
        return checkpoint.sign(state, (self.classical, self.quantum.at(0)))


def _parts(name: str, file: bytes) -> list[bytes]:
    parts = _KEY.findall(file) if len(file) <= MOST_BYTES else []
    if b"".join(parts) != file or not 1 <= len(parts) <= _MOST_KEYS:
        raise MalformedNote(
            f"the private keys of `{name}` are not one or two in PEM, and nothing else",
            hint="an Ed25519 key stands first, and one of ML-DSA-44 may follow",
        )
    return parts
