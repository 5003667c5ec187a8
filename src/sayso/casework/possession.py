"""Proof of possession: the new key signs whose it will be, on which record.

So an enrolment is signed twice, by who enrols and by the new key, and nobody can enrol another's
public key as their own. It is an SSHSIG over the strict JSON

    {"key":"ssh-ed25519 AAAA…","person":"bob","record":"sayso.example/fires"}

under the namespace `possession@sayso`, so that stock `ssh-keygen -Y sign` makes it as well.
"""

from sayso import wire
from sayso.casework.events import Enrolment
from sayso.casework.refusal import Refusal
from sayso.errors import Untrue
from sayso.record import signature
from sayso.record.signature import PublicKey, SigningKey

NAMESPACE = "possession@sayso"


def enrolment(key: SigningKey, *, origin: str, person: str, called: str | None = None) -> Enrolment:
    """Return the enrolment of a key whose private half is at hand: it proves itself."""
    return Enrolment(person, str(key.public), prove(key, origin=origin, person=person), called)


def prove(key: SigningKey, *, origin: str, person: str) -> str:
    """Return the armored proof that whoever made it has the private key."""
    return signature.sign(key, NAMESPACE, _words(str(key.public), origin, person))


def check(act: Enrolment, *, origin: str) -> Refusal | None:
    """Return the refusal of a proof that is not of this key, for this person and record."""
    said = _words(act.key, origin, act.person)
    try:
        signature.verify(PublicKey.parse(act.key), NAMESPACE, said, act.proof)
    except Untrue as error:
        return Refusal(
            "not-proven",
            f"the key's own signature does not fit: {error}",
            "`sayso key prove` makes it, for one person and one record",
        )
    return None


def _words(line: str, origin: str, person: str) -> bytes:
    return wire.dump({"key": line, "person": person, "record": origin})
