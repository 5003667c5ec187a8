"""What an administrator with the database and the log key might try; replay finds each.

The six forgeries: a flipped outcome, one's own decision, the same under another's name, another's
key enrolled again, a real signature moved to another statement, an entry deleted.
"""

import dataclasses

import pytest

from sayso import wire
from sayso.casework import replay, statement
from sayso.casework.events import Binding, Clock, Founding, kind_of
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.errors import Damaged
from sayso.operations.desk import nonce
from sayso.record import entry
from sayso.record.cosignature import ED25519, Cosigner
from sayso.record.entry import Entry
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from tests.casework.texts import decides, refuses, to_be_decided
from tests.house import ORIGIN, OWNER, SECRETARY, House, Table


@pytest.fixture
def refused_case() -> tuple[House, list[bytes]]:
    """Return a record that ends with the Secretary's refusal."""
    house = House.furnished()
    house.do(SECRETARY, refuses(house, to_be_decided(house)))
    house.verified()
    return house, list(house.store.entries())


def verify(house: House, entries: list[bytes]) -> None:
    for _ in replay.verify(entries, house.trust, Table()):
        pass


def forged(house: House, entries: list[bytes], said: str) -> Damaged:
    """Return the damage that replay finds in `entries`."""
    with pytest.raises(Damaged, match=said) as caught:
        verify(house, entries)
    return caught.value


def said_by(house: House, person: str, act: object, *, signer: str) -> bytes:
    """Return an entry that says `act` as `person`, signed with the key of `signer`."""
    made = Statement(house.state.origin, person, house.now, nonce(), act)  # type: ignore[arg-type]  # whatever the forger likes
    payload = statement.write(made)
    signature = entry.sign(house.key(signer), made.kind, payload)
    return entry.write(Entry(made.kind, payload, (signature,), house.now))


def test_a_flipped_outcome_is_found(refused_case: tuple[House, list[bytes]]) -> None:
    house, entries = refused_case
    last = entry.read(entries[-1])
    flipped = last.payload.replace(b'"refuse"', b'"return"')
    assert flipped != last.payload
    entries[-1] = entry.write(dataclasses.replace(last, payload=flipped))
    damage = forged(house, entries, "signature does not fit")
    assert damage.entry == len(entries) - 1


def test_a_decision_signed_by_another_is_found(refused_case: tuple[House, list[bytes]]) -> None:
    house, entries = refused_case
    act = decides(house, "ukraine-1")
    own = said_by(house, OWNER, act, signer=OWNER)
    assert forged(house, [*entries[:-1], own], "belongs to|two parts").entry == len(entries) - 1
    borrowed = said_by(house, SECRETARY, act, signer=OWNER)
    forged(house, [*entries[:-1], borrowed], "is `under-secretary-policy`'s")
    stranger = said_by(house, SECRETARY, act, signer="stranger")
    forged(house, [*entries[:-1], stranger], "is not enrolled")


def test_a_keyid_relabelled_is_found(refused_case: tuple[House, list[bytes]]) -> None:
    house, entries = refused_case
    act = decides(house, "ukraine-1")
    made = entry.read(said_by(house, SECRETARY, act, signer=OWNER))
    secretary = house.key(SECRETARY).public.fingerprint
    relabelled = dataclasses.replace(
        made, signatures=(dataclasses.replace(made.signatures[0], keyid=secretary),)
    )
    forged(house, [*entries[:-1], entry.write(relabelled)], "signature does not fit")


def test_a_key_enrolled_again_by_the_registrar_is_found(
    refused_case: tuple[House, list[bytes]],
) -> None:
    house, entries = refused_case
    usurped = house.enrolment(SECRETARY, house.key("stranger"))
    made = said_by(house, "registrar", usurped, signer="registrar")
    forged(house, [*entries, made], "has a key already")


def test_a_real_signature_on_another_statement_is_found(
    refused_case: tuple[House, list[bytes]],
) -> None:
    house, entries = refused_case
    last = entry.read(entries[-1])
    other = entry.read(said_by(house, SECRETARY, decides(house, "ukraine-1"), signer=SECRETARY))
    moved = dataclasses.replace(other, signatures=last.signatures)
    forged(house, [*entries[:-1], entry.write(moved)], "signature does not fit")


