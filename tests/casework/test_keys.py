"""Whose key signs, who stops it, and who puts another in its place."""

import pytest

from sayso.casework.events import (
    Enrolment,
    KeyRevocation,
)
from sayso.operations.perform import perform
from sayso.record.signature import SigningKey
from tests.casework.deputies import enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    decides,
    to_be_decided,
)
from tests.house import LIAISON, OWNER, SECRETARY, House


def test_a_revoked_key_signs_no_more_and_what_it_signed_stands(house: House) -> None:
    case = to_be_decided(house)
    spare = SigningKey.generate()
    house.do(SECRETARY, Enrolment(SECRETARY, str(spare.public)))
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
    usurped = Enrolment(OWNER, str(theirs.public))
    assert refused(house.tries("registrar", usurped)) == "not-appointed"
    house.do(SECRETARY, usurped)
    house.keys[OWNER] = theirs
    house.do(OWNER, owners(house, case))


def test_a_registrar_does_not_take_a_delegate_s_place_either(house: House) -> None:
    enrols(house, "deputy")
    house.do(OWNER, grants())
    house.do("registrar", KeyRevocation("deputy", house.key("deputy").public.fingerprint, "lost"))
    usurped = Enrolment("deputy", str(SigningKey.generate().public))
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
