"""A boundary pack: named atoms of the world, with where they come from, pinned by one digest.

The bytes are one line that names the format, one line of strict JSON (`sayso.wire`) that says what
the pack is, and the arrays of its pieces (`sayso.place.pieces`):

    sayso boundary pack 1
    {"atoms":["ad.core",…],"attribution":"© OpenStreetMap contributors",…}
    (bytes to the end)

The digest of a pack is the SHA-256 of all its bytes. A resolution names it, and another pack is
never used in its stead.

A pack has two layers. The *territory* layer is a partition of the world: every point lies in an
atom, be it `high-seas` or `unclaimed`. The *ground* layer has the two atoms `land` and `sea`.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sayso import wire
from sayso.errors import Malformed, MalformedPlace
from sayso.place import pieces
from sayso.place.pieces import Pieces

MAGIC = b"sayso boundary pack 1\n"
HIGH_SEAS = "high-seas"
UNCLAIMED = "unclaimed"
"""Land that no state claims, as far as the zones tell: a few bends of the Danube."""
LAND, SEA = "land", "sea"
GROUND = frozenset({LAND, SEA})
_HOME = files("sayso.place") / "packs"


@dataclass(frozen=True, slots=True)
class Input:
    """What a pack was made from, with its digest."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class About:
    """What a pack says of itself. `error_m` is the farthest a border may lie from the source's."""

    source: str
    version: str
    licence: str
    attribution: str
    error_m: int
    coast_error_m: int
    inputs: tuple[Input, ...]
    atoms: tuple[str, ...]

    @property
    def territories(self) -> tuple[str, ...]:
        """Return the atoms of the territory layer, the high seas among them."""
        return tuple(name for name in self.atoms if name not in GROUND)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Atoms and their pieces, under the digest of the bytes they were read from."""

    about: About
    pieces: Pieces
    sha256: str


def dump(about: About, content: Pieces) -> bytes:
    """Return the bytes of a pack."""
    return MAGIC + wire.dump(wire.encode(about)) + b"\n" + pieces.dump(content)


def load(data: bytes, *, sha256: str | None = None) -> Pack:
    """Return the pack that `data` is; refuse it if it is not the one of the digest `sha256`."""
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and digest != sha256:
        raise MalformedPlace(
            f"the pack has the digest {digest[:16]}…, not {sha256[:16]}…",
            hint="give the pack that was pinned; another one is not used in its stead",
        )
    head, newline, body = data[len(MAGIC) :].partition(b"\n")
    if not data.startswith(MAGIC) or not newline:
        raise MalformedPlace("this is not a boundary pack", hint="its first line names the format")
    about, content = _about(head), pieces.load(body)
    if int(content.atom.max()) >= len(about.atoms):
        raise MalformedPlace("the pack has pieces of an atom that it does not name")
    return Pack(about, content, digest)


def _about(head: bytes) -> About:
    try:
        about = wire.decode(About, wire.load(head))
    except Malformed as error:
        raise MalformedPlace(f"the pack's second line does not say what it is: {error}") from None
    if len(set(about.atoms)) < len(about.atoms) or not set(about.atoms) > GROUND:
        raise MalformedPlace("the pack names an atom twice, or lacks `land` and `sea`")
    return about


@cache
def shipped() -> Pack:
    """Return the world's pack that comes with Sayso."""
    digest = (_HOME / "world.sha256").read_text("ascii").split()[0]
    return load(shipped_bytes(), sha256=digest)


def shipped_bytes() -> bytes:
    """Return the bytes of the world's pack that comes with Sayso."""
    return (_HOME / "world.pack").read_bytes()
