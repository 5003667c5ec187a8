"""A person's keys, as OpenSSH writes them.

A public key is one line, `TYPE BASE64 [COMMENT]`, where the base64 holds SSH wire fields:

    ssh-ed25519            string "ssh-ed25519", string of 32 bytes             RFC 8709 §4
    ecdsa-sha2-nistp256    string "ecdsa-sha2-nistp256", string "nistp256",
                           string of 65 bytes, the uncompressed point           RFC 5656 §3.1
    sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com
                           the same with their own type, then string application; the key is in
                           hardware (`sayso.record.hardware`)                   PROTOCOL.u2f

The comment is nobody's word and is dropped: a key has one text here. Its fingerprint is `SHA256:`
and the unpadded base64 of the SHA-256 of those fields, as `ssh-keygen -l` shows it.

A private key is the file that `ssh-keygen` writes (OpenSSH PROTOCOL.key), with or without a
passphrase.

>>> key = SigningKey.generate()
>>> PublicKey.parse(str(key.public) + " ann@office") == key.public
True
>>> SigningKey.read(key.openssh()).public == key.public
True
"""

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from sayso.errors import MalformedSignature
from sayso.record import b64, hardware, keys
from sayso.record.hardware import SK_ED25519, SK_P256, WEBAUTHN, Touch
from sayso.record.sshwire import Fields, mpint, string

ED25519 = "ssh-ed25519"
P256 = "ecdsa-sha2-nistp256"

MOST_LINE = 16_384
MOST_FILE = 65_536
MOST_ROUNDS = 4_096  # of bcrypt: about a minute; `ssh-keygen` takes 16 to 24 unless told otherwise

_CURVE = b"nistp256"
_SIGNATURES = {  # the types of signature that a key of each type makes
    ED25519: {ED25519},
    P256: {P256},
    SK_ED25519: {SK_ED25519},
    SK_P256: {SK_P256, WEBAUTHN},
}
_CURVED = {P256, SK_P256}
_HARDWARE = {SK_ED25519, SK_P256}
_TOUCHED = {SK_ED25519, SK_P256, WEBAUTHN}
_MAGIC = b"openssh-key-v1\x00"
_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"
_END = "-----END OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its type, and `raw`, the bytes of the key itself; in hardware, what for."""

    kind: str
    raw: bytes
    application: str = ""

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        """Return the key of a public key line, with or without a comment: `str` undone."""
        return _of_line(line)

    @classmethod
    def of(cls, blob: bytes) -> "PublicKey":
        """Return the key of its wire fields: `blob` undone."""
        return _read(blob)

    def __post_init__(self) -> None:
        if bool(self.application) != (self.kind in _HARDWARE):
            raise MalformedSignature("a key in hardware, and no other, is for an application")
        check = keys.check_p256 if self.kind in _CURVED else keys.check_ed25519
        try:
            check(self.raw)
        except ValueError as error:
            raise MalformedSignature(f"the public key is none: {error}") from None

    @property
    def blob(self) -> bytes:
        """The wire fields of the key."""
        curve = string(_CURVE) if self.kind in _CURVED else b""
        application = string(self.application.encode()) if self.kind in _HARDWARE else b""
        return string(self.kind.encode()) + curve + string(self.raw) + application

    @property
    def fingerprint(self) -> str:
        """The short name of the key, `SHA256:…`."""
        return _fingerprint(self)

    def __str__(self) -> str:
        return f"{self.kind} {b64.write(self.blob)}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Return whether `signature`, in SSH wire fields, over `message` was made with this key.

        Raises `Untrue` if it says itself why it counts for nothing: `hardware.covered`.
        """
        made = Made.parse(signature)
        if made.kind not in _SIGNATURES[self.kind]:
            raise MalformedSignature(f"the signature is not of type `{self.kind}`")
        covered = message
        if made.touch is not None:
            covered = hardware.covered(made.touch, self.application, message)
        if self.kind in _CURVED:
            return keys.p256_holds(self.raw, _pair(made.inner), covered)
        return keys.ed25519_holds(self.raw, made.inner, covered)


@lru_cache(maxsize=1024)  # the same few people sign again and again
def _of_line(line: str) -> PublicKey:
    kind, _, rest = line.strip("\n").partition(" ")
    if len(line) > MOST_LINE or "\n" in rest:
        raise MalformedSignature("a public key is one line: TYPE BASE64 COMMENT")
    try:
        blob = b64.read(rest.partition(" ")[0])
    except ValueError:
        raise MalformedSignature(
            "the public key is not base64", hint="give the line of a .pub file"
        ) from None
    key = PublicKey.of(blob)
    if key.kind != kind:
        raise MalformedSignature(f"a key of type `{key.kind}` is called `{kind[:40]}`")
    return key


@lru_cache(maxsize=1024)
def _fingerprint(key: PublicKey) -> str:
    return "SHA256:" + b64.write(sha256(key.blob).digest()).rstrip("=")


@lru_cache(maxsize=1024)
def _read(blob: bytes) -> PublicKey:
    fields = Fields(blob)
    kind = fields.text()
    if kind not in _SIGNATURES:
        raise MalformedSignature(
            f"keys of type `{kind[:40]}` are not known here",
            hint="ssh-ed25519 and ecdsa-sha2-nistp256 are, and both in hardware, as sk-",
        )
    if kind in _CURVED and fields.string() != _CURVE:
        raise MalformedSignature("the curve of the key is not nistp256")
    raw = fields.string()
    application = fields.text() if kind in _HARDWARE else ""
    fields.end()
    return PublicKey(kind, raw, application)


@dataclass(frozen=True, slots=True)
class Made:
    """A signature in SSH wire fields, as it was read: type, itself, and a hardware key's touch."""

    kind: str
    inner: bytes
    touch: Touch | None = None

    @classmethod
    def parse(cls, signature: bytes) -> "Made":
        """Return the signature of its wire fields: bytes undone."""
        fields = Fields(signature)
        kind, inner = fields.text(), fields.string()
        touch = hardware.read(fields, kind) if kind in _TOUCHED else None
        fields.end()
        return cls(kind, inner, touch)

    def __bytes__(self) -> bytes:
        touch = b"" if self.touch is None else bytes(self.touch)
        return string(self.kind.encode()) + string(self.inner) + touch


