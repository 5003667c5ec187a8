"""The name of a key in a token: a `pkcs11:` URI, RFC 7512.

    pkcs11:token=office;object=log?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/pin

Before the question mark stands what the key is: `object` (its label) or `id` (its bytes), and which
token it is in: `token` (the label), `serial`, `manufacturer`, `model`. After it stands how to get
there: `module-path`, the library that the token's maker gives, which must be named, and
`pin-source`, a file with the PIN; whoever names none is asked. Each is named once, in UTF-8, with
`%` before two hexadecimal digits for any other byte (§2.3).

`pin-value` is refused, for a PIN does not belong where a command line or a log can show it; so is
all that would not be heeded here, rather than another key be used than the one that was meant
(§2.4 lets a reader refuse what it does not know).

>>> key = KeyUri.parse("pkcs11:object=log;token=the%20office?module-path=/lib/x.so")
>>> key.token, key.object
('the office', 'log')
>>> print(key)
pkcs11:token=the%20office;object=log?module-path=/lib/x.so
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

from sayso.errors import TokenError

SCHEME = "pkcs11:"
MOST_LETTERS = 2_048

_TEXT = re.compile(r"(?:[A-Za-z0-9\-._~:\[\]@!$'()*+,=/&?|]|%[0-9A-Fa-f]{2})*")
_SAFE = "-._~:[]@!$'()*+,/"
_PATH = ("token", "serial", "manufacturer", "model", "object", "id", "type")
_QUERY = ("module-path", "pin-source")
_HINT = "as in pkcs11:token=office;object=ann?module-path=/usr/lib/softhsm/libsofthsm2.so"


@dataclass(frozen=True, slots=True)
class KeyUri:
    """Which key, in which token, and through which library; `None` is any."""

    module: str
    object: str | None = None
    id: bytes | None = None
    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    pin_source: str | None = None

    def __post_init__(self) -> None:
        if not self.object and not self.id:
            raise TokenError("a key in a token is named by `object` or by `id`", hint=_HINT)
        if not self.module.startswith("/"):
            raise TokenError(
                "a key in a token needs `module-path`, the whole path of the token's library",
                hint=_HINT,
            )

    @classmethod
    def parse(cls, text: str) -> "KeyUri":
        """Return the name that `text` is: `str` undone."""
        if not text.startswith(SCHEME) or len(text) > MOST_LETTERS:
            raise TokenError(f"`{text[:40]}` is no pkcs11: URI", hint=_HINT)
        path, _, query = text.removeprefix(SCHEME).partition("?")
        said = _attributes(path.split(";"), _PATH)
        how = _attributes(query.split("&"), _QUERY)
        if said.pop("type", b"private") != b"private":
            raise TokenError("the object that is named must be of `type=private`")
        found = {name: _decoded(name, raw) for name, raw in said.items() if name != "id"}
        return cls(
            module=_decoded("module-path", how.get("module-path", b"")),
            id=said.get("id"),
            pin_source=_file(how.get("pin-source")),
            **found,
        )

    def __str__(self) -> str:
        said = [
            (name, value.encode() if isinstance(value, str) else value)
            for name in _PATH
            if name != "type" and (value := getattr(self, name)) is not None
        ]
        how = [("module-path", self.module.encode())]
        if self.pin_source is not None:
            how.append(("pin-source", self.pin_source.encode()))
        return f"{SCHEME}{';'.join(map(_written, said))}?{'&'.join(map(_written, how))}"


def _written(pair: tuple[str, bytes]) -> str:
    name, value = pair
    return f"{name}={quote_from_bytes(value, '' if name == 'id' else _SAFE)}"


def _attributes(parts: Iterable[str], known: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in filter(None, parts):
        name, equals, value = part.partition("=")
        if name == "pin-value":
            raise TokenError(
                "a PIN is not written into a URI, where others can see it",
                hint="name a file with `pin-source`, set SAYSO_PIN, or wait to be asked",
            )
        if not equals or not _TEXT.fullmatch(value):
            raise TokenError(f"`{part[:40]}` is not written as in a pkcs11: URI", hint=_HINT)
        if name not in known:
            raise TokenError(
                f"`{name[:40]}` is nothing that names a key here, or stands in the wrong place",
                hint=f"before the `?` stand {', '.join(_PATH)}; after it {', '.join(_QUERY)}",
            )
        if name in found:
            raise TokenError(f"`{name}` is said twice")
        found[name] = unquote_to_bytes(value)
    return found


def _decoded(name: str, raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise TokenError(f"`{name}` is not UTF-8") from None
    if not text.isprintable():
        raise TokenError(f"`{name}` has a character that cannot be shown")
    return text


def _file(raw: bytes | None) -> str | None:
    """Return the path that a `pin-source` names: an absolute one, or a URI of one (§2.4)."""
    if raw is None:
        return None
    path = _decoded("pin-source", raw).removeprefix("file://").removeprefix("file:")
    if not path.startswith("/"):
        raise TokenError(
            "`pin-source` names a file by its whole path", hint="as in pin-source=/etc/office.pin"
        )
    return path
