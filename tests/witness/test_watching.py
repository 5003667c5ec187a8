"""Whoever looks again and again is shown one history, or has the proof that there are two."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sayso.record import checkpoint, tiles
from sayso.record.log import Log
from sayso.record.note import Signer
from sayso.record.tiles import Folder
from sayso.record.tree import Tree, leaf_hash
from tests.cli.terminal import LIAISON, SPAN, USE, Ran, Terminal
from tests.verify.test_alone import VERIFY

ASKED = ("request", "submit", *USE, *SPAN, "--place")


class Watcher:
    """Somebody outside, with the trust file and a file for what was seen."""

    def __init__(self, at: Terminal) -> None:
        self.at, self.folder = at, at.folder / "exported"
        self.trust = Path(f"{at.store}.trust.json")
        self.kept = at.folder.parent / "seen"

    def looks(self, source: object | None = None, *, as_json: bool = True) -> Ran:
        words = ("--trust", self.trust, "--kept", self.kept)
        return self.at.run("record", "watch", source or self.folder, *words, as_json=as_json)

    def grows(self, place: str = "Belgorod") -> None:
        self.at.asks(*ASKED, place, by=LIAISON)
        self.at.asks("record", "export", self.folder)

    def convicts(self, evidence: object) -> tuple[int, dict[str, object]]:
        words = [*VERIFY, "fork", str(evidence), "--trust", str(self.trust), "--json"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def watcher(at: Terminal) -> Watcher:
    """Return a watcher of a copy of the demo, exported."""
    made = Watcher(at)
    at.asks("record", "export", made.folder)
    return made


def rewritten(watcher: Watcher, *, drop: int, add: int) -> int:
    """Let the log sign the exported record without entry `drop`, and with some more; its size."""
    signed = (watcher.folder / "checkpoint").read_bytes()
    state = checkpoint.claimed(signed)
    fetch = Folder(watcher.folder)
    entries = list(tiles.read(fetch, size=state.size, root=state.root))
    del entries[drop]
    entries += [b"more %d" % number for number in range(add)]
    shutil.rmtree(watcher.folder / "tile")
    whole = Tree.of(map(leaf_hash, entries))
    for path, data in tiles.write(entries, whole):
        (watcher.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (watcher.folder / path).write_bytes(data)
    log = Log.read(state.origin, Path(f"{watcher.at.store}.log-key").read_bytes())
    (watcher.folder / "checkpoint").write_bytes(log.sign(whole.size, whole.root()))
    return whole.size


def test_a_record_that_grows_is_followed(watcher: Watcher) -> None:
    first = watcher.looks()
    assert (first.status, first.value["alarm"], first.value["before"]) == (0, "none", 0)
    again = watcher.looks()
    assert again.value["before"] == again.value["entries"] == first.value["entries"]
    watcher.grows()
    more = watcher.looks()
    assert more.value["before"] == first.value["entries"] < more.value["entries"]
    assert "continue the" in watcher.looks(as_json=False).out
    assert watcher.kept.read_bytes() == (watcher.folder / "checkpoint").read_bytes()


@pytest.mark.parametrize("add", [1, 2, 300])
def test_a_dropped_entry_convicts_the_log(watcher: Watcher, add: int) -> None:
    old = watcher.looks().value["entries"]
    kept = watcher.kept.read_bytes()
    size = rewritten(watcher, drop=20, add=add)
    seen = watcher.looks()
    assert (seen.status, seen.value["alarm"], seen.value["entries"]) == (1, "fork", size)
    evidence = Path(seen.value["evidence"])
    assert kept in evidence.read_bytes()
    assert (watcher.folder / "checkpoint").read_bytes() in evidence.read_bytes()
    assert watcher.kept.read_bytes() == kept
    assert watcher.convicts(evidence) == (0, {"convicts": True, "sizes": [old, size]})
    assert watcher.looks().value["evidence"] == str(evidence)
    assert "ALARM" in watcher.looks(as_json=False).out


def test_a_record_that_went_back_raises_the_alarm_and_proves_nothing_yet(watcher: Watcher) -> None:
    watcher.looks()
    kept = watcher.kept.read_bytes()
    rewritten(watcher, drop=20, add=0)
    seen = watcher.looks()
    assert (seen.status, seen.value["alarm"]) == (1, "back")
    assert watcher.convicts(seen.value["evidence"])[0] == 1
    assert watcher.kept.read_bytes() == kept


def test_damage_is_no_fork_and_keeps_nothing(watcher: Watcher) -> None:
    watcher.looks()
    kept = watcher.kept.read_bytes()
    watcher.grows()
    for file in (watcher.folder / "tile" / "0").rglob("*.p/*"):
        file.write_bytes(bytes(len(file.read_bytes())))
    seen = watcher.looks()
    assert (seen.status, "not those of the signed tree" in seen.out) == (1, True)
    assert "evidence" not in seen.value
    assert watcher.kept.read_bytes() == kept


def test_a_strangers_checkpoint_is_no_fork(watcher: Watcher) -> None:
    watcher.looks()
    signed = (watcher.folder / "checkpoint").read_bytes()
    state = checkpoint.claimed(signed)
    stranger = Signer.generate(state.origin)
    (watcher.folder / "checkpoint").write_bytes(checkpoint.sign(state, [stranger]))
    seen = watcher.looks()
    assert (seen.status, "no known key" in seen.out) == (1, True)
    (watcher.folder / "checkpoint").unlink()
    assert "no checkpoint is shown" in watcher.looks().out


def test_a_checkpoint_alone_is_compared_at_its_size_and_not_beyond(watcher: Watcher) -> None:
    watcher.looks()
    lone = watcher.at.folder / "lone"
    shutil.copy(watcher.folder / "checkpoint", lone)
    assert watcher.looks(lone).value["alarm"] == "none"
    rewritten(watcher, drop=20, add=1)
    shutil.copy(watcher.folder / "checkpoint", lone)
    assert watcher.looks(lone).value["alarm"] == "fork"
    rewritten(watcher, drop=20, add=2)
    shutil.copy(watcher.folder / "checkpoint", lone)
    assert "alone does not show" in watcher.looks(lone).out


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve a folder as plain files, as any web server would."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    quiet = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_record_is_watched_where_it_is_served(watcher: Watcher) -> None:
    with site(watcher.folder) as url:
        assert watcher.looks(url).value["before"] == 0
        watcher.grows()
        assert watcher.looks(f"{url}/").value["alarm"] == "none"
        rewritten(watcher, drop=20, add=30)
        seen = watcher.looks(url)
        assert (seen.status, seen.value["alarm"]) == (1, "fork")
        assert watcher.convicts(seen.value["evidence"])[0] == 0
        assert "no checkpoint is shown" in watcher.looks(f"{url}/elsewhere").out
    assert "does not answer" in watcher.looks(url).out


def test_what_is_no_evidence_convicts_nobody(watcher: Watcher) -> None:
    for file in (watcher.folder / "checkpoint", watcher.trust, watcher.folder / "none"):
        status, told = watcher.convicts(file)
        assert (status, told["convicts"]) == (1, False)
