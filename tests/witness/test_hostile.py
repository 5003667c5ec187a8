"""Who is asked may be slow, hostile or away: nobody is held up, and nobody crowded out."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from sayso import replies
from sayso.errors import SaysoError, Untrue
from sayso.operations import cosign as cosigning
from sayso.queries.publication import Publication
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, note, witness
from sayso.record.cosignature import ED25519, Cosigner
from sayso.record.note import MOST_SIGNATURES
from sayso.record.trust import Trust
from sayso.record.witness import Answer, Request
from sayso.witness import client
from tests.cli.terminal import SAYSO, Terminal
from tests.witness.served import LOG, WHOLE, signed
from tests.witness.test_cosigning import BEGUN, Installation
from tests.witness.test_watching import Watcher, site, watcher

__all__ = ["watcher"]


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield the address of a server that does to each connection what it is told."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                Thread(target=spoken, args=(connection,), daemon=True).start()

        def spoken(connection: socket.socket) -> None:
            with closing(connection):
                connection.settimeout(60)
                try:
                    speak(connection)
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def byte_by_byte(connection: socket.socket) -> None:
    """Answer, never done, each byte soon enough after the one before."""
    for byte in b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 10_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def going_on(connection: socket.socket) -> None:
    """Say again and again that the answer will come."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    """Take the question and say nothing."""
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize("speak", [byte_by_byte, going_on])
def test_an_answer_has_its_time_as_a_whole(
    speak: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "IN_ALL", 1)
    with speaking(speak) as url:
        for ask in (lambda: client.post(url, b"x"), lambda: client.last(url, "log.example")):
            begun = time.monotonic()
            with pytest.raises(SaysoError, match="in full in 1 seconds"):
                ask()
            assert time.monotonic() - begun < 4


def test_an_address_that_does_not_connect_has_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may have hundreds of addresses, each of which is tried."""

    def never(*_: object, **__: object) -> list[object]:
        time.sleep(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(SaysoError, match="in full in 1 seconds"):
        replies.ask("http://x.example", "y", most=10, within=1)


def test_what_is_silent_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "SECONDS", 1)
    with speaking(silent) as url, pytest.raises(SaysoError, match="does not answer"):
        client.post(url, b"x")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/é",
        "http://a..b/",
        f"http://{'a' * 70}/",
        "http://a b/",
        "http://a/b c",
        "http://a\x01/",
        "http://\udc80/",
        "http://127.0.0.1:1/\x7f",
    ],
)
def test_an_address_that_cannot_be_asked_is_said_before(url: str, at: Terminal) -> None:
    with pytest.raises(SaysoError, match="no address"):
        client.post(url, b"")
    ran = at.run("record", "watch", url, "--trust", f"{at.store}.trust.json", "--kept", "x")
    assert (ran.status, "no address" in ran.said) == (2, True), ran


def test_a_policy_with_an_address_that_cannot_be_asked_is_refused(at: Terminal) -> None:
    trust = Path(f"{at.store}.trust.json")
    before = trust.read_bytes()
    key = Cosigner.generate("w.example", ED25519).key
    for url in ("nonsense", "http://127.0.0.1:1/é", "http://a..b/"):
        file = at.folder / "policy"
        logs = "".join(f"log {log}\n" for log in json.loads(before)["log"])
        file.write_text(f"{logs}witness w {key} {url}\nquorum none\n")
        assert "no address" in at.refused("record", "trust", "--policy", file)
    assert trust.read_bytes() == before


# --- cosigning ---------------------------------------------------------------------------------

OWN = [Cosigner.generate(f"witness.example/{name}", ED25519) for name in ("w1", "w2")]
POLICY = Trust.parse(
    f"log {LOG.key}\nwitness w1 {OWN[0].key} http://w1\nwitness w2 {OWN[1].key} http://w2\n"
    "group both any w1 w2\nquorum both\n".encode()
)


def published(size: int = 9) -> Publication:
    state = checkpoint.claimed(signed(size))
    return Publication(None, TrustFile(BEGUN, POLICY), signed(size), state, WHOLE)  # type: ignore[arg-type]  # no store is asked


def lines(own: Cosigner, size: int = 9, times: int = 1) -> bytes:
    text, _ = note.split(signed(size))
    return b"".join(note.line(text, own.at(7 + each)) for each in range(times))


class Played:
    """Witnesses that answer as they are told: a `Courier`."""

    def __init__(self, **answers: Callable[[], bytes]) -> None:
        self.answers = answers

    def post(self, url: str, body: bytes) -> Answer:
        Request.parse(body)
        answer = self.answers.get(url.removeprefix("http://"))
        if answer is None:
            raise SaysoError("it does not answer")
        return Answer(200, answer())

    def last(self, url: str, origin: str) -> bytes | None:
        del url, origin
        return None


def test_of_each_key_one_line_is_taken() -> None:
    known = [each.key for each in OWN]
    whole = witness.added(signed(9), lines(OWN[0], times=99) + lines(OWN[1]), known=known)
    assert len(note.split(whole)[1]) == 3
    assert whole == signed(9) + lines(OWN[0]) + lines(OWN[1])
    forged = lines(OWN[0], size=8)
    with pytest.raises(Untrue):
        witness.added(signed(9), forged + lines(OWN[0]), known=known)


