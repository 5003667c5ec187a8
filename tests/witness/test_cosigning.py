"""The office and its witnesses: cosigned after the act, never before it, and never taken back."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sayso import app
from sayso.casework.replay import Trust as Begun
from sayso.errors import Untrue
from sayso.queries import cosigned, trustfile
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, note
from sayso.record.cosignature import ED25519, Cosigner, CosignerKey
from sayso.record.keys import Ed25519
from sayso.record.log import Log
from sayso.record.signature import PublicKey, SigningKey
from sayso.record.trust import Trust
from sayso.witness import folder as folders
from tests.cli.terminal import LIAISON, SECRETARY, SPAN, USE, Terminal
from tests.verify.test_alone import VERIFY, ran
from tests.witness.served import LOG, Served, served, signed

ASKED = ("request", "submit", *USE, *SPAN, "--place")


class Installation:
    """A record, two witnesses run by others, and the policy that asks for both."""

    def __init__(self, at: Terminal, quorum: str = "all") -> None:
        self.at = at
        self.stack = ExitStack()
        self.logs = json.loads(Path(f"{at.store}.trust.json").read_text())["log"]
        self.folders = [at.folder.parent / name for name in ("w1", "w2")]
        self.running: list[Served | None] = [self.begin(folder) for folder in self.folders]
        self.policy(quorum)

    def begin(self, folder: Path) -> Served:
        return self.stack.enter_context(served(folder, logs=self.logs))

    def end(self, number: int) -> None:
        one = self.running[number]
        assert one is not None
        one.process.terminate()
        one.process.wait(30)
        self.running[number] = None

    def policy(self, quorum: str) -> None:
        lines = [f"log {log}" for log in self.logs]
        for number, one in enumerate(self.running, 1):
            assert one is not None
            lines.append(f"witness w{number} {one.key} {one.url}")
        lines += [f"group both {quorum} w1 w2", "quorum both", ""]
        file = self.at.folder.parent / "witnesses.policy"
        file.write_text("\n".join(lines))
        self.at.asks("record", "trust", "--policy", file)

    @property
    def trust(self) -> Path:
        return Path(f"{self.at.store}.trust.json")

    def act(self, place: str = "Belgorod") -> None:
        self.at.asks(*ASKED, place, by=LIAISON)


@pytest.fixture
def both(at: Terminal) -> Iterator[Installation]:
    """Yield a record with two witnesses, both of which must cosign."""
    made = Installation(at)
    with made.stack:
        yield made


def test_what_both_have_cosigned_is_shown_exported_and_verified(both: Installation) -> None:
    at, folder = both.at, both.at.folder / "exported"
    told = at.asks("record", "witness")
    size = at.asks("record", "verify")["entries"]
    assert told["cosigned"] == {"entries": size, "by": ["w1", "w2"], "of": 2}
    assert (told["quorum"], told["missing"]) == (True, {})
    assert at.asks("record", "verify")["cosigned"] == told["cosigned"]
    assert "cosigned by 2 of 2 witnesses" in at.run("record", "verify").out
    assert "cosigned by 2 of 2 witnesses" in at.run("record", "show").out
    shown = at.asks("record", "show", "--checkpoint")
    policy = trustfile.read(both.trust.read_bytes()).policy
    assert policy.open(shown["checkpoint"].encode()).witnesses == ("w1", "w2")
    at.asks("record", "export", folder, "--proof", 5)
    assert (folder / "checkpoint").read_text() == shown["checkpoint"]
    assert shown["checkpoint"].encode() in (folder / "proofs" / "5.tlog-proof").read_bytes()
    away = ran(folder, "--trust", both.trust, "--json")
    assert json.loads(away.stdout)["cosigned"] == told["cosigned"]
    assert "cosigned by 2 of 2" in ran(folder, "--trust", both.trust).stdout


def test_without_the_quorum_nothing_is_believed_or_exported(both: Installation) -> None:
    at, folder = both.at, both.at.folder / "exported"
    assert "no state of the record is cosigned" in at.refused("record", "export", folder)
    report = at.run("record", "verify", as_json=True)
    assert (report.status, "cosigned" in report.value["problem"]) == (1, True)
    both.end(1)
    told = at.run("record", "witness", as_json=True)
    assert (told.status, told.value["quorum"]) == (1, False)
    assert told.value["cosigned"]["by"] == ["w1"]
    assert "does not answer" in told.value["missing"]["w2"]
    assert "no state of the record is cosigned" in at.refused("record", "export", folder)


def test_a_cosignature_taken_off_the_export_is_missed(both: Installation) -> None:
    at, folder = both.at, both.at.folder / "exported"
    at.asks("record", "witness")
    at.asks("record", "export", folder)
    file = folder / "checkpoint"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    done = ran(folder, "--trust", both.trust, "--json")
    assert (done.returncode, "1 of 2" in json.loads(done.stdout)["problem"]) == (1, True)


def test_no_act_waits_for_a_witness_and_both_catch_up(both: Installation) -> None:
    at, folder = both.at, both.at.folder / "exported"
    at.asks("record", "witness")
    before = at.asks("record", "verify")["entries"]
    both.end(0)
    both.act()
    both.act("Kursk")
    report = at.asks("record", "verify")
    assert (report["cosigned"]["entries"], report["entries"] > before) == (before, True)
    assert f"the {report['entries'] - before} after them wait" in at.run("record", "verify").out
    exported = at.asks("record", "export", folder)
    assert (exported["entries"], exported["waiting"]) == (before, report["entries"] - before)
    assert at.run("record", "witness").status == 1
    assert at.asks("record", "verify")["cosigned"]["entries"] == before
    both.running[0] = both.begin(both.folders[0])
    both.policy("all")
    told = at.asks("record", "witness")
    assert told["cosigned"]["entries"] == report["entries"]
    assert at.asks("record", "export", folder)["entries"] == report["entries"]
    assert ran(folder, "--trust", both.trust).returncode == 0


def test_one_of_two_is_enough_if_the_policy_says_so(at: Terminal) -> None:
    either = Installation(at, quorum="any")
    with either.stack:
        either.end(0)
        told = at.asks("record", "witness")
        assert (told["quorum"], told["cosigned"]["by"]) == (True, ["w2"])
        assert "cosigned by 1 of 2" in at.run("record", "verify").out


def test_a_record_cut_short_and_gone_on_with_is_refused(both: Installation) -> None:
    at = both.at
    earlier = at.folder / "earlier.db"
    shutil.copy(at.store, earlier)
    both.act()
    at.asks("record", "witness")
    shutil.copy(earlier, at.store)
    report = at.run("record", "verify", as_json=True)
    assert (report.status, "witnesses cosigned" in report.value["problem"]) == (1, True)
    shorter = at.run("record", "witness", as_json=True)
    assert shorter.status == 1
    assert "some were dropped" in shorter.value["missing"]["w1"]
    both.act("Kursk")
    same = at.run("record", "witness")
    assert (same.status, same.out.count("ALARM")) == (1, 2)
    assert "What shows it" in same.out
    both.act("Dzhankoi")
    longer = at.run("record", "witness", as_json=True)
    assert "another history" in longer.value["missing"]["w2"]
    for evidence in longer.value["evidence"]:
        words = [*VERIFY, "fork", evidence, "--trust", str(both.trust)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, "two histories" in done.stdout) == (0, True), done
    assert at.run("record", "verify").status == 1


def test_a_policy_that_cannot_be_meant_is_refused(at: Terminal) -> None:
    file = at.folder / "policy"
    file.write_text(f"log {LOG.key}\nquorum none\n")
    assert "another log" in at.refused("record", "trust", "--policy", file)
    file.write_text("nonsense\n")
    assert "line 1" in at.refused("record", "trust", "--policy", file)
    assert "names no witness" in at.refused("record", "witness")


def test_a_witness_without_an_address_is_said(both: Installation) -> None:
    one, two = both.running
    assert one is not None
    assert two is not None
    file = both.at.folder / "policy"
    named = f"witness w1 {one.key}\nwitness w2 {two.key} http://127.0.0.1:1\n"
    logs = "".join(f"log {log}\n" for log in both.logs)
    file.write_text(f"{logs}{named}quorum none\n")
    both.at.asks("record", "trust", "--policy", file)
    kept = both.trust.read_text().replace("http://127.0.0.1:1", "nonsense")
    both.trust.write_text(kept)  # as an earlier version took it
    told = both.at.asks("record", "witness")
    assert "where it is" in told["missing"]["w1"]
    assert "no address" in told["missing"]["w2"]


def test_a_witness_has_a_key_of_its_own(both: Installation) -> None:
    """Not the log's, under another name, nor a person's; and no person has a witness's."""
    at, mine = both.at, both.at.key("mine")
    own = Ed25519.generate()
    app.write_private(mine, own.openssh())
    mine.with_name("mine.pub").write_text(str(SigningKey(own).public))
    log = note.parse_key(both.logs[0])[2]
    secretary = PublicKey.parse(at.key(f"{SECRETARY}.pub").read_text()).raw
    file = at.folder.parent / "another.policy"
    for raw, whose in ((log, "the log"), (secretary, f"`{SECRETARY}`")):
        key = CosignerKey("witness.example/other", ED25519, raw)
        lines = (*(f"log {log}" for log in both.logs), f"witness w {key}", "quorum w", "")
        file.write_text("\n".join(lines))
        assert f"is the key of {whose}" in at.refused("record", "trust", "--policy", file)
    key = CosignerKey("witness.example/other", ED25519, own.public)
    lines = (*(f"log {log}" for log in both.logs), f"witness w {key}", "quorum w", "")
    file.write_text("\n".join(lines))
    at.asks("record", "trust", "--policy", file)
    enrol = ("person", "enrol", "bob", "--public", f"{mine}.pub")
    assert "is the key of the witness `w`" in at.refused(*enrol, by="registrar")


