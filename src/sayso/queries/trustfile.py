r"""`trust.json`: all that a verifier must be given beforehand, and by another way than the record.

    {"log":["VKEY",…],               the keys that each sign the record's checkpoints (C2SP
                                     signed-note): of Ed25519, and of ML-DSA-44 if it has one
     "origin":"sayso.example/fires", the record's name
     "policy":"log VKEY\n…",         who must have cosigned a checkpoint: the text of a C2SP
                                     tlog-policy; left out if nobody must
     "registrars":["ssh-ed25519 …"], the founding registrar's key, an OpenSSH public key line
     "witnesses":["VKEY",…]}         the keys of the witnesses that the policy names, in its order

Strict JSON (`sayso.wire`). `log` and `witnesses` say once more what the policy says, for those who
read no policies; a file where they differ is refused.

>>> from sayso.record.note import Signer
>>> from sayso.record.signature import SigningKey
>>> log, ann = Signer.generate("a.example/b").key, SigningKey.generate().public
>>> given = replay.Trust("a.example/b", str(log), str(ann))
>>> read(write(TrustFile.of(given))).trust == given
True
"""

from dataclasses import dataclass

from sayso import wire
from sayso.casework import replay
from sayso.errors import Malformed, MalformedSignature, MalformedValue
from sayso.record import checkpoint, distinct
from sayso.record.signature import PublicKey
from sayso.record.trust import NOBODY, Trust, Trusted


@dataclass(frozen=True, slots=True)
class TrustFile:
    """What is known beforehand: how the record must begin, and whose word a checkpoint needs."""

    trust: replay.Trust
    policy: Trust

    @classmethod
    def of(cls, trust: replay.Trust) -> "TrustFile":
        """Return the trust that asks for no witness."""
        return cls(trust, Trust(trust.log_keys, (), (), NOBODY))

    def open(self, signed: bytes) -> Trusted:
        """Return the checkpoint that a note carries, if every key of the log has signed it.

        A policy believes a log by any one of its keys; whoever could forge one would be believed.
        """
        trusted = self.policy.open(signed)
        checkpoint.check_all(self.policy.logs, trusted.logs)
        return trusted


@dataclass(frozen=True, slots=True)
class _Written:
    origin: str
    log: tuple[str, ...]
    registrars: tuple[str, ...]
    witnesses: tuple[str, ...] | None = None
    policy: str | None = None


def read(data: bytes) -> TrustFile:
    """Return the trust of a file: `write` undone."""
    try:
        value = wire.decode(_Written, wire.load(data))
        (first, *second), (registrar,) = value.log, value.registrars
        (second_key,) = second or (None,)
        known = TrustFile.of(replay.Trust(value.origin, first, registrar, second_key))
        if value.policy is not None:
            known = TrustFile(known.trust, Trust.parse(value.policy.encode()))
    except (Malformed, ValueError) as error:
        raise MalformedValue(f"this is no trust file: {error}") from None
    _check(value, known.policy)
    return known


def write(known: TrustFile) -> bytes:
    """Return the file of what is known: `read` undone."""
    trust, policy = known.trust, known.policy
    named = TrustFile.of(trust).policy != policy
    written = _Written(
        trust.origin,
        tuple(str(key) for key in trust.log_keys),
        (trust.registrar_key,),
        witnesses=tuple(str(each.key) for each in policy.witnesses) if named else None,
        policy=policy.text() if named else None,
    )
    return wire.dump(wire.encode(written)) + b"\n"


def _check(value: _Written, policy: Trust) -> None:
    logs = tuple(str(key) for key in policy.logs)
    witnesses = tuple(str(each.key) for each in policy.witnesses)
    if (value.log, value.witnesses or ()) != (logs, witnesses):
        raise MalformedValue(
            "this is no trust file: its policy names other keys than the file does",
            hint="`log` and `witnesses` are the keys of the policy, in its order",
        )
    _check_distinct(value.registrars, policy)
    for key in policy.logs:
        if key.name != value.origin:
            raise MalformedValue(
                f"this is no trust file: the log's key is named `{key.name}`, "
                f"and the record `{value.origin}`"
            )


def _check_distinct(registrars: tuple[str, ...], policy: Trust) -> None:
    try:
        theirs = [("the registrar", PublicKey.parse(each).raw) for each in registrars]
    except MalformedSignature as error:
        raise MalformedValue(f"this is no trust file: the registrar's key: {error}") from None
    shared = distinct.shared((*policy.owned, *theirs))
    if shared is not None:
        raise MalformedValue(f"this is no trust file: {shared}", hint="each has a key of its own")
