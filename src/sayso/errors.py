"""The one tree of errors.

An error means that something could not be *read, found or kept*. A request that is refused is no
error: it is a value with reasons (`sayso.casework`). Every message says what is wrong, starts in
lower case and puts the user's own words in backticks; `hint` says what to do about it.

Each format raises one class of its own for whatever is wrong with its bytes, so that a reader of
hostile input has one thing to catch.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class SaysoError(Exception):
    """Whatever a user can be told about: `what` went wrong, and in `hint` what to do."""

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}; {self.hint}" if self.hint else self.what


class Malformed(SaysoError):
    """Bytes or text are not what they claim to be. One subclass for each format."""


class MalformedValue(Malformed):
    """Not the strict JSON of `sayso.wire`, or not of the shape asked for."""


class MalformedTime(Malformed):
    """Not an instant, a duration or a period as `sayso.dates` writes them."""


class MalformedNote(Malformed):
    """Not a C2SP signed note, or not a verifier key."""


class MalformedCheckpoint(Malformed):
    """Not a C2SP tlog-checkpoint."""


class MalformedProof(Malformed):
    """Not an inclusion or consistency proof."""


class MalformedSignature(Malformed):
    """Not an SSHSIG signature, or not an OpenSSH key."""


class MalformedEntry(Malformed):
    """Not an entry of the record."""


class MalformedEnclosure(Malformed):
    """Not a sealed text, or not the name of one."""


class MalformedPolicy(Malformed):
    """Not a policy document that can be meant."""


class MalformedPlace(Malformed):
    """Not a place, or not a boundary pack or viewpoint."""


class Untrue(SaysoError):
    """Well-formed, and false: a signature, proof or root that does not verify."""


class Unknown(SaysoError):
    """A name that nothing on the record bears."""

    @classmethod
    def named(cls, kind: str, name: str, known: Iterable[str]) -> "Unknown":
        """Return the error for `name`, with the nearest of the `known` names as the hint."""
        names = sorted(known)
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        if near:
            hint = "did you mean " + " or ".join(f"`{each}`" for each in near) + "?"
        elif names:
            hint = "known are " + ", ".join(f"`{each}`" for each in names[:8])
        else:
            hint = f"no {kind} is on the record yet"
        return cls(f"no {kind} is named `{name}`", hint=hint)


class TokenError(SaysoError):
    """A key in a token cannot be named, reached or used."""


class StoreError(SaysoError):
    """A store cannot be opened, read or written."""


class Damaged(StoreError):
    """What a store holds contradicts itself; nothing is repaired.

    `entry` and `checkpoint` count from 0 and say which one is the first that does not hold, where
    that is known.
    """

    def __init__(
        self, what: str, *, hint: str = "", entry: int | None = None, checkpoint: int | None = None
    ) -> None:
        super().__init__(what, hint=hint)
        self.entry = entry
        self.checkpoint = checkpoint


class Overtaken(StoreError):
    """Somebody else appended first; nothing was written, and the act may be tried again."""