def test_a_witness_does_not_serve_a_log_whose_key_it_has(both: Installation) -> None:
    folder = both.at.folder.parent / "own"
    key = Log.read("sayso.example/long-range-fires", Path(f"{both.at.store}.log-key").read_bytes())
    folders.keep(folder, Cosigner("witness.example/own", key.classical.secret))
    serve = ("witness", "serve", "--dir", folder, "--listen", "127.0.0.1:0", "--log", both.logs[0])
    told = both.at.run(*serve)
    assert (told.status, "is the key of the witness already" in told.err) == (1, True)


# --- which state is shown ----------------------------------------------------------------------

BEGUN = Begun(LOG.name, str(LOG.key), "ssh-ed25519 AAAA")
NOBODY = TrustFile.of(BEGUN)
UNKNOWN = TrustFile(BEGUN, Trust((), (), (), "none"))


def test_the_cosigned_state_is_shown_only_if_nothing_newer_is_believed() -> None:
    assert cosigned.newest(signed(9), None, NOBODY) == signed(9)
    assert cosigned.newest(signed(9), signed(5), NOBODY) == signed(9)
    assert cosigned.newest(signed(9), b"nonsense", NOBODY) == signed(9)
    with pytest.raises(Untrue, match="no state"):
        cosigned.newest(signed(9), None, UNKNOWN)


def test_of_two_cosigned_states_one_that_is_believed_is_kept() -> None:
    assert cosigned.better(signed(9), signed(5), NOBODY) == signed(9)
    assert cosigned.better(signed(9), signed(5), UNKNOWN) == signed(9)
    forged = signed(9).replace(b"\n9\n", b"\n8\n")
    assert cosigned.better(forged, signed(5), NOBODY) == signed(5)
    assert checkpoint.claimed(cosigned.merged(signed(5), None)).size == 5
