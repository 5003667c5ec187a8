"""The log signs with two keys: each is named, each is demanded, and neither alone is enough."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sayso import store as stores
from sayso.record import note
from sayso.store.contract import Store
from tests.cli.terminal import LIAISON, SPAN, USE, Terminal
from tests.verify.test_alone import ran

ASKED = ("request", "submit", *USE, *SPAN, "--place", "Belgorod")


@pytest.fixture
def new(tmp_path: Path) -> Terminal:
    """Return a terminal where there is nothing yet but a key."""
    at = Terminal(tmp_path / "new", now=None)
    at.key("").mkdir(parents=True)
    at.asks("key", "new", at.key("ann"))
    return at


def init(at: Terminal, *more: str) -> Any:
    return at.asks("init", "--origin", "sayso.example/new", "--registrar", "ann", *more, by="ann")


def trust(at: Terminal) -> Path:
    return Path(f"{at.store}.trust.json")


def one_line(signed: bytes, which: int) -> bytes:
    """Return the note with only one of its signature lines."""
    text, lines = note.split(signed)
    return f"{text}\n{lines[which]}".encode()


def resigned(source: Store, target: Store, which: int) -> None:
    """Copy a record, with only one signature line under each checkpoint."""
    entries = list(source.entries())
    at = 0
    for signed in source.checkpoints():
        size = int(signed.split(b"\n")[1])
        target.append(entries[at:size], size=at, checkpoint=one_line(signed, which))
        at = size


def test_the_founding_and_the_trust_name_both_keys(at: Terminal) -> None:
    said = at.asks("record", "show", 0)["said"]
    named = json.loads(trust(at).read_bytes())["log"]
    assert named == [said["log_key"], said["log_key_pq"]]
    assert at.asks("record", "trust")["log"] == named
    shown = at.run("record", "trust").out.splitlines()
    assert [line for line in shown if line.startswith("log ")] == [f"log {key}" for key in named]


def test_every_checkpoint_has_both_lines_and_both_are_told(at: Terminal) -> None:
    with closing(stores.open(str(at.store))) as store:
        notes = list(store.checkpoints())
    assert {len(note.split(each)[1]) for each in notes} == {2}
    folder = at.folder / "exported"
    at.asks("record", "export", folder)
    here, away = at.run("record", "verify"), ran(folder, "--trust", trust(at))
    assert (here.status, away.returncode) == (0, 0)
    for said in (here.out, away.stdout):
        assert "signed them with its keys Ed25519" in said
        assert "and ML-DSA-44" in said


@pytest.mark.parametrize("which", [0, 1])
def test_an_export_under_one_of_its_two_signatures_does_not_hold(at: Terminal, which: int) -> None:
    folder = at.folder / "exported"
    at.asks("record", "export", folder)
    signed = folder / "checkpoint"
    signed.write_bytes(one_line(signed.read_bytes(), which))
    done = ran(folder, "--trust", trust(at))
    assert done.returncode == 1
    assert "not signed with the key" in done.stdout
    at.asks("record", "export", at.folder / "whole")
    watched = ("record", "watch", folder, "--trust", trust(at), "--kept", at.folder / "kept")
    assert "not signed with the key" in at.run(*watched).said


@pytest.mark.parametrize("which", [0, 1])
def test_a_store_under_one_of_its_two_signatures_is_not_read(at: Terminal, which: int) -> None:
    other = at.folder / "other.db"
    with closing(stores.open(str(at.store))) as source, closing(stores.create(str(other))) as made:
        resigned(source, made, which)
    for beside in ("log-key", "trust.json"):
        shutil.copy(f"{at.store}.{beside}", f"{other}.{beside}")
    there = ("--store", other)
    assert "not signed with the key" in at.run("request", "list", *there).said
    assert "not signed with the key" in at.run(*ASKED, *there, by=LIAISON).said
    verified = at.run("record", "verify", *there)
    assert (verified.status, "checkpoint 0" in verified.out) == (1, True)
    assert (
        "not signed with the key"
        in at.run("store", "restore", other, "--store", at.folder / "third.db").said
    )


@pytest.mark.parametrize("kept", [0, 1])
def test_a_trust_that_names_one_of_two_keys_trusts_another_record(at: Terminal, kept: int) -> None:
    """Who could strike a key from the trust could forge what is left with the other alone."""
    folder = at.folder / "exported"
    at.asks("record", "export", folder)
    value = json.loads(trust(at).read_bytes())
    value["log"] = [value["log"][kept]]
    given = at.folder / "given.json"
    given.write_text(json.dumps(value))
    done = ran(folder, "--trust", given)
    assert done.returncode == 1
    assert "not the founding that is trusted" in done.stdout


def test_a_policy_names_each_key_of_the_log(at: Terminal) -> None:
    logs = json.loads(trust(at).read_bytes())["log"]
    policy = at.folder / "policy"
    policy.write_text(f"log {logs[0]}\nquorum none\n")
    assert "each of its keys" in at.refused("record", "trust", "--policy", policy)
    policy.write_text(f"log {logs[1]}\nlog {logs[0]}\nquorum none\n")
    assert at.asks("record", "trust", "--policy", policy)["log"] == logs


def test_a_log_key_without_the_second_key_signs_nothing(at: Terminal) -> None:
    file = Path(f"{at.store}.log-key")
    whole = file.read_bytes()
    end = b"-----END PRIVATE KEY-----\n"
    file.write_bytes(whole.split(end)[0] + end)
    assert "not the log key" in at.refused(*ASKED, by=LIAISON)
    file.write_bytes(whole)
    assert at.run(*ASKED, by=LIAISON).status == 0


def test_a_record_may_be_begun_with_one_key_for_ever(new: Terminal) -> None:
    init(new, "--classical")
    assert len(json.loads(trust(new).read_bytes())["log"]) == 1
    assert "log_key_pq" not in new.asks("record", "show", 0)["said"]
    new.asks("office", "open", "desk", "--title", "Desk", "--rank", 3, by="ann")
    told = new.asks("record", "verify")
    assert [each.split()[0] for each in told["signed"]] == ["Ed25519"]
    assert "with its key Ed25519" in new.run("record", "verify").out


def test_the_screen_shows_the_long_key_by_its_id(new: Terminal) -> None:
    ran = new.run("init", "--origin", "sayso.example/new", "--registrar", "ann", by="ann")
    assert ran.status == 0, ran
    assert max(map(len, ran.out.splitlines())) < 200
    second = json.loads(trust(new).read_bytes())["log"][1]
    assert second.split("+")[1] in ran.out
