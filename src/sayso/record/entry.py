r"""One entry of the record: something a person said, as it was signed, and when it was recorded.

An entry is exactly these bytes, in the strict JSON of `sayso.wire` with sorted keys and no spaces
(line breaks here are for reading only):

    {"payload":"BASE64",                                      what was said: the signed bytes
     "payloadType":"application/vnd.sayso.KIND.v1+json",      what kind of thing was said
     "recordedAt":"2025-05-30T00:00:00Z",                     when the recorder took it in
     "signatures":[{"keyid":"SHA256:…","sig":"-----BEGIN SSH SIGNATURE-----\n…"}]}

The leaf of the tree is the whole entry, so that nothing in it can change. The payload is itself
strict JSON, an object with a `nonce`: 16 random bytes in base64url, so that nobody can guess an
entry from its hash. It is hashed and signed as it stands and never written anew. The person signs
exactly the payload, under the namespace `KIND@sayso` (`sayso.record.signature`): the kind stands
in the type and in the namespace, and a signature over one kind of thing is none over another.

`recordedAt` stands outside what the person signs because it is the word of another: the person
cannot know when, or whether, the recorder will take the entry in, and the recorder cannot change
what was signed. *Who may act* is judged at this moment, so it must not be the signer's to choose;
the checkpoint, and the witnesses with it, vouch for it instead. What the signer says of time
stands in the payload.

An entry may have no signature, as a tick of the clock has none; casework knows who must sign what.

>>> key = SigningKey.generate()
>>> payload = b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAA","outcome":"granted"}'
>>> entry = Entry("decision", payload, (sign(key, "decision", payload),), Instant(0))
>>> read(write(entry)) == entry
True
>>> check(entry, key.public)
"""

import re
from dataclasses import dataclass, field

from sayso import wire
from sayso.dates import Instant
from sayso.errors import Malformed, MalformedEntry, MalformedSignature, Untrue
from sayso.record import b64, signature
from sayso.record.signature import PublicKey, SigningKey

MOST_BYTES = 65_535  # an entry's length is a uint16 in an entry bundle: tlog-tiles, Log entries
MOST_SIGNATURES = 16
NONCE_BYTES = 16

_KIND = re.compile(r"[a-z][a-z0-9]{0,31}(?:-[a-z0-9]{1,32}){0,3}")
_TYPE = re.compile(r"application/vnd\.sayso\.([a-z0-9-]{1,132})\.v1\+json")
_PLAIN = re.compile(  # an entry of at most one signature, in whose texts nothing is escaped but \n
    rb'\{"payload":"([A-Za-z0-9+/]*={0,2})",'
    rb'"payloadType":"application/vnd\.sayso\.([a-z0-9-]{1,132})\.v1\+json",'
    rb'"recordedAt":"([0-9:TZ.-]{20,27})",'
    rb'"signatures":\[(?:\{"keyid":"(SHA256:[A-Za-z0-9+/]{43})",'
    rb'"sig":"((?:[ !#-\[\]-~]++|\\n)*+)"\})?\]\}'
)
_KEYID = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")  # the last letter has four spare bits, which are 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who is said to have signed, by fingerprint, and the armored signature; not verified."""

    keyid: str
    sig: str

    def __post_init__(self) -> None:
        if not _KEYID.fullmatch(self.keyid):
            raise MalformedEntry(f"`{self.keyid[:60]}` is not the fingerprint of a key")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said, of which kind, by whom, and when it was recorded; not verified.

    `value` is what the payload's bytes stand for: they are read once, when the entry is made.
    `holding` are the fingerprints of keys whose signatures were found to hold: only `opened` says.
    """

    kind: str
    payload: bytes
    signatures: tuple[Signature, ...]
    recorded_at: Instant
    holding: frozenset[str] = field(default=frozenset(), init=False, repr=False, compare=False)
    value: wire.Value = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise MalformedEntry(f"`{self.kind[:60]}` is not a kind", hint="write it like-this")
        if len(self.signatures) > MOST_SIGNATURES:
            raise MalformedEntry(f"an entry has at most {MOST_SIGNATURES} signatures")
        value = _loaded(self.payload, "payload")
        _check_nonce(value)
        object.__setattr__(self, "value", value)  # derived here, and frozen like the rest

    def __hash__(self) -> int:
        return hash(self.payload)  # its nonce tells it from others

    @property
    def namespace(self) -> str:
        """The namespace its signatures are made under."""
        return namespace(self.kind)

    def __reduce__(self) -> tuple[object, ...]:
        # From process to process as it was read: nothing is parsed or verified a second time.
        signatures = tuple((each.keyid, each.sig) for each in self.signatures)
        told = (self.kind, self.payload, signatures, self.recorded_at.micros)
        return _as_read, (told, self.value, self.holding)


def _as_read(
    told: tuple[str, bytes, tuple[tuple[str, str], ...], int],
    value: wire.Value,
    holding: frozenset[str],
) -> Entry:
    """Return the entry that another process of this program has read: `__reduce__` undone."""
    kind, payload, signatures, micros = told
    entry = object.__new__(Entry)
    object.__setattr__(entry, "kind", kind)
    object.__setattr__(entry, "payload", payload)
    object.__setattr__(entry, "signatures", tuple(Signature(*each) for each in signatures))
    object.__setattr__(entry, "recorded_at", Instant(micros))
    object.__setattr__(entry, "value", value)
    object.__setattr__(entry, "holding", holding)
    return entry


def namespace(kind: str) -> str:
    """Return the SSHSIG namespace of entries of `kind`."""
    return f"{kind}@sayso"


def nonce(random: bytes) -> str:
    """Return the text of a nonce: 16 bytes of the system's randomness, drawn at the rim."""
    if len(random) != NONCE_BYTES:
        raise MalformedEntry(f"a nonce has {NONCE_BYTES} bytes")
    return b64.write_url(random)


