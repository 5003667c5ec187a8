"""Kills under load: of who writes, of the database, of a primary whose standby takes over.

After each: nothing that anybody was told is lost, every checkpoint that anybody saw is one of the
record's, the whole record and its export verify, and the next act goes through. A few rounds each
time, many with SAYSO_TORTURE.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest

from sayso import store
from sayso.errors import StoreError
from tests.store.acting import Ack, Office, acks, rest
from tests.store.pair import Standby
from tests.store.test_postgres import restarted

ROUNDS = 20 if os.environ.get("SAYSO_TORTURE") else 2
PROCESSES = 3
FOREVER = 100_000
DRAW = random.Random()


class Load:
    """Processes that act on a record until they are killed, or what they write to is."""

    def __init__(self, office: Office, name: str, *, url: str | None = None) -> None:
        """Start them, and wait until each was told something; then wait a moment more."""
        self.running = [
            office.acting(f"{name}-{number}", count=FOREVER, url=url) for number in range(PROCESSES)
        ]
        self.first = [self.line(each) for each in self.running]
        time.sleep(DRAW.random() * 0.5)

    @staticmethod
    def line(process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        return line

    def kill(self) -> None:
        for each in self.running:
            each.kill()

    def ended(self) -> list[Ack]:
        """Return all that they were told; each ends by a kill, or by a fault that it was told."""
        texts = [first + rest(each) for first, each in zip(self.first, self.running, strict=True)]
        assert all(each.returncode != 0 for each in self.running)
        return [ack for text in texts for ack in acks(text)]


def test_nothing_told_is_lost_when_those_who_write_are_killed(tmp_path: Path) -> None:
    office = Office.founded(str(tmp_path / "record.db"), tmp_path)
    seen: list[Ack] = []
    for number in range(ROUNDS):
        load = Load(office, f"r{number}")
        load.kill()
        seen += load.ended()
        assert office.check(seen) > len(seen)


def test_nothing_told_is_lost_when_the_database_is_killed(tmp_path: Path, own_server: Any) -> None:
    office = Office.founded(own_server.get_uri(), tmp_path)
    seen: list[Ack] = []
    for number in range(ROUNDS):
        load = Load(office, f"r{number}")
        os.kill(own_server.get_pid(), signal.SIGKILL)
        seen += load.ended()
        restarted(own_server)
        assert office.check(seen) > len(seen)


# --- a pair ------------------------------------------------------------------------------------


@pytest.fixture
def pair(own_server: Any) -> Iterator[Standby]:
    with TemporaryDirectory(prefix="sayso-") as folder:
        standby = Standby(own_server, Path(folder))
        standby.begin()
        yield standby
        standby.stop()


@pytest.fixture
def office(pair: Standby, tmp_path: Path) -> Office:
    return Office.founded(pair.either, tmp_path)


def test_nothing_told_is_lost_when_the_primary_is_killed_and_the_standby_promoted(
    office: Office, pair: Standby
) -> None:
    load = Load(office, "before")
    os.kill(pair.primary.get_pid(), signal.SIGKILL)
    seen = load.ended()
    assert office.check(seen, url=pair.url) > len(seen)
    with closing(store.open(pair.url)) as kept, pytest.raises(StoreError, match="is it a standby"):
        kept.append([b"x"], size=kept.size(), checkpoint=b"x\n%d\n" % (kept.size() + 1))
    pair.promote()
    load = Load(office, "after")
    load.kill()
    seen += load.ended()
    assert office.check(seen) > len(seen)


def test_what_the_standby_did_not_take_is_not_told_as_done(office: Office, pair: Standby) -> None:
    """A server told to stop waiting for its standby says that it committed; nobody believes it."""
    pair.stop()
    acting = office.acting("alone", count=1)
    with psycopg.connect(pair.primary.get_uri(), autocommit=True) as connection:
        waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        (pid,) = until(lambda: connection.execute(waits.encode()).fetchone())
        assert acting.poll() is None
        connection.execute("SELECT pg_cancel_backend(%s)", (pid,))
    assert acting.stderr is not None
    said = acting.stderr.read()
    assert rest(acting) == ""
    assert acting.returncode != 0
    assert "kept the entries with a warning: canceling wait for synchronous" in said
    pair.start()
    assert until(lambda: office.check([], url=pair.url) == 2)


def until(ask: Callable[[], Any]) -> Any:
    """Return what `ask` gives as soon as it gives something."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("it did not happen in time")
