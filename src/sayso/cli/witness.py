"""`sayso witness`: for an outside party, who sees that the record is never taken back."""

import signal
import time
from collections.abc import Iterable
from os.path import lexists
from pathlib import Path
from typing import NoReturn

import click

from sayso import app
from sayso.cli.keys import URI
from sayso.cli.pins import pins
from sayso.cli.rim import Rim, command
from sayso.errors import SaysoError
from sayso.record import distinct
from sayso.record.cosignature import ED25519, MLDSA44, Cosigner, CosignerKey
from sayso.record.trust import LogKey, read_key
from sayso.tokens import KeyUri
from sayso.witness import folder as folders
from sayso.witness.server import Server

_DIR = click.Path(file_okay=False, path_type=Path)
_PORTS = range(2**16)


@click.group()
def witness() -> None:
    """A witness of your own: it cosigns what a record's log signs, and never an older state."""


@witness.command("key")
@click.argument("folder", type=_DIR)
@click.option("--name", help="What to call a new witness; the folder's name if not given.")
@click.option("--ml-dsa", is_flag=True, help="Give a new witness a key of ML-DSA-44, not Ed25519.")
@click.option("--token", type=URI, help="A new witness's Ed25519 key is this one in a token.")
@command
def key(rim: Rim, folder: Path, name: str | None, token: KeyUri | None, *, ml_dsa: bool) -> None:
    """Print the verifier key of the witness in FOLDER; a new one is made if there is none.

    \b
    Example: sayso witness key w1 --name witness.example/w1
    """
    if ml_dsa and token is not None:
        raise click.UsageError("a key in a token is an Ed25519 key: leave --ml-dsa out")
    called = name or folder.resolve().name
    if lexists(folder / "key"):
        if name is not None or ml_dsa or token is not None:
            hint = "leave --name, --ml-dsa and --token out"
            raise SaysoError(f"`{folder}` has a key already", hint=hint)
    elif token is not None:
        folders.keep(folder, Cosigner(called, app.held(token, pins())))
    else:
        folders.make(folder, called, MLDSA44 if ml_dsa else ED25519)
    vkey = str(folders.public_key(folder))
    rim.show({"vkey": vkey}, vkey)


@witness.command("serve")
@click.option("--dir", "folder", type=_DIR, required=True, help="The witness's folder.")
@click.option(
    "--listen", required=True, metavar="HOST:PORT", help="Where to listen; port 0 is any free one."
)
@click.option(
    "--log",
    "logs",
    multiple=True,
    required=True,
    metavar="VKEY",
    help="The verifier key of a log to cosign for; may be given again.",
)
@command
def serve(rim: Rim, folder: Path, listen: str, logs: tuple[str, ...]) -> None:
    """Answer logs over HTTP (C2SP tlog-witness), until interrupted.

    Name every key of a log: one that signs with two is held to both only if both are named. Prints
    one line when it listens. Whatever stands before it on the network brings TLS.

    \b
    Example: sayso witness serve --dir w1 --listen 127.0.0.1:8500 --log VKEY
    """
    if not lexists(folder / "key"):
        folders.make(folder, folder.resolve().name, ED25519)
    named = [read_key(each) for each in logs]
    _check_apart(folders.public_key(folder), named)
    known = _by_origin(named)
    signal.signal(signal.SIGTERM, _ended)
    with (
        folders.opened(folder, known, lambda: int(time.time()), app.holder(pins())) as opened,
        _listening(listen, opened) as server,
    ):
        name = opened.own.name
        rim.show(
            {"url": server.url, "name": name, "vkey": str(opened.own.key)},
            f"The witness {name} listens on {server.url}",
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            rim.show({"ended": name}, f"The witness {name} has ended.")


def _ended(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _listening(listen: str, opened: folders.Witness) -> Server:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) not in _PORTS:
        raise SaysoError(f"`{listen}` is not HOST:PORT", hint="as in 127.0.0.1:8500")
    try:
        return Server(
            (host.strip("[]"), int(port)), opened, lambda line: click.echo(line, err=True)
        )
    except OSError as error:
        raise SaysoError(f"`{listen}` cannot be listened on: {error.strerror or error}") from None


def _check_apart(own: CosignerKey, logs: Iterable[LogKey]) -> None:
    shared = distinct.shared(
        [("the witness", own.public), *((f"the log `{each.name}`", each.public) for each in logs)]
    )
    if shared is not None:
        raise SaysoError(shared, hint="a witness has a key of its own: `sayso witness key`")


def _by_origin(keys: Iterable[LogKey]) -> dict[str, list[LogKey]]:
    """Return the keys of each log: a log may have one of Ed25519 and one of ML-DSA-44."""
    found: dict[str, list[LogKey]] = {}
    for each in keys:
        found.setdefault(each.name, []).append(each)
    return found
