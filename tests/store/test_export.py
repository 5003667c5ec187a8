"""Every single byte of a small export counts: changed, left out or put in, it is found."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sayso import app, store
from sayso.atlas import Gazetteer
from sayso.queries import sent
from sayso.queries.publication import TRUST, Publication
from sayso.queries.report import Report, Sent
from sayso.queries.trustfile import TrustFile
from tests.store.acting import Office, acks, published, verified

STRIDE = 1 if os.environ.get("SAYSO_TORTURE") else 5
Files = dict[str, bytes]
Verify = Callable[[Files], str | None]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("export")
    made = Office.founded(str(folder / "record.db"), folder)
    out, err = made.acting("p", count=2).communicate(timeout=60)
    assert len(acks(out)) == 2, err
    return made


@pytest.fixture(scope="module")
def files(office: Office) -> Files:
    with closing(store.open(office.url)) as kept:
        return published(kept, office.trust)


@pytest.fixture(scope="module")
def verify(office: Office) -> Verify:
    atlas: Gazetteer = app.atlas()

    def problem(files: Files) -> str | None:
        return verified(files, office.trust, atlas=atlas).problem

    return problem


def changed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield `data` with each byte changed in one bit, left out, and doubled, and cut there."""
    for place in range(0, len(data), STRIDE):
        before, here, after = data[:place], data[place : place + 1], data[place + 1 :]
        yield f"{place} changed", before + bytes([here[0] ^ 1 << place % 8]) + after
        yield f"{place} left out", before + after
        yield f"{place} doubled", before + here + here + after
        yield f"{place} cut", before


def test_every_byte_of_an_export_counts(files: Files, verify: Verify) -> None:
    assert verify(files) is None
    assert set(files) == {"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"}
    tried, survived = 0, []
    for name, data in files.items():
        for what, other in changed(data):
            tried += 1
            if other != data and verify({**files, name: other}) is None:
                survived.append(f"{name}: {what}")
    assert tried > 3000 / STRIDE
    assert survived == []


def test_every_byte_of_what_is_sent_along_counts(office: Office) -> None:
    """The proofs and the trust: the record holds without them, and somebody will rely on them."""
    with closing(store.open(office.url)) as kept:
        head, known = kept.head(), TrustFile.of(office.trust)
        assert head is not None
        files = dict(Publication.of(kept, known, head).files(before=None, proofs=(0, 2)))
    report = verified(files, office.trust, atlas=app.atlas())

    def looked(changes: Files) -> Report:
        fetch = {**files, **changes}
        names = [path.removeprefix("proofs/") for path in fetch if path.startswith("proofs/")]
        return sent.along(report, fetch.get, known, names)

    assert looked({}).sent == Sent(proofs=2)
    survived = [
        f"{name}: {what}"
        for name in ("proofs/0.tlog-proof", "proofs/2.tlog-proof", TRUST)
        for what, other in changed(files[name])
        if other != files[name] and looked({name: other}).ok
    ]
    assert survived == []
    for name in ("proofs/1.tlog-proof", "proofs/9.tlog-proof", "proofs/00.tlog-proof"):
        assert not looked({name: files["proofs/0.tlog-proof"]}).ok
    assert not looked({"proofs/2.tlog-proof": files["proofs/0.tlog-proof"]}).ok


def test_no_file_of_an_export_can_be_left_out_or_stand_for_another(
    files: Files, verify: Verify
) -> None:
    for name in files:
        assert verify({each: data for each, data in files.items() if each != name})
        for other in files:
            if other != name:
                assert verify({**files, name: files[other]})


def test_what_was_taken_away_and_signed_anew_shows_only_against_a_witness(
    office: Office, files: Files, tmp_path: Path
) -> None:
    """The sixth forgery: who holds the database and the log key drops the last act."""
    fork = tmp_path / "record.db"
    with closing(store.open(office.url)) as kept, closing(store.create(str(fork))) as made:
        first, second = list(kept.entries())[:2], list(kept.checkpoints())[:2]
        for size, (entry, note) in enumerate(zip(first, second, strict=True)):
            made.append([entry], size=size, checkpoint=note)
    out, err = office.acting("other", count=1, url=str(fork)).communicate(timeout=60)
    assert len(acks(out)) == 1, err
    with closing(store.open(str(fork))) as made:
        forged = published(made, office.trust)

    def problem(witnessed: bytes | None) -> str | None:
        return verified(forged, office.trust, atlas=app.atlas(), witnessed=witnessed).problem

    assert problem(None) is None
    assert "witnessed" in (problem(files["checkpoint"]) or "")
