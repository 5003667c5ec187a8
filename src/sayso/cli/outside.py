"""`sayso record export`, `trust`, `witness`: what leaves the house, and who vouches for it."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import click

from sayso import app, files, replies
from sayso.casework.replay import Trust as Begun
from sayso.casework.state import State
from sayso.cli.rim import REFUSED, Rim, command, contents, write_new
from sayso.errors import SaysoError, StoreError
from sayso.operations.cosign import Heard, cosign
from sayso.queries import cosigned, enclosed, giving, trustfile
from sayso.queries.disclosure import Reader
from sayso.queries.publication import CHECKPOINT, TRUST, Publication
from sayso.queries.recall import founding, recall
from sayso.queries.report import Cosigned
from sayso.queries.trustfile import TrustFile
from sayso.record import distinct
from sayso.record.trust import Trust, Trusted
from sayso.store.contract import Store
from sayso.verify import told
from sayso.verify.command import noted
from sayso.wire import Value
from sayso.witness import client

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OURS = {"tile", "proofs", enclosed.FOLDER, TRUST}  # what an export that was cut short has left
_ALL = "all"
_OURS_GIVEN = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--proof",
    "proofs",
    type=click.IntRange(0),
    multiple=True,
    metavar="N",
    help="Write proofs/N.tlog-proof as well, for entry N; may be given again.",
)
@click.option(
    "--words",
    "reader",
    metavar="READER|all",
    help="Give also the texts and papers that office, public or partner:NAME may know, or all.",
)
@command
def export(rim: Rim, folder: Path, proofs: tuple[int, ...], reader: str | None) -> None:
    """Write the record as plain files (C2SP tlog-tiles) with its trust.json.

    What people wrote is sealed: without --words the record verifies, and shows none of it. What was
    given before and may be known no more, or was erased, is taken back from the folder.

    A folder that was exported to before is continued: only what is new is written. If the trust
    names witnesses, the newest state is written that they have cosigned.

    \b
    Example: sayso record export exported --proof 0
    """
    before = _published(folder)
    trust = rim.trust
    with rim.opened() as store:
        known = _known(trust)
        signed = cosigned.newest(_head(store), app.cosigned(trust), known)
        made = Publication.of(store, known, signed)
        written = [
            _write(folder / path, data) for path, data in made.files(before=before, proofs=proofs)
        ]
        given = _enclosed(store, reader)
        written += [_write(folder / path, data) for path, data in given]
        late = store.size() - made.state.size
    _take_back(folder, kept=written)
    size = made.state.size
    waiting = f"\nThe {late} after them wait for witnesses: `sayso record witness`." if late else ""
    rim.show(
        {"folder": str(folder), "files": len(written), "entries": size, "waiting": late},
        f"Wrote {size} entries into {folder}, as {len(written)} files.{waiting}\n"
        f"Verify them anywhere: sayso-verify record {folder} --trust trust.json, with the\n"
        "trust.json that the office gave you, not the one it sends along.",
    )


def _head(store: Store) -> bytes:
    head = store.head()
    if head is None:
        raise StoreError("the store holds no record yet", hint="begin one with `sayso init`")
    return head


def _known(trust: Path) -> TrustFile:
    if not trust.exists():
        raise SaysoError(
            f"there is no trust file `{trust}`",
            hint="`sayso record trust` makes it again, from what the record says of itself",
        )
    return trustfile.read(contents(trust))


def _published(folder: Path) -> bytes | None:
    """Return the checkpoint of an earlier export; a folder of anything else is refused."""
    linked = next((each for each in _within(folder) if each.is_symlink()), None)
    if linked is not None:
        hint = "nothing is written through it: remove it, or name a folder of its own"
        raise SaysoError(f"`{linked}` is a link to elsewhere", hint=hint)
    if (folder / CHECKPOINT).exists():
        return noted(folder / CHECKPOINT)
    foreign = sorted({each.name for each in folder.glob("*")} - _OURS)
    if foreign:
        hint = f"`{foreign[0]}` is no part of an export; name a new folder"
        raise SaysoError(f"`{folder}` holds something else", hint=hint)
    return None


def _within(folder: Path) -> Iterator[Path]:
    """Yield whatever lies in a folder and in those below it; no link is followed."""
    for place, folders, names in os.walk(folder):
        yield from (Path(place) / each for each in (*folders, *names))


def _enclosed(store: Store, reader: str | None) -> Iterator[tuple[str, bytes]]:
    if reader is None:
        return iter(())
    known = None if reader == _ALL else Reader.parse(reader)
    return giving.files(store, giving.readable(store, recall(store), known))


def _take_back(folder: Path, *, kept: Sequence[Path]) -> None:
    """Remove the enclosures of an earlier export that are no longer given."""
    for each in (folder / enclosed.FOLDER).glob("*/*"):
        if _OURS_GIVEN.fullmatch(f"{each.parent.name}/{each.name}") and each not in kept:
            each.unlink()
    listed = folder / enclosed.LIST
    if listed.exists() and listed not in kept:
        listed.unlink()


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, data)
    return path


# --- witnesses ---------------------------------------------------------------------------------


@click.command("trust")
@click.option("--policy", type=_FILE, help="Whom to ask to cosign from now on: a C2SP tlog-policy.")
@command
def trust(rim: Rim, policy: Path | None) -> None:
    """Print what whoever verifies the record must hold, or name its witnesses.

    A policy names the log by the key it has, each witness with its key and address, and the quorum.
    A trust file that was lost is written again, from what the record says of itself.

    \b
    Example: sayso record trust --policy witnesses.policy
    """
    path = rim.trust
    lost = not path.exists()
    if lost:
        _write_again(rim, path)
    known = _known(path)
    if policy is not None:
        named = Trust.parse(contents(policy))
        _check_apart(named, rim.state())
        known = _naming(known, named)
        files.replace(path, trustfile.write(known))
    value: dict[str, Value] = {
        "file": str(path),
        "lost": lost,
        "log": [str(key) for key in known.policy.logs],
        "registrars": [known.trust.registrar_key],
        "witnesses": [str(each.key) for each in known.policy.witnesses],
        "policy": known.policy.text(),
    }
    keys = f"registrar {known.trust.registrar_key}\n{known.policy.text()}".rstrip("\n")
    rim.show(value, f"{keys}\n{_LOST.format(path)}" if lost else keys)


_LOST = (
    "# {} was lost and is written again. Whose record it is, it says itself: compare\n"
    "# it with what was handed out, and name the witnesses anew: --policy"
)


def _write_again(rim: Rim, path: Path) -> None:
    """Write the trust that the founding names, once the log has signed for what stands there."""
    with rim.opened() as store:
        recall(store)
        begun = founding(tuple(store.entries(0, 1)))
    write_new(path, trustfile.write(TrustFile.of(Begun.of(begun))))


def _check_apart(policy: Trust, state: State) -> None:
    """Raise if a witness has the key of somebody on the record."""
    witnesses = ((each.words, each.key.public) for each in policy.witnesses)
    shared = distinct.shared(witnesses, known=state.owners)
    if shared is not None:
        raise SaysoError(shared, hint="a witness has a key of its own: `sayso witness key`")


def _naming(known: TrustFile, policy: Trust) -> TrustFile:
    if set(policy.logs) != set(known.policy.logs):
        raise SaysoError(
            "the policy names another log than the record's, or not each of its keys",
            hint="its lines `log` are those that `sayso record trust` prints",
        )
    for each in policy.witnesses:
        if each.url:
            replies.check(each.url)
    return TrustFile(known.trust, replace(policy, logs=known.policy.logs))


@click.command("witness")
@click.option(
    "--every",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="Go on: ask again whenever the record has grown.",
)
@command
def witness(rim: Rim, every: int | None) -> None:
    """Bring the newest checkpoint to the witnesses that the trust names, and keep what they sign.

    No act waits for it. Status 0 if as many have cosigned as the trust demands. With --every it
    goes on until it is ended, though the store is away for a while.

    \b
    Example: sayso record witness --every 10
    """
    path = rim.trust
    known = _known(path)
    if not known.policy.witnesses:
        raise SaysoError(
            "the trust names no witness", hint="name them with `sayso record trust --policy FILE`"
        )
    reached = _round(rim, path, known)
    while every is not None:
        time.sleep(every)
        with rim.again():
            if not _is_cosigned(rim, path, known):
                _round(rim, path, known)
    if not reached:
        click.get_current_context().exit(REFUSED)


def _is_cosigned(rim: Rim, path: Path, known: TrustFile) -> bool:
    """Return whether the newest state has as many cosignatures as are demanded."""
    with app.opened(rim.store) as store:
        head, kept = _head(store), app.cosigned(path)
    return (
        kept is not None
        and cosigned.merged(head, kept) is kept
        and _trusted(known, kept) is not None
    )


def _round(rim: Rim, path: Path, known: TrustFile) -> bool:
    """Ask every witness once, show what they answered, and return whether they are enough."""
    kept = app.cosigned(path)
    with app.opened(rim.store) as store:
        published = Publication.of(store, known, _head(store))
        made, heard = cosign(published, kept, client, keep=partial(_keep, path, kept, known))
    trusted = _trusted(known, made)
    evidence = [
        evidence_of(bytes(each.fork), beside=app.cosigned_path(path)) for each in heard if each.fork
    ]
    names = tuple(each.name for each in heard if each.lines)
    seen = Cosigned(published.state.size, names, len(heard))
    value: dict[str, Value] = {
        "cosigned": told.cosigned(seen),
        "quorum": trusted is not None,
        "missing": {each.name: each.why for each in heard if not each.lines},
        "evidence": [*sorted({str(each) for each in evidence})],
    }
    told_of = "".join(f"\nWhat shows it: {each}" for each in sorted(set(evidence)))
    rim.show(value, _words(seen, heard, reached=trusted is not None) + told_of)
    return trusted is not None


def _keep(path: Path, kept: bytes | None, known: TrustFile, made: bytes) -> None:
    """Keep what was cosigned, unless what was `kept` is better."""
    better = cosigned.better(made, kept, known)
    if better is not kept:
        files.replace(app.cosigned_path(path), better)


def evidence_of(raw: bytes, *, beside: Path) -> Path:
    """Return the new file that keeps `raw`, named after its SHA-256; the same is kept once."""
    path = beside.with_name(f"{beside.name}.fork-{sha256(raw).hexdigest()[:16]}")
    if not path.exists():
        files.replace(path, raw)
    return path


def _trusted(known: TrustFile, signed: bytes) -> Trusted | None:
    try:
        return known.open(signed)
    except SaysoError:
        return None


def _words(seen: Cosigned, heard: Sequence[Heard], *, reached: bool) -> str:
    lines = [f"The record is {seen}."]
    for each in heard:
        if each.refuses:
            lines.append(f"ALARM: the witness `{each.name}` refuses: {each.why}")
        elif not each.lines:
            lines.append(f"The witness `{each.name}` did not cosign: {each.why}")
    if not reached:
        lines.append("That is not what the trust demands; ask again with `sayso record witness`.")
    return "\n".join(lines)
