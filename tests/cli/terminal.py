"""A terminal to try the command line at: in this process for speed, or as the installed program."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sayso.cli import main

SAYSO = Path(sys.executable).with_name("sayso")
EXAMPLES = Path(__file__).parents[2] / "src" / "sayso" / "examples" / "long-range-fires"

SECRETARY = "secretary-of-defense"
OWNER = "under-secretary-policy"
ADVISERS = ("europe-desk", "joint-staff", "general-counsel")
LIAISON = "ukraine-liaison"
USE = ("--agreement", "aid-packages", "--article", "atacms", "--purpose", "military-logistics")
SPAN = ("--since", "2025-08-25T00:00:00Z", "--until", "2025-08-30T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """Return the JSON that was printed."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Return all that was printed."""
        return self.out + self.err


@dataclass(slots=True)
class Terminal:
    """A folder with a record and everybody's keys; `now` is what the time is said to be.

    The record may be in a database instead, at `url`, with its log key in the folder. A `bare`
    terminal says neither, and lets the environment say it.
    """

    folder: Path
    now: str | None = "2025-08-24T12:00:00Z"
    url: str | None = None
    log_key: Path | None = None
    bare: bool = False

    def __post_init__(self) -> None:
        if self.url is not None:
            self.log_key = self.folder / "office.log-key"

    @property
    def store(self) -> Path:
        """Return where the record is."""
        return self.folder / "record.db"

    def key(self, person: str) -> Path:
        """Return a person's private key."""
        return self.folder / "keys" / person

    def words(self, words: tuple[object, ...], by: str | None, *, as_json: bool) -> list[str]:
        """Return the command's words with the options that go with them here."""
        given = [str(word) for word in words]
        if not self.bare:
            given += ["--store", self.url or str(self.store)] if "--store" not in given else []
            named = self.log_key is not None and "--log-key" not in given
            given += ["--log-key", str(self.log_key)] if named else []
        given += ["--now", self.now] if self.now is not None and "--now" not in given else []
        given += ["--key", str(self.key(by))] if by is not None else []
        return [*given, "--json"] if as_json else given

    def run(self, *words: object, by: str | None = None, as_json: bool = False) -> Ran:
        """Run a command in this process; a traceback fails the test."""
        result = CliRunner().invoke(main, self.words(words, by, as_json=as_json))
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return Ran(result.exit_code, result.stdout, result.stderr)

    def asks(self, *words: object, by: str | None = None) -> Any:
        """Return the JSON of a command that must be done."""
        ran = self.run(*words, by=by, as_json=True)
        assert ran.status == 0, ran
        return ran.value

    def acts(self, kind: str) -> list[Any]:
        """Return the entries of a kind on the record, oldest first."""
        return [each for each in self.asks("record", "show") if each["kind"] == kind]

    def cases(self) -> list[str]:
        """Return the cases on the record, as they were filed: also those that are kept secret."""
        return list(dict.fromkeys(each["said"]["case"] for each in self.acts("judgement")))

    def next_request(self, partner: str = "ukraine") -> str:
        """Return what the next request of a partner will be called."""
        filed = [each for each in self.acts("request") if each["said"]["partner"] == partner]
        return f"{partner}-{len(filed) + 1}"

    def installed(self, *words: object, by: str | None = None, as_json: bool = False) -> Ran:
        """Run a command as the installed program."""
        given = self.words(words, by, as_json=as_json)
        done = subprocess.run([SAYSO, *given], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def bytes(self) -> dict[str, str]:
        """Return a digest of every file there, so that before and after can be compared.

        SQLite's shared-memory index is no content: it is made anew by whoever opens the file.
        """
        files = sorted(each for each in self.folder.rglob("*") if each.is_file())
        return {
            str(each.relative_to(self.folder)): sha256(each.read_bytes()).hexdigest()
            for each in files
            if not each.name.endswith("-shm") and each.stat().st_size
        }

    def refused(self, *words: object, by: str | None = None) -> str:
        """Return what is said to a command that must be refused in one line and write nothing."""
        before = self.bytes()
        ran = self.run(*words, by=by)
        assert ran.status == 1, ran
        assert self.bytes() == before
        first = ran.said.removesuffix("\nNothing was written.\n").strip()
        assert first.startswith(("error: ", "refused: ")), first
        assert "\n" not in first, first
        told = self.run(*words, by=by, as_json=True)
        assert told.status == 1
        assert {"error", "hint"} <= told.value.keys() or {"refused", "why", "hint"} == set(
            told.value
        )
        return first

    def copied(self, to: Path) -> "Terminal":
        """Return a terminal on a copy of the folder."""
        shutil.copytree(self.folder, to)
        return Terminal(to, self.now)


def keygen(*words: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the stock ssh-keygen."""
    return subprocess.run(
        ["ssh-keygen", *map(str, words)],
        input=given,
        capture_output=True,
        check=True,
        env={**os.environ, "SSH_ASKPASS": "", "DISPLAY": ""},
    )
