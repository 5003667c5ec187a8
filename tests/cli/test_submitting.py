"""Several statements that were signed elsewhere are brought back with one command."""

from contextlib import closing
from pathlib import Path

import pytest

from sayso import store
from sayso.errors import StoreError
from sayso.record import checkpoint
from sayso.store.sqlite import SqliteStore
from tests.cli.terminal import SECRETARY, Terminal, keygen


def prepared(at: Terminal, name: str, *words: object, by: str) -> Path:
    """Return a statement that `by` has signed elsewhere."""
    file = at.folder / f"{name}.json"
    said = at.asks(*words, "--by", by, "--prepare", file)
    keygen("-q", "-Y", "sign", "-n", said["namespace"], "-f", at.key(by), file)
    return file


def opens(at: Terminal, office: str) -> Path:
    words = ("office", "open", office, "--title", f"The {office}", "--rank", 9)
    return prepared(at, office, *words, by="registrar")


def sizes(at: Terminal) -> list[int]:
    """Return the sizes that the record's checkpoints are of."""
    with closing(store.open(str(at.store))) as kept:
        return [checkpoint.claimed(each).size for each in kept.checkpoints()]


def test_several_are_recorded_in_order_in_one_transaction(at: Terminal) -> None:
    files = [opens(at, f"desk-{number}") for number in range(5)]
    before = sizes(at)
    done = at.asks("submit", *files)
    assert [each["file"] for each in done] == list(map(str, files))
    assert [each["entry"] for each in done] == list(range(before[-1], before[-1] + 5))
    assert sizes(at) == [*before, before[-1] + 5]
    assert at.asks("submit", files[0]) == {
        name: each for name, each in done[0].items() if name != "file"
    }, "handed in twice it is one, and one alone is told by itself"
    assert at.run("record", "verify").status == 0


def test_each_has_its_own_receipt_or_refusal(at: Terminal) -> None:
    good, twice, other = opens(at, "desk-1"), opens(at, "desk-2"), opens(at, "desk-3")
    again = at.folder / "again.json"
    words = ("office", "open", "desk-2", "--title", "Another", "--rank", 9)
    prepared(at, "again", *words, by="registrar")
    forged = at.folder / "forged.json"
    forged.write_bytes(good.read_bytes().replace(b"desk-1", b"desk-4"))
    Path(f"{forged}.sig").write_bytes(Path(f"{good}.sig").read_bytes())
    unread = at.folder / "unread.json"
    unread.write_bytes(b"{}")
    Path(f"{unread}.sig").write_bytes(b"no signature")
    hollow = at.folder / "hollow.json"
    hollow.write_bytes(b"no statement")
    Path(f"{hollow}.sig").write_bytes(Path(f"{good}.sig").read_bytes())
    size = sizes(at)[-1]
    ran = at.run("submit", good, forged, twice, unread, again, hollow, other, as_json=True)
    assert ran.status == 1
    assert [each.get("entry") for each in ran.value] == [
        *(size, None, size + 1, None, None, None, size + 2)
    ]
    assert [each.get("refused") for each in ran.value if "refused" in each] == [
        "bad-signature",
        "office-exists",
    ]
    assert sum("error" in each for each in ran.value) == 2
    assert sizes(at)[-1] == size + 3
    shown = at.run("submit", good, again)
    assert shown.status == 1
    assert f"[1/2] {good}\nEntry {size}: " in shown.out
    assert f"[2/2] {again}\nrefused: " in shown.out
    assert shown.out.endswith("1 of 2 statements are on the record.\n")


def test_words_come_along_and_are_told_in_the_receipt(at: Terminal) -> None:
    said = ("--outcome", "refuse", "--reason", "the wrong moment")
    decision = prepared(at, "decision", "decide", "ukraine-5", *said, by=SECRETARY)
    assert b"the wrong moment" not in decision.read_bytes()
    first, second = at.asks("submit", decision, opens(at, "desk-1"))
    assert (first["stage"], first["case"]) == ("refused", "ukraine-5")
    assert "the wrong moment" in str(first["said"])
    assert second["kind"] == "opening"


def test_many_are_recorded_in_groups_each_at_its_time(
    at: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.cli.submitting.AT_ONCE", 2)
    files = [opens(at, f"desk-{number}") for number in range(5)]
    before = sizes(at)
    assert len(at.asks("submit", *files)) == 5
    assert sizes(at) == [*before, *(before[-1] + each for each in (2, 4, 5))]


def test_what_comes_after_a_fault_of_the_store_is_not_brought(
    at: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [opens(at, f"desk-{number}") for number in range(4)]
    monkeypatch.setattr("sayso.cli.submitting.AT_ONCE", 2)
    size, append, appends = sizes(at)[-1], SqliteStore.append, []

    def full(kept: SqliteStore, *args: object, **kwargs: object) -> None:
        appends.append(args)
        if len(appends) > 1:
            raise StoreError("there is no room left")
        append(kept, *args, **kwargs)  # type: ignore[arg-type]  # what it is given

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "append", full)
        ran = at.run("submit", *files, files[0], as_json=True)
    assert ran.status == 1
    assert [each.get("entry") for each in ran.value] == [size, size + 1, None, None, None]
    assert [each.get("error") for each in ran.value[2:]] == ["there is no room left"] * 3
    assert len(appends) == 2
    assert [each["entry"] for each in at.asks("submit", *files)] == [*range(size, size + 4)], (
        "named again, what was recorded is recorded once"
    )


def test_a_signature_and_papers_are_named_for_one_statement_alone(at: Terminal) -> None:
    files = [opens(at, "desk-1"), opens(at, "desk-2")]
    before = at.bytes()
    for more in (("--signature", f"{files[0]}.sig"), ("--attach", files[0])):
        ran = at.run("submit", *files, *more)
        assert ran.status == 2
        assert "go with one FILE alone" in ran.said
    Path(f"{files[1]}.sig").unlink()
    ran = at.run("submit", *files)
    assert ran.status == 2
    assert "there is no signature" in ran.said
    del before[f"{files[1].name}.sig"]
    assert at.bytes() == before
