"""`sayso record`: verify and show it. For the overseer, who trusts nobody."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from sayso import app, wire
from sayso.casework import statement
from sayso.cli import sentences
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import REFUSED, Rim, command, contents
from sayso.errors import SaysoError, StoreError, Unknown, Untrue
from sayso.queries import cosigned, trustfile, verification
from sayso.queries.report import Cosigned, Progress, Report
from sayso.queries.verification import Others
from sayso.record import checkpoint as checkpoints
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.tree import leaf_hash
from sayso.store.contract import Store
from sayso.verify import bar, told
from sayso.verify.command import noted, verified
from sayso.wire import Value

_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def record() -> None:
    """The record: what was said, and the proof that nothing of it was changed."""


@record.command("verify")
@click.argument("export", type=_DIR, required=False)
@click.option(
    "--trust", "trust_file", type=_FILE, help="What you trust; STORE.trust.json if not given."
)
@click.option("--witnessed", type=_FILE, help="A checkpoint you kept: the record must contain it.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes for an EXPORT; one a core.")
@command
def verify(
    rim: Rim,
    export: Path | None,
    trust_file: Path | None,
    witnessed: Path | None,
    jobs: int | None,
) -> None:
    """Recompute the whole record: hashes, checkpoints, signatures, authority, verdicts.

    Verifies the store, or an EXPORT of it on a machine that has nothing else. Status 0 if it all
    holds; otherwise 1, and the first entry or checkpoint that does not is named.

    \b
    Example: sayso record verify exported --trust trust.json
    """
    path = trust_file or rim.trust
    if not path.exists():
        report = Report(0, f"there is no trust file `{path}`; name it with --trust")
    elif export is not None:
        drawn = not rim.as_json
        report = verified(export, path, jobs=jobs, drawn=drawn, witnessed=witnessed)
    else:
        report = _verified_store(rim, path, witnessed)
    rim.show(told.value(report), told.words(report))
    if not report.ok:
        click.get_current_context().exit(REFUSED)


def _verified_store(rim: Rim, trust_file: Path, witnessed: Path | None) -> Report:
    try:
        kept = noted(witnessed) if witnessed is not None else None
        known = trustfile.read(contents(trust_file))
        with app.opened(rim.store, whole=False) as store, _progress(rim, store.size()) as progress:
            others = Others(known, app.cosigned(trust_file), kept)
            return verification.verify_store(
                store, known.trust, atlas=app.atlas(), progress=progress, others=others
            )
    except SaysoError as error:
        return Report(0, str(error))
    except OSError as error:
        return Report(0, f"`{error.filename}`: {error.strerror}")


def _progress(rim: Rim, size: int) -> AbstractContextManager[Progress]:
    return nullcontext(lambda _: None) if rim.as_json else bar.drawn(size)


@record.command("show")
@click.argument("index", type=click.IntRange(0), required=False)
@click.option("--checkpoint", is_flag=True, help="Show the newest signed state, and who cosigned.")
@click.option("--raw", is_flag=True, help="Write the bytes of the one entry as they stand.")
@command
def show(rim: Rim, index: int | None, *, checkpoint: bool, raw: bool) -> None:
    """Show the entries, one line each, or one entry whole, with its signature.

    What --raw writes is what a proof proves: `sayso-verify proof`.

    \b
    Example: sayso record show 12
    """
    if raw and (index is None or checkpoint):
        raise click.UsageError("--raw is for one entry: name its number, and no --checkpoint")
    with rim.opened() as store:
        if raw and index is not None:
            _write_raw(rim, index, _entry(store, index))
            return
        state = _State.of(store, rim.trust)
        if checkpoint:
            rim.show(state.value, f"{state.signed.decode()}\n{state.line}")
            return
        if index is None:
            pairs = [(number, entry.read(each)) for number, each in enumerate(store.entries())]
        else:
            pairs = [(index, entry.read(_entry(store, index)))]
    shown = [_Shown.of(number, each) for number, each in pairs]
    if index is None:
        lines = "\n".join([*(each.line for each in shown), state.line])
        rim.show_sealed([each.value for each in shown], rim.words(lines).text(lines))
        return
    (one,) = shown
    words = rim.words(one.value["said"])
    value = {**one.value, "words": dict(sorted(words.by_name.items()))}
    rim.show_sealed(value, f"{words.text(one.line)}\n{one.whole}")


def _entry(store: Store, index: int) -> bytes:
    """Return the bytes of one entry."""
    found = next(iter(store.entries(index, index + 1)), None)
    if found is None:
        last = store.size() - 1
        hint = f"the record has 0 to {last}" if last >= 0 else "the record has none yet"
        raise Unknown(f"there is no entry {index}", hint=hint)
    return found


def _write_raw(rim: Rim, index: int, found: bytes) -> None:
    """Write an entry as it stands, and nothing more; for a program, as a text in JSON."""
    if rim.as_json:
        rim.show_sealed({"entry": index, "raw": found.decode()}, "")
    else:
        click.echo(found, nl=False)


@dataclass(frozen=True, slots=True)
class _State:
    """The newest signed state as it is shown: the note, one line about it, its value."""

    signed: bytes
    line: str
    value: dict[str, Value]

    @classmethod
    def of(cls, store: Store, trust_file: Path) -> "_State":
        """Return the newest state that the trust believes, or what the log signed if it does not.

        Nothing of it is verified here but the cosignatures.
        """
        head = store.head()
        if head is None:
            raise StoreError("the store holds no record yet", hint="begin one with `sayso init`")
        signed, seen = head, None
        if trust_file.exists():
            known = trustfile.read(contents(trust_file))
            try:
                signed = cosigned.newest(head, app.cosigned(trust_file), known)
                seen = Cosigned.told(known.open(signed), known.policy)
            except Untrue:
                seen = Cosigned(0, (), len(known.policy.witnesses))
        size = checkpoints.claimed(head).size
        value: dict[str, Value] = {"entries": size, "checkpoint": signed.decode()}
        line = f"The log has signed {size} entries."
        if seen is None:
            return cls(signed, line, value)
        return cls(signed, f"{line} They are {seen}.", {**value, "cosigned": told.cosigned(seen)})


@dataclass(frozen=True, slots=True)
class _Shown:
    """An entry on the screen: one line, the whole, and its value for a program."""

    line: str
    whole: str
    value: dict[str, Value]

    @classmethod
    def of(cls, number: int, each: Entry) -> "_Shown":
        """Return entry `number` as it is shown."""
        said = statement.read(each)
        by = said.by if said.by is not None else "by rule"
        leaf = leaf_hash(entry.write(each)).hex()
        line = f"{number:>5}  {each.recorded_at}  {by}: {sentences.event(said.said)}"
        signed = "\n".join(f"signed  {each.keyid}\n{each.sig}" for each in each.signatures)
        whole = (
            f"leaf    {leaf}\nkind    {each.kind}\nsaid    {each.payload.decode()}\n"
            f"{signed or 'signed  by nobody: it follows by rule'}"
        )
        value: dict[str, Value] = {
            "entry": number,
            "kind": each.kind,
            "recorded_at": str(each.recorded_at),
            "leaf": leaf,
            **({"by": said.by} if said.by is not None else {}),
            "said": wire.encode(said.said),
            "payload": each.payload.decode(),
            "namespace": each.namespace,
            "signatures": [{"keyid": one.keyid, "sig": one.sig} for one in each.signatures],
        }
        return cls(line, whole, value)


@record.command("signers")
@moments
@command
def signers(rim: Rim, when: Moments) -> None:
    """Print everybody's keys as an allowed_signers file, for `ssh-keygen -Y verify`.

    \b
    Example: sayso record signers > allowed_signers
    """
    keys = sorted((key.person, key.line) for key in when.stood(rim).state.keys.values())
    lines = [f'{person} namespaces="*@sayso" {line}' for person, line in keys]
    rim.show([{"person": person, "key": line} for person, line in keys], "\n".join(lines))
