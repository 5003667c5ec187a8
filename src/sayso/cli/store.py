"""`sayso store`: what keeps the record: show, upgrade, project, back up, restore, tidy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from sayso import app, replies
from sayso import store as stores
from sayso.cli.rim import Rim, command, contents, write_new
from sayso.errors import SaysoError, StoreError, Unknown
from sayso.operations import keeping
from sayso.operations.keeping import Guard, Moved, Seen
from sayso.queries import trustfile
from sayso.queries.recall import founding
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint
from sayso.store.contract import About, Store
from sayso.verify.command import noted
from sayso.witness import client

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def store() -> None:
    """The store that keeps the record: show, upgrade, project, back up, restore, tidy."""


@store.command("show")
@command
def show(rim: Rim) -> None:
    """Show what the store is: its kind, format, size, and newest checkpoint.

    \b
    Example: sayso store show
    """
    about = stores.about(rim.store)
    value: dict[str, object] = {
        "kind": about.kind,
        "name": about.name,
        "format": about.form,
        "newest": about.newest,
        "entries": about.size,
        "enclosures": about.enclosures,
        "bytes": about.room,
        **({"checkpoint": about.head.decode()} if about.head is not None else {}),
    }
    rim.show(value, _told(about))


def _told(about: About) -> str:
    old = about.form < about.newest
    form = f"{about.form} of {about.newest}: run `sayso store upgrade`" if old else about.form
    head = "none: it holds no record yet"
    if about.head is not None:
        state = checkpoint.claimed(about.head)
        head = f"{state.origin}, {state.size} entries, root {state.root.hex()}"
    return (
        f"{about.kind}: {about.name}\n"
        f"  format      {form}\n"
        f"  entries     {about.size}\n"
        f"  enclosures  {about.enclosures}\n"
        f"  room        {about.room} bytes\n"
        f"  checkpoint  {head}"
    )


@store.command("upgrade")
@command
def upgrade(rim: Rim) -> None:
    """Take a store of an earlier version to this version's format; every entry stays as it is.

    All or nothing. There is no way back: take a backup first, with the version that wrote it.

    \b
    Example: sayso store upgrade
    """
    before = stores.upgrade(rim.store)
    about = stores.about(rim.store)
    done = f"is of format {before} already, the newest: nothing was changed"
    if before < about.form:
        done = f"was taken from format {before} to {about.form}, with its {about.size} entries"
    rim.show(
        {"from": before, "to": about.form, "entries": about.size},
        f"The store {about.name} {done}.",
    )


@store.command("project")
@command
def project(rim: Rim) -> None:
    """Fold the record from its first entry on, and keep anew what stands, for quick opening.

    Acts keep it by themselves, 255 entries behind at most. After an upgrade of sayso, or a restore,
    the next act folds everything: do it before.

    \b
    Example: sayso store project
    """
    with rim.desk() as desk:
        size = desk.memory.project(desk.log)
    rim.show({"entries": size}, f"What stands after {size} entries is kept beside them.")


@store.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--salvage",
    is_flag=True,
    help="Of a store that is damaged at its end: what stands under the last checkpoint that holds.",
)
@command
def backup(rim: Rim, file: Path, *, salvage: bool) -> None:
    """Write the record as it is now into a new FILE, while others act.

    The file is a store of its own, whatever keeps the record: verify it with `--store FILE`. The
    log key is not in it.

    \b
    Example: sayso store backup monday.db
    """
    opened = app.opened(rim.store, whole=not salvage)
    with opened as source, _made(str(file.absolute())) as target:
        moved = (
            keeping.salvage(source, target) if salvage else keeping.move(source, target, Guard())
        )
    size = moved.state.size
    lines = [f"Wrote {size} entries into {file}, proven against every checkpoint."]
    if moved.left is not None:
        lines.append(f"Left out, from entry {size} on, what the log did not sign: {moved.left}.")
    lines.append("The log key is not in it: keep that apart.")
    left = {} if moved.left is None else {"left": moved.left}
    rim.show({**_value(moved, file), **left}, "\n".join(lines))


@store.command("restore")
@click.argument("file", type=_FILE)
@click.option("--trust", "trust_file", type=_FILE, help="What you trust; it lies by the log key.")
@click.option("--witnessed", metavar="FILE-or-URL", help="A checkpoint kept, or who keeps it.")
@click.option("--older", is_flag=True, help="Restore even if the witness has seen more.")
@command
def restore(
    rim: Rim, file: Path, trust_file: Path | None, witnessed: str | None, *, older: bool
) -> None:
    """Put the record in a backup FILE into a new or empty store. Nothing is ever overwritten.

    It must be the record that is trusted, every checkpoint in it must hold, and it must not end
    before what others have seen: the witnesses that the trust names are asked, and whoever is named
    with --witnessed, a checkpoint that was kept or the address of a witness.

    \b
    Example: sayso store restore monday.db --store restored.db --witnessed kept.checkpoint
    """
    beside, key = rim.trust, app.key_path(rim.store, rim.log_key)
    given = trust_file or (beside if beside.exists() else None)
    known = trustfile.read(contents(given)) if given is not None else None
    seen, silent = _asked(known) if known is not None else ([], [])
    seen += _kept(witnessed, file)
    cosigned = app.cosigned(beside)
    if cosigned is not None:
        seen.append(Seen(f"`{app.cosigned_path(beside)}`", cosigned))
    guard = Guard(known.trust if known is not None else None, tuple(seen), older)
    with app.opened(str(file.absolute())) as source, _empty(rim.store) as target:
        moved = keeping.move(source, target, guard)
        if not beside.exists():
            write_new(beside, trustfile.write(TrustFile.of(moved.trust)))
    lines = [f"Restored {moved.state.size} entries, proven against every checkpoint."]
    if known is None:
        lines.append(f"Whose record it is, it says itself: compare {beside} with what was kept.")
    lines += [f"The witness {each}." for each in silent]
    if not seen:
        lines.append("That it is the newest shows only against a witness: --witnessed.")
    if not key.exists():
        lines.append(f"To act on it, put its log key back: {key}")
    rim.show(_value(moved, file), "\n".join(lines))


@store.command("tidy")
@click.option(
    "--newer",
    metavar="STORE",
    help="A newer copy of the record, which knows what was erased since this one was made.",
)
@command
def tidy(rim: Rim, newer: str | None) -> None:
    """Remove what the record says is erased, with every trace of it in the store's files.

    For a backup, and for what an erasing left in space that the database had given back. The file
    is written anew, or the table in a database, which only its owner can do.

    \b
    Example: sayso store tidy --store monday.db --newer sayso.db
    """
    with rim.opened() as kept, app.opened(newer or rim.store) as told:
        count = keeping.tidy(kept, told)
    found = "Nothing was there that the record says is erased"
    if count:
        found = f"Removed {count} texts and papers that the record says are erased"
    rim.show({"removed": count}, f"{found}; what lay in space given back is overwritten.")


def _value(moved: Moved, file: Path) -> dict[str, object]:
    state = moved.state
    root = state.root.hex()
    return {"file": str(file), "origin": state.origin, "entries": state.size, "root": root}


@contextmanager
def _made(url: str) -> Iterator[Store]:
    """Yield a new store; if nothing could be put into it, there is none."""
    made = stores.create(url)
    try:
        yield made
    except BaseException:
        made.close()
        stores.discard(url)
        raise
    finally:
        made.close()


@contextmanager
def _empty(url: str) -> Iterator[Store]:
    """Yield a new store, or one that is there and empty, as a restoring cut short leaves it."""
    if not stores.exists(url):
        with _made(url) as made:
            yield made
        return
    with app.opened(url) as found:
        if found.size():
            raise StoreError(
                "the store holds a record already", hint="name a new one; nothing is overwritten"
            )
        yield found


def _asked(known: TrustFile) -> tuple[list[Seen], list[str]]:
    """Return what each witness that is trusted has seen, and of whom nothing is known, and why."""
    seen, silent = [], []
    for each in known.policy.witnesses:
        try:
            shown = client.last(each.url, known.trust.origin) if each.url else None
        except SaysoError as error:
            silent.append(f"`{each.name}` was not heard: {error.what}")
            continue
        if shown is None:
            silent.append(f"`{each.name}` shows nothing of this record")
        else:
            seen.append(Seen(f"the witness `{each.name}`", shown))
    return seen, silent


def _kept(witnessed: str | None, file: Path) -> Iterator[Seen]:
    """Yield the checkpoint in a file, or the last that a witness at an address has seen."""
    if witnessed is None:
        return
    if not replies.is_address(witnessed):
        yield Seen(f"`{witnessed}`", noted(Path(witnessed)))
        return
    with app.opened(str(file.absolute())) as source:
        origin = founding(tuple(source.entries(0, 1))).origin
    shown = client.last(witnessed, origin)
    if shown is None:
        raise Unknown(f"`{witnessed}` shows nothing of `{origin}`", hint="is it its witness?")
    yield Seen(f"`{witnessed}`", shown)
