"""Other people's programs accept what is written here; a skipped test says what to install.

`SAYSO_PEERS` names a folder of programs beside the PATH (the `bin` of a virtual environment of
Python 3.12 or later), `SAYSO_NODE_MODULES` one of npm packages, and `SAYSO_GO` the folder that
Debian's Go packages were unpacked into, if not `/`.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from sayso.record import checkpoint, tree, witness
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import CosignerKey
from sayso.record.note import Signer
from sayso.record.tree import Tree
from sayso.record.witness import Request

VECTORS = Path(__file__).parent / "vectors"
LOG_KEY = (VECTORS / "log.vkeys").read_text().splitlines()[0]
PATH = os.pathsep.join([os.environ.get("SAYSO_PEERS", ""), os.environ.get("PATH", "")])
GO_ROOT = Path(os.environ.get("SAYSO_GO", "/"))


def program(name: str, package: str) -> str:
    """Return the path of a peer's program, or skip and say what would bring it."""
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"`{name}` is not here; `pip install {package}` and set SAYSO_PEERS brings it")
    return found


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- readers ------------------------------------------------------------------------------------


def test_aics_tlog_accepts_the_checkpoint_with_its_witness() -> None:
    peer = program("aics-tlog", "aics-tlog")
    key = next(
        line.split()[2]
        for line in (VECTORS / "policy").read_text().splitlines()
        if line.startswith("witness one")
    )
    said = run(
        peer, "verify-checkpoint", "--note", VECTORS / "checkpoint", "--log-key", LOG_KEY,
        "--witness-key", key, "--quorum", "1",
    )  # fmt: skip
    assert '"ok": true' in said


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_aics_tlog_finds_every_entry_proven_in_the_tiles(index: int, tmp_path: Path) -> None:
    peer = program("aics-tlog", "aics-tlog")
    out = tmp_path / "entry"
    said = run(
        peer, "verify-inclusion", "--tiles", VECTORS, "--log-key", LOG_KEY,
        "--index", str(index), "--entry-out", out,
    )  # fmt: skip
    assert '"ok": true' in said
    assert out.read_bytes().startswith(b'{"payload":"')


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_tlog_scales_writes_the_same_proof(index: int) -> None:
    peer = program("tlog-tiles", "tlog-scales")
    made = run(peer, "gen-proof", VECTORS, str(index))
    assert made.encode() == (VECTORS / "proofs" / f"{index}.tlog-proof").read_bytes()


SCALES = """
import sys
from pathlib import Path
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import Checkpoint

folder = Path(sys.argv[1])
lines = (folder / "log.vkeys").read_text().splitlines()
lines += [each.split()[2] for each in (folder / "policy").read_text().splitlines()
          if each.startswith("witness ")]
signed = Checkpoint.from_text((folder / "checkpoint").read_text())
found = VkeySet(*map(Vkey.from_string, lines)).verify(signed.signatures, signed)
print(sorted(key.sig_type for key, _ in found))
"""


def test_tlog_scales_verifies_all_four_signatures() -> None:
    python = Path(program("tlog-tiles", "tlog-scales")).with_name("python")
    assert run(python, "-c", SCALES, VECTORS) == "[1, 4, 6, 6]\n"


def test_gos_checksum_database_accepts_the_record(tmp_path: Path) -> None:
    library = GO_ROOT / "usr/share/gocode"
    found = [*GO_ROOT.glob("usr/lib/go-*/bin/go")]
    if not found or not (library / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("Go is not here; `apt install golang-go golang-golang-x-mod-dev` brings it")
    environment = {
        "PATH": PATH,
        "HOME": str(tmp_path),
        "GOCACHE": str(tmp_path / "cache"),
        "GOROOT": str(found[0].parent.parent),
        "GOPATH": str(library),
        "GO111MODULE": "off",
    }
    main = Path(__file__).parent / "peers" / "main.go"
    done = subprocess.run(
        (found[0], "run", main, VECTORS),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout == "300 entries, 4 proofs\n", done.stderr


def test_sigstores_log_verifier_accepts_the_proofs() -> None:
    modules = os.environ.get("SAYSO_NODE_MODULES", "")
    if not Path(modules, "@sigstore", "verify").is_dir():
        pytest.skip("`npm install @sigstore/verify@3` and set SAYSO_NODE_MODULES brings it")
    main = Path(__file__).parent / "peers" / "sigstore.js"
    said = run(program("node", "nodejs"), main, VECTORS, modules)
    assert said == "4 proofs held, 4 of another entry did not\n"


# --- a witness ----------------------------------------------------------------------------------

LOG = Signer.generate("log.example/test")
WHOLE = Tree.of(tree.leaf_hash(bytes([number])) for number in range(40))
OTHER = Tree.of(tree.leaf_hash(bytes([number, 1])) for number in range(40))


def signed(size: int, whole: Tree = WHOLE) -> bytes:
    return checkpoint.sign(Checkpoint(LOG.name, size, whole.root(size)), [LOG])


@contextmanager
def served(peer: str, folder: Path) -> Iterator[tuple[int, CosignerKey]]:
    """Run the peer's witness; gives its port and key."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    config = ("--config", folder / "witness.json")
    said = run(
        peer, "init", *config, "--name", "witness.example/w", "--listen", f"127.0.0.1:{port}"
    )
    run(peer, "add-log", *config, "--origin", LOG.name, "--vkey", str(LOG.key))
    key = next(word for word in said.split() if word.startswith("witness.example/w+"))
    with subprocess.Popen(
        (peer, "serve", *config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield port, CosignerKey.parse(key)
        finally:
            server.terminate()


def posted(port: int, request: Request) -> tuple[int, str | None, bytes]:
    for _ in range(100):
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("POST", "/add-checkpoint", bytes(request))
            except ConnectionRefusedError:
                time.sleep(0.1)
                continue
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
    raise AssertionError("the witness did not begin to listen")


def test_aics_witness_cosigns_what_goes_forward_and_answers_as_the_judgement_here(
    tmp_path: Path,
) -> None:
    peer = program("aics-witness", "aics-witness")
    logs = {LOG.name: [LOG.key]}
    seen: Checkpoint | None = None
    with served(peer, tmp_path) as (port, key):
        for asked in (
            Request(0, (), signed(7)),
            Request(0, (), signed(9)),
            Request(7, WHOLE.consistency(7, 30), signed(30)),
            Request(30, OTHER.consistency(30, 40), signed(40, OTHER)),
            Request(30, WHOLE.consistency(7, 40), signed(40)),
            Request(31, (), signed(30)),
            Request(30, (), checkpoint.sign(Checkpoint("no.example", 1, WHOLE.root(1)), [LOG])),
            Request(30, (), signed(30)),
        ):
            judged = witness.judge(asked, logs=logs, seen=seen)
            status, kind, body = posted(port, asked)
            if isinstance(judged, witness.Accepted):
                assert status == 200, body
                seen = judged.state
                whole = witness.added(asked.signed, body, known=[key])
                assert checkpoint.open(whole, origin=LOG.name, keys=[key]) == seen
            else:
                assert status == judged.status
                assert status != 409 or (kind, body) == (judged.kind, judged.body)
    assert seen is not None
    assert seen.size == 30
