"""What people write is sealed: it stands beside the record, and the record holds without it."""

from dataclasses import replace

import pytest

from sayso.casework import sealing, statement
from sayso.casework.events import (
    Act,
    Advice,
    Article,
    Comment,
    Erasure,
    Outcome,
    Undertaking,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Replay
from sayso.casework.statement import Statement
from sayso.operations import keeping
from sayso.operations.desk import nonce
from sayso.operations.perform import Receipt, Signed, append, draft, perform
from sayso.queries.recall import Memory
from sayso.queries.stored import Stored
from sayso.queries.words import Words, names
from sayso.record import enclosure, entry
from sayso.record.entry import Entry
from sayso.store.enclosure import Beside
from sayso.verify import told as telling
from sayso.wire import Value
from tests.casework.texts import asks, governed, refuses, to_be_decided
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

SAID = "they would retaliate"
BASIS = "the act on archives, section 4"


@pytest.fixture
def case(house: House) -> str:
    """Return a case on which the Europe desk has advised in words that are sealed."""
    governed(house)
    house.do(LIAISON, asks(note="our own words"))
    house.do("europe-desk", Advice("ukraine-1", "europe-desk", Outcome.REFUSE, SAID, ()))
    return "ukraine-1"


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def sealed_advice(house: House) -> str:
    """Return the name of the advice's words."""
    (given,) = house.state.case("ukraine-1").dossier.current_advice
    return given.said.reasons


def crafted(house: House, person: str, act: Act, *enclosures: bytes) -> Signed:
    """Return a statement as somebody writes it who does not use this program."""
    said = Statement(house.state.origin, person, house.now, nonce(), act)
    kind, payload = said.kind, statement.write(said)
    return Signed(kind, payload, entry.sign(house.key(person), kind, payload), enclosures)


@pytest.mark.usefixtures("case")
def test_no_word_that_people_write_stands_on_the_record(house: House) -> None:
    for each in house.store.entries():
        payload = entry.read(each).payload
        assert SAID.encode() not in payload
        assert b"our own words" not in payload
    kept = {enclosure.opened(each) for each in house.store.enclosures()}
    assert {SAID, "our own words"} <= kept


@pytest.mark.usefixtures("case")
def test_the_record_is_the_same_without_its_words(house: House) -> None:
    """Law 11: the words are no part of what the state is folded from."""
    before = house.verified()
    house.store.erase([enclosure.digest(each) for each in house.store.enclosures()])
    assert house.verified() == before == Memory(house.store).recall().state


def test_whoever_brings_an_act_hands_over_its_words_and_nothing_else(
    house: House, case: str
) -> None:
    signed = house.says("joint-staff", Comment(case, "joint-staff", "a note"))
    (words,) = signed.enclosures
    other = enclosure.seal("another note", salt=bytes(16))
    tries = {
        "not-handed-over": ((), (other,), (words[:-1],)),
        "not-named": ((words, other), (words, b"a paper")),
    }
    for code, given in tries.items():
        for each in given:
            assert refused(perform(house.desk, replace(signed, enclosures=each))) == code
    assert isinstance(perform(house.desk, signed), Receipt)


def test_a_name_of_no_words_is_refused(house: House, case: str) -> None:
    for hollow in (b"no disclosure", enclosure.seal(" \n", salt=bytes(16))):
        act = Comment(case, "joint-staff", enclosure.name(hollow))
        assert (
            refused(perform(house.desk, crafted(house, "joint-staff", act, hollow))) == "no-words"
        )


def test_words_in_the_open_are_refused(house: House, case: str) -> None:
    signed = crafted(house, "joint-staff", Comment(case, "joint-staff", "in the open"))
    assert refused(perform(house.desk, signed)) == "not-sealed"


def test_nobody_names_what_another_has_sealed(house: House, case: str) -> None:
    """Law 13: who knows a digest from an export must not be shown the words by the program."""
    theirs = sealed_advice(house)
    stolen = crafted(house, LIAISON, Undertaking(case, theirs))
    assert refused(perform(house.desk, stolen)) == "not-handed-over"
    facts: dict[str, Value] = {"range_km": 1, "suppliers": [theirs]}
    for act in (Article("new", f"see {theirs}", {}), Article("new", "new", facts)):
        assert refused(house.tries("registrar", act)) == "names-a-text"
    house.do(LIAISON, Undertaking(case, theirs))
    said = house.state.case(case).dossier.undertakings[-1].said.text
    assert said != theirs
    assert house.worded(said) == theirs, "it is words like any others, and is not opened again"


def test_drawing_up_an_act_gives_nobody_words_that_are_not_theirs(house: House, case: str) -> None:
    """Law 13: a draft is made before anybody has signed, so it must not confirm a guess either."""
    note = house.state.case(case).dossier.request.said.note
    assert note is not None
    theirs = asks(note="our own words", replaces=case)
    kept = house.store.enclosed([enclosure.digest_of(note)])
    assert draft(house.desk, LIAISON, theirs).enclosures == tuple(kept.values())
    for words in (note, "our own words"):
        stranger = draft(house.desk, OTHERS, replace(theirs, note=words))
        (disclosed,) = stranger.enclosures
        assert enclosure.name(disclosed) != note
        assert enclosure.opened(disclosed) == words


def test_a_name_within_words_is_shown_as_it_stands(house: House, case: str) -> None:
    inside = f"see {sealed_advice(house)}\nand {sealed_advice(house)}"
    house.do(LIAISON, Undertaking(case, inside))
    said = house.state.case(case).dossier.undertakings[-1].said.text
    found = Words.of(names(said), house.store, lambda: house.state)
    assert found.text(f"  │ {said}") == "\n".join(f"  │ {line}" for line in inside.splitlines())
    assert found.text(f"it says {said}.") == "it says " + inside.replace("\n", "\\n") + "."


def test_who_chooses_or_repeats_says_the_same_words(house: House, case: str) -> None:
    first = house.state.case(case).dossier.request.said.note
    assert first is not None
    again = asks(note=first, replaces=case)
    house.do(LIAISON, again)
    assert house.state.case("ukraine-2").dossier.request.said.note == first
    house.do(LIAISON, replace(again, replaces=None))
    assert house.state.case("ukraine-3").dossier.request.said.note != first


# --- erasure -------------------------------------------------------------------------------------


def decided(house: House) -> tuple[str, ...]:
    """Return the digests of what lies beside a case that was refused, in hexadecimal."""
    case = to_be_decided(house)
    house.do(SECRETARY, refuses(house, case))
    found = sealing.enclosed(house.state.case(case).dossier)
    return tuple(sorted({each.hex() for each in found}))


def test_what_is_erased_is_gone_and_the_record_says_so(house: House) -> None:
    digests = decided(house)
    name = enclosure.written(bytes.fromhex(digests[0]))
    before = house.worded(name)
    index = house.do(SECRETARY, Erasure(SECRETARY, digests, BASIS)).index
    assert not house.store.enclosed([bytes.fromhex(each) for each in digests])
    assert before != house.worded(name) == f"(erased by entry {index})"
    assert dict(house.verified().erased) == dict.fromkeys(digests, index)
    refusal = house.tries(SECRETARY, Erasure(SECRETARY, digests, BASIS))
    assert refused(refusal) == "erased"


def test_what_is_lost_from_a_store_and_what_was_erased_are_told_apart(house: House) -> None:
    erased, lost, *_ = decided(house)
    house.do(SECRETARY, Erasure(SECRETARY, (erased,), BASIS))
    whole = house.report()
    assert isinstance(whole.enclosed, Stored)
    assert whole.enclosed.lost == 0
    assert "damaged" not in telling.words(whole)
    name = enclosure.written(bytes.fromhex(lost))
    house.store.erase([bytes.fromhex(lost)])
    report = house.report()
    told = report.enclosed
    assert report.ok, "the record holds without its words"
    assert isinstance(told, Stored)
    assert (told.lost, told.erased) == (1, 1)
    assert told.named == told.kept + 2
    assert "1 lost" in telling.words(report)
    assert "sayso store restore" in telling.words(report)
    assert house.worded(name) == "(lost)"


def test_what_no_entry_names_is_not_erased_whatever_is_said(house: House) -> None:
    """Words that were made away with do not pass for erased by erasing something else."""
    lost, *_ = decided(house)
    house.store.erase([bytes.fromhex(lost)])
    invented = tuple(f"{number:064x}" for number in range(40))
    house.do(SECRETARY, Erasure(SECRETARY, invented, BASIS))
    told = house.report().enclosed
    assert isinstance(told, Stored)
    assert (told.lost, told.erased) == (1, 0)


def test_what_is_handed_in_again_is_there_again_and_may_be_erased_again(house: House) -> None:
    governed(house)
    paper = b"a letter"
    digest = enclosure.digest(paper).hex()
    for _ in range(2):
        filed = house.says(LIAISON, asks(attachments=(digest,)))
        receipt = perform(house.desk, replace(filed, enclosures=(*filed.enclosures, paper)))
        assert isinstance(receipt, Receipt), receipt
        assert digest not in house.state.erased
        assert house.store.enclosed([bytes.fromhex(digest)])
        house.do(LIAISON, Withdrawal(max(house.state.cases), "no need"))
        house.do(SECRETARY, Erasure(SECRETARY, (digest,), BASIS))
        assert not house.store.enclosed([bytes.fromhex(digest)])
    assert keeping.erased(house.store.entries()) == {bytes.fromhex(digest)}


@pytest.mark.parametrize("person", [OWNER, *ADVISERS, LIAISON, "registrar"])
def test_only_the_highest_office_lets_words_go(house: House, person: str) -> None:
    digests = decided(house)
    assert refused(house.tries(person, Erasure(person, digests, BASIS))) in {"too-low", "partners"}
    assert refused(house.tries(person, Erasure(SECRETARY, digests, BASIS))) in {
        "not-appointed",
        "partners",
    }


@pytest.mark.usefixtures("case")
def test_nothing_of_an_open_case_is_erased(house: House) -> None:
    digest = enclosure.digest_of(sealed_advice(house)).hex()
    assert refused(house.tries(SECRETARY, Erasure(SECRETARY, (digest,), BASIS))) == "in-use"


@pytest.mark.usefixtures("case")
def test_an_enclosure_that_no_entry_names_is_found(house: House) -> None:
    signed = house.says("joint-staff", Comment("ukraine-1", "joint-staff", "a note"))
    made = Entry(signed.kind, signed.payload, (signed.signature,), house.now)
    past = house.memory.recall()
    replay = Replay(past.state, Table())
    assert replay.take(made) is None
    given = (*signed.enclosures, b"slipped in by whoever has the database")
    append(house.desk, past, (made,), stands=replay.state, beside=Beside(given))
    assert "no entry names" in str(house.report().problem)
    house.store.erase([enclosure.digest(given[-1])])
    house.verified()