def test_every_entry_but_the_last_act_is_missed_when_deleted(
    refused_case: tuple[House, list[bytes]],
) -> None:
    house, entries = refused_case
    unnoticed = []
    for index in range(len(entries)):
        try:
            verify(house, entries[:index] + entries[index + 1 :])
        except Damaged:
            continue
        unnoticed.append(index)
    kinds = {entry.read(entries[index]).kind for index in unnoticed}
    # What nothing later rests on is missed by nobody: only a witnessed checkpoint shows it gone.
    assert kinds <= {"opening", "enrolment", "appointment", "decision", "article", "agreement"}
    assert len(entries) - 1 in unnoticed


def test_a_consequence_that_is_not_due_or_not_the_one_due_is_found(
    refused_case: tuple[House, list[bytes]],
) -> None:
    house, entries = refused_case
    said = Statement(house.state.origin, None, house.now, nonce(), Binding(()))
    extra = entry.write(Entry("binding", statement.write(said), (), house.now))
    forged(house, [*entries, extra], "nothing was due")
    index = next(
        number for number, each in enumerate(entries) if entry.read(each).kind == "judgement"
    )
    judged = entry.read(entries[index])
    payload = judged.payload.replace(b'"outcome":"referred"', b'"outcome":"permitted"')
    assert payload != judged.payload
    changed = entry.write(dataclasses.replace(judged, payload=payload))
    damage = forged(house, [*entries[:index], changed], "is not the one that follows")
    assert damage.entry == index


def test_a_record_cut_between_an_act_and_what_follows_is_found(
    refused_case: tuple[House, list[bytes]],
) -> None:
    house, entries = refused_case
    index = next(
        number for number, each in enumerate(entries) if entry.read(each).kind == "request"
    )
    damage = forged(house, entries[: index + 1], "is missing")
    assert damage.entry == index + 1


def test_another_founding_is_found(refused_case: tuple[House, list[bytes]]) -> None:
    _house, entries = refused_case
    other = House.furnished()
    assert forged(other, entries, "not the founding that is trusted").entry == 0


def test_every_kind_has_a_statement_that_reads_back() -> None:
    house = House.furnished()
    house.do(SECRETARY, decides(house, to_be_decided(house)))
    seen = set()
    for each in house.store.entries():
        made = entry.read(each)
        said = statement.read(made)
        assert kind_of(said.said) == made.kind
        assert wire.load(statement.write(said)) == wire.load(made.payload)
        seen.add(made.kind)
    assert len(seen) >= 12


def test_a_founding_gives_log_and_registrar_keys_of_their_own() -> None:
    house = House()
    house.keys["log"] = SigningKey(house.log.classical.secret)
    log, second = str(house.log.classical.key), str(Log.generate(ORIGIN).keys[1])
    for person, said in (("ann", None), ("log", "the key of `ann` is the key of the log already")):
        key = house.key(person)
        act = Founding(ORIGIN, log, "ann", str(key.public), "us", Clock.SYSTEM, second)
        payload = statement.write(Statement(ORIGIN, "ann", house.now, nonce(), act))
        made = Entry("founding", payload, (entry.sign(key, "founding", payload),), house.now)
        refusal = replay.Replay(State(), Table()).take(made)
        assert (None if refusal is None else refusal.words) == said


def test_a_founding_names_keys_of_its_own_log_and_of_both_kinds() -> None:
    """A second key of Ed25519, or of another log, would promise what it does not keep."""
    house = House()
    first, second = map(str, Log.generate(ORIGIN).keys)
    strangers = [str(key) for key in Log.generate("log.example/other").keys]
    plain = str(Cosigner.generate(ORIGIN, ED25519).key)
    for keys, said in (
        ((first, plain), "of Ed25519"),
        ((first, strangers[1]), "not named"),
        ((strangers[0], second), "not named"),
    ):
        person = str(house.key("ann").public)
        act = Founding(ORIGIN, keys[0], "ann", person, "us", Clock.SYSTEM, keys[1])
        payload = statement.write(Statement(ORIGIN, "ann", house.now, nonce(), act))
        signature = entry.sign(house.key("ann"), "founding", payload)
        made = Entry("founding", payload, (signature,), house.now)
        refusal = replay.Replay(State(), Table()).take(made)
        assert refusal is not None
        assert said in str(refusal)