def sign(key: SigningKey, kind: str, payload: bytes) -> Signature:
    """Return the signature of `key` over the payload of an entry of `kind`: what `check` checks."""
    return Signature(key.public.fingerprint, signature.sign(key, namespace(kind), payload))


def check(entry: Entry, public: PublicKey) -> None:
    """Raise unless the holder of `public` has signed the entry."""
    if public.fingerprint in entry.holding:
        return
    named = [each for each in entry.signatures if each.keyid == public.fingerprint]
    if not named:
        raise Untrue(f"the key {public.fingerprint} has not signed this entry")
    for each in named:
        signature.verify(public, entry.namespace, entry.payload, each.sig)


def opened(raw: bytes) -> Entry:
    """Return the entry of its bytes with its signatures verified, as far as they hold."""
    entry = read(raw)
    object.__setattr__(entry, "holding", _holding(entry))  # before anybody else sees it
    return entry


def vouched(entry: Entry) -> Entry:
    """Return the entry with its signatures verified, as far as they hold."""
    return _made(entry, entry.recorded_at, _holding(entry))


def _holding(entry: Entry) -> frozenset[str]:
    """Return the fingerprints of the keys whose signatures hold.

    A signature brings its public key along, and the fingerprint is a digest of that key: so the
    costly half of `check` needs no register of keys, and can be done anywhere and in any order.
    Whose key it is, and whether it may sign, is asked later, of `check` and of casework.
    """
    found = [(each.keyid, _holds(entry, each)) for each in entry.signatures]
    failed = {keyid for keyid, holds in found if not holds}
    return frozenset(keyid for keyid, _ in found) - failed


def stamped(entry: Entry, recorded_at: Instant) -> Entry:
    """Return the entry as it is recorded at that moment, on which no signature depends."""
    return _made(entry, recorded_at, entry.holding)


def _made(entry: Entry, recorded_at: Instant, holding: frozenset[str]) -> Entry:
    """Return what says the same, with nothing parsed again."""
    made = _as_read((entry.kind, entry.payload, (), recorded_at.micros), entry.value, holding)
    object.__setattr__(made, "signatures", entry.signatures)  # before anybody else sees it
    return made


def _holds(entry: Entry, each: Signature) -> bool:
    try:
        public = signature.signer(entry.namespace, entry.payload, each.sig)
    except (MalformedSignature, Untrue):
        return False
    return public.fingerprint == each.keyid


