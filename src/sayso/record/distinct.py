"""No key is two parties': those of the log, of every person and of every witness are all different.

Else who has one of them could do what takes two. They are told apart by the bytes of the public key
alone, so that the same key in another form, or under another name, is the same.

>>> shared([("the log", b"one"), ("`ann`", b"two")])
>>> shared([("the log", b"one"), ("`ann`", b"one")])
'the key of `ann` is the key of the log already'
>>> shared([("`ann`", b"one")], known={b"one".hex(): "the witness `w`"})
'the key of `ann` is the key of the witness `w` already'
"""

from collections.abc import Iterable, Mapping

Owned = tuple[str, bytes]
"""Whose a key is, in words, and its bytes."""


def shared(keys: Iterable[Owned], *, known: Mapping[str, str] | None = None) -> str | None:
    """Return in words which of `keys` is another's already; None if all are different.

    `known` says whose further keys are, by their bytes in hexadecimal.
    """
    owners = dict[str, str]()
    for whose, raw in keys:
        name = raw.hex()
        other = owners.get(name) or (known or {}).get(name)
        if other is not None:
            return f"the key of {whose} is the key of {other} already"
        owners[name] = whose
    return None
