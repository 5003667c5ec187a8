"""A witness over HTTP: a real process, real sockets, and nobody who can take it back."""

import signal
import socket
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread, Timer
from time import sleep
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso import files
from sayso.errors import SaysoError, StoreError
from sayso.record import checkpoint, note, witness
from sayso.record.cosignature import ED25519, MLDSA44, Cosigner, seconds
from sayso.record.note import Key, Signer
from sayso.record.tree import EMPTY_ROOT
from sayso.record.trust import Trust
from sayso.record.witness import MOST_BYTES, Answer
from sayso.replies import ask
from sayso.witness import client, folder, server
from tests.cli.terminal import Terminal
from tests.witness.served import LOG, ORIGIN, OTHER, WHOLE, Served, request, served, signed

NAME = sha256(ORIGIN.encode()).hexdigest()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a witness that many tests ask; it stands at 20 entries at first."""
    with served(tmp_path_factory.mktemp("witness") / "w") as one:
        assert one.asked(request(0, 20)).status == 200
        yield one


def exchanged(url: str, raw: bytes) -> bytes:
    """Return what comes back for raw bytes."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_every_answer_of_the_standard(tmp_path: Path) -> None:
    with served(tmp_path / "w") as one:
        elsewhere = checkpoint.Checkpoint("log.example/x", 0, EMPTY_ROOT)
        stranger = checkpoint.sign(elsewhere, [LOG])
        assert one.asked(b"old 0\n\n" + stranger).status == 404
        forged = signed(5, by=Signer.generate(ORIGIN))
        assert one.asked(b"old 0\n\n" + forged).status == 403
        assert one.asked(b"nonsense").status == 400
        first = one.asked(request(0, 5))
        assert (first.status, first.kind) == (200, "text/plain")
        assert one.asked(request(0, 9)) == Answer(409, b"5\n", "text/x.tlog.size")
        assert one.asked(request(9, 12)) == Answer(409, b"5\n", "text/x.tlog.size")
        assert one.asked(request(5, 9, OTHER)).status == 422
        assert one.asked(b"old 9\n\n" + signed(5)).status == 400
        assert one.asked(request(5, 5)).status == 200
        assert one.asked(request(5, 5, OTHER)) == Answer(409, b"5\n", "text/x.tlog.size")
        assert one.asked(request(5, 40)).status == 200


def test_what_it_signs_satisfies_a_policy(running: Served) -> None:
    lines = running.asked(request(20, 20)).body
    whole = witness.added(signed(20), lines, known=[running.key])
    policy = Trust.parse(f"log {LOG.key}\nwitness w {running.key}\nquorum w\n".encode())
    assert policy.open(whole).witnesses == ("w",)


def test_whoever_asks_is_shown_the_last_state(running: Served) -> None:
    shown = client.last(running.url, ORIGIN) or b""
    opened = note.open(shown, [LOG.key, running.key])
    assert (len(opened.signatures), opened.ignored) == (2, 0)
    assert checkpoint.claimed(shown).size == 20
    assert client.last(running.url, "log.example/other") is None
    for path in ("../key", f"{NAME}/../../key", NAME, f"{NAME.upper()}/checkpoint"):
        assert ask(running.url, path, most=100).status == 404


def test_of_many_who_race_from_one_size_only_one_history_is_cosigned(tmp_path: Path) -> None:
    with served(tmp_path / "w") as one, ThreadPoolExecutor(16) as pool:
        assert one.asked(request(0, 10)).status == 200
        bodies = [request(10, 11 + number) for number in range(8)]
        answers = list(pool.map(one.asked, bodies * 2))
        taken = [number for number, each in enumerate(answers) if each.status == 200]
        assert len(taken) == 1
        size = 11 + taken[0] % 8
        others = [each for each in answers if each.status != 200]
        assert set(others) == {Answer(409, f"{size}\n".encode(), "text/x.tlog.size")}


def test_of_two_histories_that_begin_at_once_one_is_cosigned(tmp_path: Path) -> None:
    for turn in range(5):
        with served(tmp_path / f"w{turn}") as one, ThreadPoolExecutor(8) as pool:
            bodies = [request(0, 7), request(0, 7, OTHER)] * 4
            answers = list(pool.map(one.asked, bodies))
            assert [each.status for each in answers].count(200) == 1


