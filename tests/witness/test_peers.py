"""Other people's programs at both ends: a witness for this log, and a reader of what it exports.

A skipped test says what to install; `tests/record/test_peers.py` says where it is looked for.
"""

import json
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.record.test_peers import program, run
from tests.verify.test_alone import ran


def test_aics_witness_cosigns_the_record_and_aics_tlog_reads_its_export(at: Terminal) -> None:
    peer, reader = program("aics-witness", "aics-witness"), program("aics-tlog", "aics-tlog")
    trust = Path(f"{at.store}.trust.json")
    logs = [str(key) for key in json.loads(trust.read_text())["log"]]
    log = logs[0]  # these programs know Ed25519 alone, and pass over the other signature
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    config = ("--config", at.folder / "witness.json")
    said = run(peer, "init", *config, "--name", "witness.example/w", "--listen", listen)
    run(peer, "add-log", *config, "--origin", log.partition("+")[0], "--vkey", log)
    key = next(word for word in said.split() if word.startswith("witness.example/w+"))
    policy = at.folder / "policy"
    named = "".join(f"log {each}\n" for each in logs)
    policy.write_text(f"{named}witness w {key} http://{listen}\nquorum w\n")
    at.asks("record", "trust", "--policy", policy)
    quiet = subprocess.DEVNULL
    with subprocess.Popen((peer, "serve", *config), stdout=quiet, stderr=quiet) as server:
        try:
            for _ in range(50):
                told = at.run("record", "witness", as_json=True)
                if told.status == 0:
                    break
                time.sleep(0.2)
            assert told.value["cosigned"]["by"] == ["w"], told
        finally:
            server.terminate()
    folder = at.folder / "exported"
    at.asks("record", "export", folder, "--proof", 9)
    assert ran(folder, "--trust", trust).returncode == 0
    note = ("--note", folder / "checkpoint", "--log-key", log)
    said = run(reader, "verify-checkpoint", *note, "--witness-key", key, "--quorum", "1")
    assert '"ok": true' in said
    tiles = ("--tiles", folder, "--log-key", log)
    said = run(reader, "verify-inclusion", *tiles, "--index", "9", "--entry-out", folder / "entry")
    assert '"ok": true' in said
