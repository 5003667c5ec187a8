"""Raw keys and signatures of three algorithms.

Ed25519 (RFC 8032), ECDSA on P-256 with SHA-256 (FIPS 186-5), ML-DSA-44 (FIPS 204, pure, with an
empty context). The only module that knows `cryptography`; above it keys are bytes with a name. A
key that cannot be read raises ValueError, which each format turns into its own error; a signature
either holds or does not.

>>> key = Ed25519.generate()
>>> ed25519_holds(key.public, key.sign(b"sayso"), b"sayso")
True
>>> ed25519_holds(key.public, key.sign(b"sayso"), b"soysay")
False
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_curve_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

ED25519_BYTES = 32
MLDSA44_BYTES = 1312

# The y of the points of small order, in their proper forms and those beyond the prime. Under
# such a key anybody can make a signature that holds for any message; RFC 8032 §5.1.7 lets it pass.
_WEAK = frozenset(
    bytes.fromhex(each)
    for each in (
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)
P256_BYTES = 65  # the uncompressed point of SEC 1 §2.3.3: 0x04, x, y


@dataclass(frozen=True, slots=True, repr=False)
class Ed25519:
    """A private Ed25519 key; it shows nothing of itself when printed."""

    secret: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> "Ed25519":
        """Return a new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.secret.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self.secret.sign(message)

    def pem(self) -> bytes:
        """Return the private key as PKCS#8 PEM, unencrypted."""
        return self.secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def openssh(self) -> bytes:
        """Return the private key as an OpenSSH file, unencrypted."""
        return self.secret.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


@dataclass(frozen=True, slots=True, repr=False)
class P256:
    """A private ECDSA key on P-256; it shows nothing of itself when printed."""

    secret: EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> "P256":
        """Return a new key from the system's randomness."""
        return cls(generate_curve_key(SECP256R1()))

    @property
    def public(self) -> bytes:
        """The 65 bytes of the public point."""
        return self.secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, message: bytes) -> tuple[int, int]:
        """Return the two numbers of the signature over the SHA-256 of `message`."""
        return decode_dss_signature(self.secret.sign(message, ECDSA(SHA256())))

    def openssh(self) -> bytes:
        """Return the private key as an OpenSSH file, unencrypted."""
        return self.secret.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A private Ed25519 key that stays where it is: in a token, say, that signs when it is asked.

    `where` is the line that names it in a file, and `ask` returns the 64 bytes of a signature.
    """

    public: bytes
    where: str
    ask: Callable[[bytes], bytes]

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self.ask(message)

    def pem(self) -> bytes:
        """Return what stands in a file in the place of the key: the line that names it."""
        return self.where.encode("ascii") + b"\n"


@dataclass(frozen=True, slots=True, repr=False)
class HeldP256:
    """The same of ECDSA on P-256; `ask` returns the two numbers, 32 bytes each (SEC 1 §C.8)."""

    public: bytes
    where: str
    ask: Callable[[bytes], bytes]

    def sign(self, message: bytes) -> tuple[int, int]:
        """Return the two numbers of the signature over the SHA-256 of `message`."""
        raw = self.ask(message)
        half = len(raw) // 2
        return int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")


@dataclass(frozen=True, slots=True, repr=False)
class MlDsa44:
    """A private ML-DSA-44 key; it shows nothing of itself when printed."""

    secret: MLDSA44PrivateKey

    @classmethod
    def generate(cls) -> "MlDsa44":
        """Return a new key from the system's randomness."""
        return cls(MLDSA44PrivateKey.generate())

    @property
    def public(self) -> bytes:
        """The 1,312 bytes of the public key."""
        return self.secret.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 2,420 bytes of the signature."""
        return self.secret.sign(message)

    def pem(self) -> bytes:
        """Return the private key, its seed, as PKCS#8 PEM (RFC 9881), unencrypted."""
        return self.secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


Holder = Callable[[str], Held]
"""Gives the key that a token holds, by the line that names it."""


def read_pem(pem: bytes, holder: Holder | None = None) -> Ed25519 | Held | MlDsa44:
    """Return the key of an unencrypted PKCS#8 PEM, or of a line `pkcs11:…`: `pem` undone."""
    if pem.startswith(b"pkcs11:"):
        if holder is None:
            raise ValueError("it is in a token, and nobody is here to open that")
        return holder(pem.decode("ascii", "replace").removesuffix("\n"))
    try:
        secret = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("not an unencrypted PKCS#8 private key in PEM") from None
    match secret:
        case Ed25519PrivateKey():
            return Ed25519(secret)
        case MLDSA44PrivateKey():
            return MlDsa44(secret)
        case _:
            raise ValueError("neither an Ed25519 nor an ML-DSA-44 key")


def read_openssh(file: bytes, passphrase: bytes | None) -> Ed25519 | P256:
    """Return the key of an OpenSSH private key file: `openssh` undone."""
    try:
        secret = load_ssh_private_key(file, passphrase)
    # A cipher it does not know is a NotImplementedError to `cryptography`, and a bad file to us.
    except (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from None
    match secret:
        case Ed25519PrivateKey():
            return Ed25519(secret)
        case EllipticCurvePrivateKey(curve=SECP256R1()):
            return P256(secret)
        case _:
            raise ValueError("neither an Ed25519 nor an ECDSA P-256 key")


def read_der(signature: bytes) -> tuple[int, int]:
    """Return the two numbers of an ECDSA signature in DER, as browsers give it."""
    return decode_dss_signature(signature)


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` over `message` was made with the key of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def mldsa44_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` over `message` was made with the key of `public`."""
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def p256_holds(public: bytes, signature: tuple[int, int], message: bytes) -> bool:
    """Return whether `signature` over SHA-256 of `message` was made with the key of `public`."""
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
        key.verify(encode_dss_signature(*signature), message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def check_ed25519(public: bytes) -> None:
    """Raise ValueError unless `public` has the length of a key, and is not one that all can use."""
    if len(public) != ED25519_BYTES:
        raise ValueError(f"an Ed25519 key has {ED25519_BYTES} bytes")
    if public[:-1] + bytes([public[-1] & 0x7F]) in _WEAK:  # the last bit is the sign of x
        raise ValueError("the Ed25519 key is a weak one, under which anybody can sign")


def check_mldsa44(public: bytes) -> None:
    """Raise ValueError unless `public` has the length of a key."""
    if len(public) != MLDSA44_BYTES:
        raise ValueError(f"an ML-DSA-44 key has {MLDSA44_BYTES} bytes")


def check_p256(public: bytes) -> None:
    """Raise ValueError unless `public` is a point of the curve, uncompressed."""
    if len(public) != P256_BYTES:
        raise ValueError("not an uncompressed point of P-256")
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
