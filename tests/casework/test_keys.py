"""Whose key signs, who stops it, and who puts another in its place."""

from typing import Any

import pytest

from sayso import wire
from sayso.casework import possession, replay
from sayso.casework.events import KeyRevocation
from sayso.errors import Damaged, Malformed
from sayso.operations.perform import Signed, perform
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.hardware import SK_ED25519
from sayso.record.signature import PublicKey, SigningKey
from sayso.replaced import replace
from tests.casework.deputies import enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    decides,
    to_be_decided,
)
from tests.house import LIAISON, OWNER, SECRETARY, House, Table


def test_a_revoked_key_signs_no_more_and_what_it_signed_stands(house: House) -> None:
    case = to_be_decided(house)
    spare = SigningKey.generate()
    house.do(SECRETARY, house.enrolment(SECRETARY, spare))
    old = house.key(SECRETARY)
    signed = house.says(SECRETARY, decides(house, case))
    house.later()
    lost = KeyRevocation(SECRETARY, old.public.fingerprint, "lost", house.now)
    house.do(SECRETARY, lost)
    assert refused(perform(house.desk, signed)) == "revoked-key"
    house.keys[SECRETARY] = spare
    assert refused(house.tries(SECRETARY, lost)) == "revoked"
    house.do(SECRETARY, decides(house, case))
    assert house.verified().keys[old.public.fingerprint].compromised_from == lost.compromised_from


def test_a_key_is_enrolled_by_who_may_and_by_itself(house: House) -> None:
    """Nobody enrols another's public key, nor one whose private half nobody has shown to have."""
    theirs, own = house.key("theirs"), house.enrolment("newcomer")
    for proof in (
        house.enrolment("newcomer", theirs).proof,  # another key's
        house.enrolment("another", house.key("newcomer")).proof,  # for another person
        possession.prove(house.key("newcomer"), origin="sayso.example/other", person="newcomer"),
    ):
        assert refused(house.tries("registrar", replace(own, proof=proof))) == "not-proven"
    house.do("registrar", own)
    house.verified()


def test_an_enrolment_without_a_proof_is_none(house: House) -> None:
    """Nor is it one on a record that was written without asking: replay asks again."""
    made = house.says("registrar", house.enrolment("newcomer"))
    value: Any = wire.load(made.payload)
    for proof in (None, ""):
        value["said"] |= {"proof": proof}
        said = {name: each for name, each in value["said"].items() if each is not None}
        payload = wire.dump({**value, "said": said})
        signature = entry.sign(house.key("registrar"), made.kind, payload)
        with pytest.raises(Malformed, match=r"proof|armored"):
            perform(house.desk, Signed(made.kind, payload, signature))
        forged = entry.write(Entry(made.kind, payload, (signature,), house.now))
        with pytest.raises(Damaged, match=r"proof|armored"):
            list(replay.verify([*house.store.entries(), forged], house.trust, Table()))


def test_no_key_is_two_parties(house: House) -> None:
    """Nor one in another form: in hardware or not, an Ed25519 key is told by its 32 bytes."""
    log = SigningKey(house.log.classical.secret)
    for taken in (log, house.key(OWNER), house.key("registrar")):
        answer = house.tries("registrar", house.enrolment("newcomer", taken))
        assert refused(answer) == "key-enrolled"
    in_hardware = PublicKey(SK_ED25519, house.key(OWNER).public.raw, "ssh:office")
    same = replace(house.enrolment("newcomer"), key=str(in_hardware))
    answer = house.tries("registrar", same)
    assert refused(answer) == "key-enrolled"
    assert f"is the key of `{OWNER}` already" in str(answer)
    forged = house.says("registrar", house.enrolment("newcomer", log))
    made = entry.write(Entry(forged.kind, forged.payload, (forged.signature,), house.now))
    with pytest.raises(Damaged, match="is the key of the log already"):
        list(replay.verify([*house.store.entries(), made], house.trust, Table()))


def test_a_registrar_stops_a_key_and_cannot_put_their_own_in_its_place(house: House) -> None:
    """Law 15: whoever could revoke the decider's key and enrol another would decide."""
    case = owner_decides(house)
    key = house.key(OWNER).public.fingerprint
    for other in ("joint-staff", LIAISON):
        assert refused(house.tries(other, KeyRevocation(OWNER, key, "no"))) in {
            "not-appointed",
            "partners",
        }
    house.do("registrar", KeyRevocation(OWNER, key, "stolen"))
    assert refused(house.tries(OWNER, owners(house, case))) == "revoked-key"
    theirs = SigningKey.generate()
    usurped = house.enrolment(OWNER, theirs)
    assert refused(house.tries("registrar", usurped)) == "not-appointed"
    house.do(SECRETARY, usurped)
    house.keys[OWNER] = theirs
    house.do(OWNER, owners(house, case))


def test_a_registrar_does_not_take_a_delegate_s_place_either(house: House) -> None:
    enrols(house, "deputy")
    house.do(OWNER, grants())
    house.do("registrar", KeyRevocation("deputy", house.key("deputy").public.fingerprint, "lost"))
    usurped = house.enrolment("deputy", SigningKey.generate())
    assert refused(house.tries("registrar", usurped)) == "not-appointed"
    house.do(OWNER, usurped)


def test_an_office_that_fills_itself_keeps_a_key(house: House) -> None:
    last = KeyRevocation(SECRETARY, house.key(SECRETARY).public.fingerprint, "lost")
    for by in ("registrar", SECRETARY):
        assert refused(house.tries(by, last)) == "left-keyless"


def test_another_s_key_is_not_revoked_as_one_s_own(house: House) -> None:
    swapped = KeyRevocation("joint-staff", house.key(OWNER).public.fingerprint, "mine")
    with pytest.raises(Exception, match="no key of that person"):
        house.tries("joint-staff", swapped)