# --- crashes -----------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from sayso import files
from sayso.replies import ask
from sayso.cli import main
real = files.replace
def replace(path, data, *, mode=files.PUBLIC):
    if path.parent.name == "seen":
        if sys.argv[1] == "after":
            real(path, data, mode=mode)
        os.kill(os.getpid(), signal.SIGKILL)
    real(path, data, mode=mode)
files.replace = replace
main(sys.argv[2:])
"""


@contextmanager
def killed(at: Path, when: str) -> Iterator[Served]:
    """Yield a witness that is killed before or after it keeps a state, and before it answers."""
    with served(at, program=(sys.executable, "-c", KILLED, when)) as one:
        yield one


def test_killed_between_state_and_answer_it_goes_on_from_the_state(tmp_path: Path) -> None:
    with served(tmp_path / "w") as one:
        assert one.asked(request(0, 5)).status == 200
    with killed(tmp_path / "w", "after") as one:
        with pytest.raises(SaysoError, match="does not answer"):
            one.asked(request(5, 9))
        assert one.process.wait(30) == -signal.SIGKILL
    with served(tmp_path / "w") as one:
        assert one.asked(request(5, 9, OTHER)).status == 409
        assert one.asked(request(5, 9)) == Answer(409, b"9\n", "text/x.tlog.size")
        assert one.asked(request(9, 9)).status == 200


def test_killed_before_the_state_it_has_signed_nothing_and_begins_again(tmp_path: Path) -> None:
    with killed(tmp_path / "w", "before") as one:
        with pytest.raises(SaysoError, match="does not answer"):
            one.asked(request(0, 5))
        assert one.process.wait(30) == -signal.SIGKILL
    with served(tmp_path / "w") as one:
        assert one.asked(request(0, 5)).status == 200


def test_killed_at_any_moment_no_signature_it_gave_is_forgotten(tmp_path: Path) -> None:
    size = 0
    for delay in (0.0, 0.01, 0.03, 0.06):
        with served(tmp_path / "w") as one:
            killer = Timer(delay, one.process.kill)
            killer.start()
            while size < 40:
                try:
                    answer = one.asked(request(size, size + 1))
                except SaysoError:
                    break
                if answer.status == 409:
                    assert int(answer.body) == size + 1
                else:
                    assert answer.status == 200
                size += 1
            killer.join()
        if size == 40:
            break
    with served(tmp_path / "w") as one:
        told = one.asked(request(0, 1)).body
        assert int(told) >= size


# --- the folder --------------------------------------------------------------------------------


def test_the_key_is_its_owners_only_and_is_never_replaced(tmp_path: Path) -> None:
    at = Terminal(tmp_path)
    vkey = at.asks("witness", "key", tmp_path / "w", "--name", "witness.example/w")["vkey"]
    assert vkey.startswith("witness.example/w+")
    assert at.asks("witness", "key", tmp_path / "w")["vkey"] == vkey
    assert stat.S_IMODE((tmp_path / "w" / "key").stat().st_mode) == 0o600
    assert "already" in at.refused("witness", "key", tmp_path / "w", "--name", "another")
    assert "cannot name a key" in at.refused("witness", "key", tmp_path / "v", "--name", "a b")


def test_two_processes_are_never_one_witness(tmp_path: Path) -> None:
    with served(tmp_path / "w"):
        at = Terminal(tmp_path)
        words = ("--dir", tmp_path / "w", "--listen", "127.0.0.1:0", "--log", LOG.key)
        assert "another process" in at.refused("witness", "serve", *words)


@pytest.mark.parametrize(
    ("listen", "log", "said"),
    [
        ("8500", str(LOG.key), "HOST:PORT"),
        ("127.0.0.1:99999", str(LOG.key), "HOST:PORT"),
        ("256.0.0.1:0", str(LOG.key), "cannot be listened on"),
        ("127.0.0.1:0", "nonsense", "not the id"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path: Path, listen: str, log: str, said: str) -> None:
    at = Terminal(tmp_path / "t")
    ran = at.run("witness", "serve", "--dir", tmp_path / "w", "--listen", listen, "--log", log)
    assert (ran.status, said in ran.said) == (1, True), ran


def test_a_damaged_or_foreign_state_stops_it_before_it_signs(tmp_path: Path) -> None:
    with served(tmp_path / "w") as one:
        assert one.asked(request(0, 5)).status == 200
    seen = tmp_path / "w" / "seen" / NAME
    good = seen.read_bytes()
    words = ("--dir", tmp_path / "w", "--listen", "127.0.0.1:0", "--log", LOG.key)
    for bad in (b"", good[:-10], good.replace(b"\n5\n", b"\n4\n"), signed(5)):
        seen.write_bytes(bad)
        ran = Terminal(tmp_path / "t").run("witness", "serve", *words)
        assert (ran.status, "not what this witness has cosigned" in ran.err) == (1, True)
    seen.write_bytes(good)
    with served(tmp_path / "w") as one:
        assert one.asked(request(5, 6)).status == 200


def test_time_never_goes_back_though_the_clock_does(tmp_path: Path) -> None:
    folder.make(tmp_path / "w", "w", ED25519)
    clock = iter((1_000, 400, 2_000))
    told = []
    with folder.opened(tmp_path / "w", {ORIGIN: [LOG.key]}, lambda: next(clock)) as one:
        for new in (5, 6, 7):
            lines = one.add(request(new - 1 if new > 5 else 0, new)).body.decode()
            told.append(seconds(note.parse_line(lines.removesuffix("\n")).signature))
    assert told == [1_000, 1_000, 2_000]


def test_a_log_of_two_keys_and_a_witness_of_ml_dsa(tmp_path: Path) -> None:
    post_quantum = Cosigner.generate(ORIGIN, MLDSA44)
    folder.make(tmp_path / "w", "w", MLDSA44)
    logs: dict[str, list[Key]] = {ORIGIN: [LOG.key, post_quantum.key]}
    both = checkpoint.sign(
        checkpoint.Checkpoint(ORIGIN, 5, WHOLE.root(5)), [LOG, post_quantum.at(0)]
    )
    with folder.opened(tmp_path / "w", logs, lambda: 7) as one:
        answer = one.add(bytes(witness.Request(0, (), both)))
        whole = witness.added(both, answer.body, known=[one.own.key])
        assert len(note.open(whole, [*logs[ORIGIN], one.own.key]).signatures) == 3
        assert one.last(NAME) == whole


def test_a_log_is_not_held_to_fewer_keys_than_before(tmp_path: Path) -> None:
    second = Cosigner.generate(ORIGIN, MLDSA44)
    folder.make(tmp_path / "w", "w", ED25519)
    both = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 5, WHOLE.root(5)), [LOG, second.at(0)])
    with folder.opened(tmp_path / "w", {ORIGIN: [LOG.key]}, lambda: 7) as one:
        assert one.add(bytes(witness.Request(0, (), both))).status == 200
    with folder.opened(tmp_path / "w", {ORIGIN: [LOG.key, second.key]}, lambda: 7) as one:
        assert one.add(bytes(witness.Request(5, (), both))).status == 200
    for fewer in (LOG.key, second.key):
        with (
            pytest.raises(StoreError, match="is not named"),
            folder.opened(tmp_path / "w", {ORIGIN: [fewer]}, lambda: 7),
        ):
            pass


def test_a_link_that_leads_nowhere_is_not_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "w") as one:
        assert one.asked(request(0, 5)).status == 200
    words = ("--dir", tmp_path / "w", "--listen", "127.0.0.1:0", "--log", LOG.key)
    at = Terminal(tmp_path / "t")
    seen, elsewhere = tmp_path / "w" / "seen" / NAME, tmp_path / "elsewhere"
    seen.rename(elsewhere)
    seen.symlink_to(tmp_path / "nowhere")
    assert "leads nowhere" in at.refused("witness", "serve", *words)
    seen.unlink()
    seen.symlink_to(elsewhere)
    with served(tmp_path / "w") as one:
        assert one.asked(request(0, 6)) == Answer(409, b"5\n", "text/x.tlog.size")
    key = tmp_path / "w" / "key"
    key.unlink()
    key.symlink_to(tmp_path / "nowhere")
    assert at.run("witness", "serve", *words).status == 1
    assert key.is_symlink()
    assert "already" in at.refused("witness", "key", tmp_path / "w", "--name", "another")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    at = Terminal(tmp_path)
    at.asks("witness", "key", tmp_path / "w")
    (tmp_path / "w" / "key").chmod(mode)
    words = ("--dir", tmp_path / "w", "--listen", "127.0.0.1:0", "--log", LOG.key)
    assert f"its mode is {mode:04o}" in at.refused("witness", "serve", *words)


def test_lines_of_others_are_not_kept(tmp_path: Path) -> None:
    folder.make(tmp_path / "w", "w", ED25519)
    stranger = Cosigner.generate("stranger.example", ED25519).at(1)
    extra = signed(5) + note.line(note.split(signed(5))[0], stranger)
    with folder.opened(tmp_path / "w", {ORIGIN: [LOG.key]}, lambda: 7) as one:
        assert one.add(bytes(witness.Request(0, (), extra))).status == 200
        assert b"stranger" not in (one.last(NAME) or b"")


# --- hostile and slow --------------------------------------------------------------------------

POST = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (POST + b"\r\n", 411),
        (POST + b"Content-Length: -1\r\n\r\n", 411),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (POST + b"Content-Length: %d\r\n\r\n" % (MOST_BYTES + 1), 413),
        (POST + b"Content-Length: 50\r\n\r\nold 0", 400),
        (POST + b"Content-Length: 0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
        (b"GET /add-checkpoint HTTP/1.1\r\n\r\n", 404),
        (b"DELETE / HTTP/1.1\r\n\r\n", 501),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (POST + b"".join(b"X-%d: y\r\n" % each for each in range(200)) + b"\r\n", 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 nonsense\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_told_so(running: Served, raw: bytes, status: int) -> None:
    assert str(status).encode() in exchanged(running.url, raw)[:400]
    assert running.asked(request(20, 20)).status == 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300), place=st.integers(0, 300))
def test_any_bytes_change_nothing(running: Served, raw: bytes, place: int) -> None:
    body = request(20, 30, OTHER)
    assert running.asked(body[:place] + raw + body[place:]).status in {400, 403, 404, 409, 422}
    assert running.asked(request(20, 20)).status == 200


@pytest.fixture
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[server.Server]:
    """Yield a witness in this process that gives a connection a second, and takes three at once."""
    monkeypatch.setattr(server, "SECONDS", 1)
    monkeypatch.setattr(server, "MOST_AT_ONCE", 3)
    folder.make(tmp_path / "w", "w", ED25519)
    with (
        folder.opened(tmp_path / "w", {ORIGIN: [LOG.key]}, lambda: 7) as one,
        server.Server(("127.0.0.1", 0), one, lambda _: None) as listening,
    ):
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def test_who_is_slow_is_cut_off_and_others_are_served(
    hasty: server.Server,
) -> None:
    parts = urlsplit(hasty.url)
    with ExitStack() as stack:
        address = (parts.hostname, parts.port)
        slow = [stack.enter_context(socket.create_connection(address)) for _ in range(3)]
        for each in slow:
            each.sendall(POST)
        with pytest.raises(SaysoError, match="does not answer"):
            client.post(hasty.url, request(0, 5))
        assert all(each.recv(1) == b"" for each in slow)
    while hasty._begun:  # their threads end a moment after their connections
        sleep(0.01)
    assert client.post(hasty.url, request(0, 5)).status == 200


def test_a_disk_that_refuses_gives_no_signature(
    hasty: server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(files, "replace", full)
    answer = client.post(hasty.url, request(0, 5))
    assert (answer.status, answer.body) == (500, b"the witness cannot keep what it sees\n")
    monkeypatch.undo()
    assert client.post(hasty.url, request(0, 5)).status == 200


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "ftp://x", "http://", "http://x:99999", "http://x/?q", "http://[::1"],
)
def test_what_is_no_address_of_a_witness_is_said(url: str) -> None:
    with pytest.raises(SaysoError, match="no address"):
        client.post(url, b"")


def test_an_answer_without_end_is_not_read(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 10)
    with pytest.raises(SaysoError, match="more than"):
        running.asked(request(20, 20))


def test_a_path_before_it_is_part_of_its_address(running: Served) -> None:
    connection = HTTPConnection(urlsplit(running.url).netloc)
    connection.request("POST", "/below/add-checkpoint", request(20, 20))
    assert connection.getresponse().status == 404
    connection.close()
    with pytest.raises(SaysoError, match="does not answer"):
        client.post("http://127.0.0.1:1", b"")
    assert client.post(f"{running.url}/", request(20, 20)).status == 200
