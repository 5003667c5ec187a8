"""A witness as its partners meet it: a process of its own, that listens on a port."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import CosignerKey
from sayso.record.note import Signer
from sayso.record.tree import Tree
from sayso.record.witness import Answer, Request
from sayso.witness import client
from tests.cli.terminal import SAYSO

ORIGIN = "log.example/served"
LOG = Signer.generate(ORIGIN)
WHOLE = Tree.of(tree.leaf_hash(bytes([number])) for number in range(40))
OTHER = Tree.of(tree.leaf_hash(bytes([number, 1])) for number in range(40))


def signed(size: int, whole: Tree = WHOLE, by: Signer = LOG) -> bytes:
    return checkpoint.sign(Checkpoint(ORIGIN, size, whole.root(size)), [by])


def request(old: int, new: int, whole: Tree = WHOLE) -> bytes:
    return bytes(Request(old, whole.consistency(old, new), signed(new, whole)))


@dataclass(frozen=True, slots=True)
class Served:
    """A witness that listens."""

    url: str
    key: CosignerKey
    process: "subprocess.Popen[str]"

    def asked(self, body: bytes) -> Answer:
        return client.post(self.url, body)


def begun(words: Sequence[object]) -> Served:
    """Begin a witness and wait until it listens."""
    process = subprocess.Popen(
        [*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    told = ""
    assert process.stdout is not None
    while not told.endswith("}\n"):
        line = process.stdout.readline()
        assert line, "the witness has ended"
        told += line
    value = json.loads(told)
    return Served(value["url"], CosignerKey.parse(value["vkey"]), process)


@contextmanager
def served(
    folder: Path, *, logs: Sequence[str] = (str(LOG.key),), program: Sequence[object] = (SAYSO,)
) -> Iterator[Served]:
    """Yield the witness of `folder`, and end it."""
    known = [word for log in logs for word in ("--log", log)]
    listen = ("--listen", "127.0.0.1:0", *known, "--json")
    running = begun((*program, "witness", "serve", "--dir", folder, *listen))
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.communicate(timeout=30)
