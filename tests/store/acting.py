"""A process that acts on a record as an office does, and what must hold of the record afterwards.

    python -m tests.store.acting URL LOG_KEY REGISTRAR_KEY NAME COUNT

enrols COUNT persons, one act after the other, and prints the receipt of each as soon as it has it.
Tests start several, kill them, and kill what they write to.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sayso import app, store
from sayso.casework import possession
from sayso.casework.events import Clock
from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.errors import StoreError
from sayso.operations.found import Charter, found
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.queries import exported, projected, verification
from sayso.queries.exported import How
from sayso.queries.publication import TRUST, Publication
from sayso.queries.report import Report
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, entry
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from sayso.record.tree import Frontier, leaf_hash
from sayso.store.contract import Store

ORIGIN = "sayso.example/acting"
LAG = 4  # how far what is kept of what stands may be behind: not far, so that much is killed in it
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ack:
    """What an acting process was told: its entry's number and leaf hash, and the checkpoint."""

    entry: int
    leaf: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Office:
    """A record, begun, and the files that an acting process needs."""

    url: str
    folder: Path
    trust: Trust

    @classmethod
    def founded(cls, url: str, folder: Path) -> "Office":
        """Return a new record at `url`, its keys in `folder`."""
        registrar = SigningKey.generate()
        app.write_private(folder / "registrar", registrar.openssh())
        log = Log.generate(ORIGIN)
        key, where = str(registrar.public), folder / "log-key"
        with app.founded(url, log, registrar=key, at=app.now(), log_key=where) as desk:
            done = found(desk, Charter("registrar", "us", Clock.SYSTEM), registrar)
            assert isinstance(done, Receipt), done
            first, second = map(str, log.keys)
            return cls(url, folder, Trust(ORIGIN, first, str(registrar.public), second))

    def acting(self, name: str, *, count: int, url: str | None = None) -> "subprocess.Popen[str]":
        """Start a process that acts `count` times."""
        keys = (str(self.folder / "log-key"), str(self.folder / "registrar"))
        command = (sys.executable, "-m", __name__, url or self.url, *keys, name, str(count))
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def check(self, seen: list[Ack], *, url: str | None = None, copied: bool = False) -> int:
        """Assert that nothing acknowledged is lost and that all verifies; return the size.

        Of a store that was `copied` nothing is kept of what stands until somebody acts there.
        """
        with closing(store.open(url or self.url)) as kept:
            entries = list(kept.entries())
            if not copied:
                self._check_kept(kept)
            report = verification.verify_store(
                kept, self.trust, atlas=app.atlas(), progress=lambda _: None
            )
            assert report.problem is None, report.problem
            files = published(kept, self.trust)
        report = verified(files, self.trust, atlas=app.atlas())
        assert (report.problem, report.entries) == (None, len(entries))
        leaves = [leaf_hash(each) for each in entries]
        for ack in seen:
            assert leaves[ack.entry].hex() == ack.leaf
            signed = checkpoint.open(
                ack.checkpoint.encode(),
                origin=ORIGIN,
                keys=self.trust.log_keys,
            )
            assert Frontier.of(leaves[: signed.size]).root() == signed.root
        return len(entries)

    def _check_kept(self, kept: Store) -> None:
        """Assert that what stands is kept of these entries, and not too far behind."""
        found = projected.claimed(kept, origin=ORIGIN, keys=self.trust.log_keys)
        of = 0 if found is None else found.head.tree.size
        assert 0 <= kept.size() - of < LAG


def published(kept: Store, trust: Trust) -> dict[str, bytes]:
    """Return the export of a record, file by file, without the trust it sends along."""
    head = kept.head()
    assert head is not None
    made = Publication.of(kept, TrustFile.of(trust), head)
    return {path: data for path, data in made.files(before=None, proofs=()) if path != TRUST}


def verified(
    files: Mapping[str, bytes], trust: Trust, *, atlas: Atlas, witnessed: bytes | None = None
) -> Report:
    """Return whether an export holds."""
    how = How(1, lambda _: None)
    known = TrustFile.of(trust)
    return exported.verify(files.get, known, atlas=atlas, how=how, witnessed=witnessed)


def acks(text: str) -> list[Ack]:
    """Return what a process was told, from what it printed; a line cut off was not told."""
    return [Ack(**json.loads(line)) for line in text.splitlines(keepends=True) if line[-1] == "\n"]


def rest(process: "subprocess.Popen[str]") -> str:
    """Return what an acting process still printed, after its end."""
    with process as ending:
        assert ending.stdout is not None
        return ending.stdout.read()


def main(url: str, log_key: str, registrar_key: str, name: str, count: str) -> None:
    """Act `count` times, and print each receipt."""
    key = SigningKey.read(Path(registrar_key).read_bytes())
    done = 0
    while done < int(count):
        act = possession.enrolment(SigningKey.generate(), origin=ORIGIN, person=f"{name}-{done}")
        with app.desk(url, log_key=Path(log_key)) as desk:
            desk.memory.lag = LAG
            payload = draft(desk, "registrar", act).payload
            signed = Signed("enrolment", payload, entry.sign(key, "enrolment", payload))
            try:
                receipt = perform(desk, signed)
            except StoreError as error:
                if "busy" not in error.what:
                    raise
                continue
        assert isinstance(receipt, Receipt), receipt
        told = {"entry": receipt.index, "leaf": receipt.leaf}
        print(json.dumps({**told, "checkpoint": receipt.checkpoint.decode()}), flush=True)
        done += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