def _pair(inner: bytes) -> tuple[int, int]:
    numbers = Fields(inner)
    pair = numbers.mpint(), numbers.mpint()
    numbers.end()
    return pair


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key, and its public half; it shows nothing of itself when printed."""

    secret: keys.Ed25519 | keys.P256 | keys.Held | keys.HeldP256
    public: PublicKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        plain = isinstance(self.secret, keys.Ed25519 | keys.Held)
        public = PublicKey(ED25519 if plain else P256, self.secret.public)
        object.__setattr__(self, "public", public)  # derived here, and frozen like the rest

    @classmethod
    def generate(cls, kind: str = ED25519) -> "SigningKey":
        """Return a new key of `kind` from the system's randomness."""
        return cls(keys.P256.generate() if kind == P256 else keys.Ed25519.generate())

    @classmethod
    def read(cls, file: bytes, passphrase: bytes | None = None) -> "SigningKey":
        """Return the key of an OpenSSH private key file: `openssh` undone."""
        if _locked(file) and not passphrase:
            raise MalformedSignature(
                "the private key is locked with a passphrase", hint="give its passphrase"
            )
        try:
            return cls(keys.read_openssh(file, passphrase if _locked(file) else None))
        except ValueError as error:
            raise MalformedSignature(f"the private key cannot be read: {error}") from None

    def openssh(self) -> bytes:
        """Return the private key as an OpenSSH file, unencrypted: whoever has it signs."""
        if isinstance(self.secret, keys.Held | keys.HeldP256):
            raise MalformedSignature("the private key is in a token, which does not give it out")
        return self.secret.openssh()

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in SSH wire fields."""
        if isinstance(self.secret, keys.Ed25519 | keys.Held):
            return bytes(Made(ED25519, self.secret.sign(message)))
        first, second = self.secret.sign(message)
        return bytes(Made(P256, mpint(first) + mpint(second)))


def _locked(file: bytes) -> bool:
    """Return whether a private key file needs a passphrase; refuses one that would take forever.

    The number of bcrypt rounds stands unauthenticated in the file: PROTOCOL.key, section 2.
    """
    fields = Fields(_unarmored(file))
    if fields.take(len(_MAGIC)) != _MAGIC:
        raise MalformedSignature("the file is not an OpenSSH private key")
    cipher, kdf, options = fields.text(), fields.text(), Fields(fields.string())
    if cipher == "none":
        return False
    if kdf != "bcrypt":
        raise MalformedSignature(f"the private key is locked with `{kdf[:20]}`, not with bcrypt")
    options.string()
    if options.uint32() > MOST_ROUNDS:
        raise MalformedSignature(f"the private key takes more than {MOST_ROUNDS} rounds to unlock")
    return True


def _unarmored(file: bytes) -> bytes:
    lines = file[:MOST_FILE].decode("ascii", "replace").strip().splitlines() or [""]
    if (lines[0], lines[-1]) != (_BEGIN, _END):
        raise MalformedSignature(
            "the file is not an OpenSSH private key", hint="`ssh-keygen -t ed25519` makes one"
        )
    try:
        return b64.read("".join(lines[1:-1]))
    except ValueError:
        raise MalformedSignature("the private key is not base64") from None