def test_a_witness_that_repeats_its_line_crowds_nobody_out() -> None:
    many = MOST_SIGNATURES - 1
    courier = Played(w1=lambda: lines(OWN[0], times=many), w2=lambda: lines(OWN[1]))
    made, heard = cosigning.cosign(published(), None, courier, keep=lambda _: None)
    assert POLICY.open(made).witnesses == ("w1", "w2")
    assert [len(each.lines.splitlines()) for each in heard] == [1, 1]


def test_what_one_has_signed_is_kept_before_the_other_answers() -> None:
    kept: list[bytes] = []

    def slow() -> bytes:
        while not kept:
            time.sleep(0.01)
        return lines(OWN[0])

    courier = Played(w1=slow, w2=lambda: lines(OWN[1]))
    made, _ = cosigning.cosign(published(), None, courier, keep=kept.append)
    assert POLICY.open(kept[0]).witnesses == ("w2",)
    assert kept[-1] == made
    assert POLICY.open(made).witnesses == ("w1", "w2")


def test_what_a_witness_signed_before_it_went_silent_counts() -> None:
    first = Played(w1=lambda: lines(OWN[0]))
    second = Played(w2=lambda: lines(OWN[1]))
    before, _ = cosigning.cosign(published(), None, first, keep=lambda _: None)
    made, heard = cosigning.cosign(published(), before, second, keep=lambda _: None)
    assert POLICY.open(made).witnesses == ("w1", "w2")
    assert all(each.lines for each in heard)
    assert heard[0].why
    grown, heard = cosigning.cosign(published(12), made, Played(), keep=lambda _: None)
    assert (grown, any(each.lines for each in heard)) == (signed(12), False)
    forged = signed(9) + lines(OWN[0], size=8)
    assert cosigning.cosign(published(), forged, Played(), keep=lambda _: None)[0] == signed(9)


def test_a_witness_that_is_never_done_does_not_hold_up_the_quorum(
    at: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "IN_ALL", 2)
    either = Installation(at, quorum="any")
    with either.stack, speaking(byte_by_byte) as url:
        file = at.folder / "policy"
        text = (at.folder.parent / "witnesses.policy").read_text()
        one = either.running[0]
        assert one is not None
        file.write_text(text.replace(one.url, url))
        at.asks("record", "trust", "--policy", file)
        told = at.asks("record", "witness")
        assert (told["quorum"], told["cosigned"]["by"]) == (True, ["w2"])
        assert "in full" in told["missing"]["w1"]
        assert at.asks("record", "verify")["cosigned"]["by"] == ["w2"]


# --- again and again ---------------------------------------------------------------------------


@contextmanager
def going(at: Terminal, *words: object) -> Iterator["subprocess.Popen[str]"]:
    """Yield a command that goes on until it is ended; what it says goes to one pipe."""
    given = at.words(words, None, as_json=False)
    process = subprocess.Popen(
        [SAYSO, *given], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def reads_until(process: "subprocess.Popen[str]", said: str) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if said in line:
            return told
    raise AssertionError(told)


def test_who_watches_goes_on_though_the_record_is_away_and_ends_with_the_alarm(
    watcher: Watcher,
) -> None:
    at, folder = watcher.at, watcher.folder
    words = ("--trust", watcher.trust, "--kept", watcher.kept, "--every", 1)
    away = folder.with_name("away")
    with going(at, "record", "watch", folder, *words) as process:
        reads_until(process, "for the first time")
        folder.rename(away)
        reads_until(process, "error: ")
        away.rename(folder)
        reads_until(process, "continue the")
        good = (folder / "checkpoint").read_bytes()
        (folder / "checkpoint").write_bytes(b"")
        reads_until(process, "error: ")
        (folder / "checkpoint").write_bytes(good)
        reads_until(process, "continue the")
        assert process.poll() is None
    with site(folder) as url, going(at, "record", "watch", url, *words) as process:
        reads_until(process, "continue the")
    with going(at, "record", "watch", url, *words) as process:
        reads_until(process, "does not answer")
        reads_until(process, "does not answer")
        assert process.poll() is None


def test_who_watches_again_and_again_ends_with_the_alarm_and_its_status(watcher: Watcher) -> None:
    watcher.looks()
    kept = watcher.kept.read_bytes()
    watcher.grows()
    watcher.looks()
    (watcher.folder / "checkpoint").write_bytes(kept)
    words = ("--trust", watcher.trust, "--kept", watcher.kept, "--every", 1)
    with going(watcher.at, "record", "watch", watcher.folder, *words) as process:
        reads_until(process, "ALARM")
        assert process.wait(30) == 1


def test_a_scheme_is_written_in_any_letters_and_a_file_is_named(watcher: Watcher) -> None:
    with site(watcher.folder) as url:
        assert watcher.looks(url.replace("http", "HTTP")).value["alarm"] == "none"
    watcher.kept.write_bytes(b"")
    ran = watcher.looks()
    assert (ran.status, f"`{watcher.kept}` is no checkpoint" in ran.value["error"]) == (1, True)
    watcher.kept.unlink()
    watcher.kept.symlink_to(watcher.kept.with_name("nowhere"))
    assert watcher.looks().status == 1
    assert watcher.looks(watcher.folder / "nowhere").status == 2


def test_who_asks_witnesses_goes_on_though_the_store_is_away(at: Terminal) -> None:
    both = Installation(at)
    away = at.store.with_name("away.db")
    with both.stack, going(at, "record", "witness", "--every", 1) as process:
        reads_until(process, "cosigned by 2 of 2")
        at.store.rename(away)
        reads_until(process, "no store at")
        away.rename(at.store)
        both.act()
        reads_until(process, "cosigned by 2 of 2")
        assert process.poll() is None
