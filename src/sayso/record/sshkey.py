"""A person's keys, as OpenSSH writes them.

A public key is one line, `TYPE BASE64 [COMMENT]`, where the base64 holds SSH wire fields:

    ssh-ed25519            string "ssh-ed25519", string of 32 bytes             RFC 8709 §4
    ecdsa-sha2-nistp256    string "ecdsa-sha2-nistp256", string "nistp256",
                           string of 65 bytes, the uncompressed point           RFC 5656 §3.1

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

from dataclasses import dataclass
from hashlib import sha256

from sayso.errors import MalformedSignature
from sayso.record import b64, keys
from sayso.record.sshwire import Fields, mpint, string

ED25519 = "ssh-ed25519"
P256 = "ecdsa-sha2-nistp256"

MOST_LINE = 16_384
MOST_FILE = 65_536
MOST_ROUNDS = 4_096  # of bcrypt: about a minute; `ssh-keygen` takes 16 to 24 unless told otherwise

_CURVE = b"nistp256"
_MAGIC = b"openssh-key-v1\x00"
_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"
_END = "-----END OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its type, and `raw`, the bytes of the key itself."""

    kind: str
    raw: bytes

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        """Return the key of a public key line, with or without a comment: `str` undone."""
        kind, _, rest = line.strip("\n").partition(" ")
        if len(line) > MOST_LINE or "\n" in rest:
            raise MalformedSignature("a public key is one line: TYPE BASE64 COMMENT")
        try:
            blob = b64.read(rest.partition(" ")[0])
        except ValueError:
            raise MalformedSignature(
                "the public key is not base64", hint="give the line of a .pub file"
            ) from None
        key = cls.of(blob)
        if key.kind != kind:
            raise MalformedSignature(f"a key of type `{key.kind}` is called `{kind[:40]}`")
        return key

    @classmethod
    def of(cls, blob: bytes) -> "PublicKey":
        """Return the key of its wire fields: `blob` undone."""
        fields = Fields(blob)
        kind = fields.text()
        if kind not in {ED25519, P256}:
            raise MalformedSignature(
                f"keys of type `{kind[:40]}` are not known here",
                hint="ssh-ed25519 and ecdsa-sha2-nistp256 are",
            )
        if kind == P256 and fields.string() != _CURVE:
            raise MalformedSignature("the curve of the key is not nistp256")
        raw = fields.string()
        fields.end()
        return cls(kind, raw)

    def __post_init__(self) -> None:
        check = keys.check_p256 if self.kind == P256 else keys.check_ed25519
        try:
            check(self.raw)
        except ValueError as error:
            raise MalformedSignature(f"the public key is none: {error}") from None

    @property
    def blob(self) -> bytes:
        """The wire fields of the key."""
        curve = string(_CURVE) if self.kind == P256 else b""
        return string(self.kind.encode()) + curve + string(self.raw)

    @property
    def fingerprint(self) -> str:
        """The short name of the key, `SHA256:…`."""
        return "SHA256:" + b64.write(sha256(self.blob).digest()).rstrip("=")

    def __str__(self) -> str:
        return f"{self.kind} {b64.write(self.blob)}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Return whether `signature`, in SSH wire fields, over `message` was made with this key."""
        fields = Fields(signature)
        if fields.text() != self.kind:
            raise MalformedSignature(f"the signature is not of type `{self.kind}`")
        inner = fields.string()
        fields.end()
        if self.kind == ED25519:
            return keys.ed25519_holds(self.raw, inner, message)
        numbers = Fields(inner)
        pair = numbers.mpint(), numbers.mpint()
        numbers.end()
        return keys.p256_holds(self.raw, pair, message)


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key; it shows nothing of itself when printed."""

    secret: keys.Ed25519 | keys.P256

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
        return self.secret.openssh()

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(
            ED25519 if isinstance(self.secret, keys.Ed25519) else P256, self.secret.public
        )

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in SSH wire fields."""
        if isinstance(self.secret, keys.Ed25519):
            return string(ED25519.encode()) + string(self.secret.sign(message))
        first, second = self.secret.sign(message)
        return string(P256.encode()) + string(mpint(first) + mpint(second))


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