def write(entry: Entry) -> bytes:
    """Return the bytes of an entry: the leaf of the tree."""
    plain = _plainly(entry)
    if plain is not None:
        return plain
    raw = wire.dump(
        {
            "payload": b64.write(entry.payload),
            "payloadType": f"application/vnd.sayso.{entry.kind}.v1+json",
            "recordedAt": str(entry.recorded_at),
            "signatures": [{"keyid": each.keyid, "sig": each.sig} for each in entry.signatures],
        }
    )
    if len(raw) > MOST_BYTES:
        raise MalformedEntry(
            f"the entry has {len(raw)} bytes, and at most {MOST_BYTES} fit",
            hint="keep long papers beside the record and put their SHA-256 into it",
        )
    return raw


def read(raw: bytes) -> Entry:
    """Return the entry of its bytes: `write` undone.

    The bytes must be the ones `write` gives, so that no two byte strings are the same entry.
    """
    if len(raw) > MOST_BYTES:
        raise MalformedEntry(f"the entry has {len(raw)} bytes, and at most {MOST_BYTES} fit")
    plain = _plain(raw)
    if plain is not None:
        return plain
    try:
        entry = _entry(wire.decode(_Envelope, _renamed(_loaded(raw, "entry"))))
    except Malformed as error:
        raise MalformedEntry(f"not an entry: {error.what}", hint=error.hint) from None
    if write(entry) != raw:
        raise MalformedEntry("the entry is not written as entries are")
    return entry


def _plain(raw: bytes) -> Entry | None:
    """Return the entry of bytes in the form nearly all have, in a third of the time; or None.

    Whatever matches has no other way to be written, so it need not be written again to compare.
    What does not match, or is found wrong, is left to the way that can say what is wrong.
    """
    found = _PLAIN.fullmatch(raw)
    if found is None:
        return None
    payload, kind, recorded, keyid, sig = (each.decode() for each in found.groups(b""))
    signatures = (Signature(keyid, sig.replace("\\n", "\n")),) if keyid else ()
    try:
        at = Instant.parse(recorded)
        entry = Entry(kind, b64.read(payload), signatures, at)
    except (Malformed, ValueError):
        return None
    return entry if str(at) == recorded else None


def _plainly(entry: Entry) -> bytes | None:
    """Return the bytes of an entry in the form that `_plain` reads, sooner than `dump`; or None."""
    signed = "".join(f'{{"keyid":"{each.keyid}","sig":"{each.sig}"}}' for each in entry.signatures)
    text = (
        f'{{"payload":"{b64.write(entry.payload)}",'
        f'"payloadType":"application/vnd.sayso.{entry.kind}.v1+json",'
        f'"recordedAt":"{entry.recorded_at}","signatures":[{signed}]}}'
    )
    if not text.isascii() or "\\" in signed:
        return None
    raw = text.replace("\n", "\\n").encode()
    return raw if len(raw) <= MOST_BYTES and _PLAIN.fullmatch(raw) else None


@dataclass(frozen=True, slots=True)
class _Envelope:
    payload: str
    payload_type: str
    recorded_at: Instant
    signatures: tuple[Signature, ...]


def _renamed(value: wire.Value) -> wire.Value:
    if not isinstance(value, dict):
        return value
    known = {"payloadType": "payload_type", "recordedAt": "recorded_at"}
    return {known.get(key, key): each for key, each in value.items()}


def _entry(envelope: _Envelope) -> Entry:
    found = _TYPE.fullmatch(envelope.payload_type)
    if found is None:
        raise MalformedEntry(f"`{envelope.payload_type[:80]}` is not the type of an entry")
    try:
        payload = b64.read(envelope.payload)
    except ValueError:
        raise MalformedEntry("the payload is not base64") from None
    return Entry(found[1], payload, envelope.signatures, envelope.recorded_at)


def _loaded(raw: bytes, what: str) -> wire.Value:
    try:
        return wire.load(raw)
    except Malformed as error:
        raise MalformedEntry(f"the {what} is not strict JSON: {error.what}") from None


def _check_nonce(payload: wire.Value) -> None:
    given = payload.get("nonce") if isinstance(payload, dict) else None
    if not isinstance(given, str) or not _NONCE.fullmatch(given):
        raise MalformedEntry("the payload is not an object with a nonce of 16 bytes in base64url")
