"""`sayso submit`: statements that were prepared here and signed elsewhere are brought back.

Of several, each has its own receipt, refusal or error. They go on the record in the order in which
they are named, through a clerk: a group of them in one transaction, under one checkpoint. If the
store fails, nothing that comes after is brought to it; named again, what was recorded is recorded
once.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from sayso.casework.events import KINDS
from sayso.casework.refusal import Refusal
from sayso.cli import papers
from sayso.cli.acting import finish, shown, words_file
from sayso.cli.papers import ATTACH
from sayso.cli.rim import REFUSED, Rim, command, contents
from sayso.errors import MalformedSignature, SaysoError, StoreError
from sayso.operations.clerk import Clerk
from sayso.operations.perform import Receipt, Signed, perform
from sayso.record import enclosure
from sayso.record.entry import Signature
from sayso.record.signature import Armored

AT_ONCE = 256
"""How many statements are read, and then brought to the clerk together."""

Outcome = Receipt | Refusal | SaysoError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("statements", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option("--signature", type=_FILE, help="The signature; FILE.sig if not given.")
@ATTACH
@command
def submit(
    rim: Rim, statements: tuple[Path, ...], signature: Path | None, files: tuple[Path, ...]
) -> None:
    """Put statements on the record that were prepared here and signed elsewhere.

    What each is (a decision, an advice, …) is told by the namespace it was signed under. A paper
    that it names is handed over now, with --attach. Several are recorded in the order given, each
    with its own receipt or refusal; --signature and --attach go with one alone.

    \b
    Example: sayso submit decision.json
    """
    signatures = [_signature(each, signature) for each in statements]
    if len(statements) > 1:
        if signature is not None or files:
            raise click.UsageError("--signature and --attach go with one FILE alone")
        _submit_all(rim, statements, signatures)
        return
    signed = _signed(statements[0], signatures[0], papers.read(files))
    with rim.desk() as desk:
        finish(rim, perform(desk, signed))


def _signature(statement: Path, named: Path | None) -> Path:
    found = named if named is not None else statement.with_name(statement.name + ".sig")
    if not found.exists():
        raise click.UsageError(f"there is no signature {found}; name it with --signature")
    return found


def _signed(statement: Path, signature: Path, handed: tuple[bytes, ...] = ()) -> Signed:
    """Return what was signed, with the words that lie beside it, and what is handed over."""
    parsed = Armored.parse(contents(signature).decode("ascii", "replace"))
    kind, at, _ = parsed.namespace.rpartition("@sayso")
    if not at or kind not in KINDS:
        raise MalformedSignature(
            f"the signature was made for `{parsed.namespace[:64]}`, and not for an act here",
            hint="sign with the -n KIND@sayso that --prepare printed, such as -n decision@sayso",
        )
    kept = words_file(statement)
    worded = enclosure.read_lines(contents(kept)) if kept.exists() else ()
    sig = Signature(parsed.public.fingerprint, str(parsed))
    return Signed(kind, contents(statement), sig, (*worded, *handed))


# --- several -----------------------------------------------------------------------------------


def _submit_all(rim: Rim, statements: tuple[Path, ...], signatures: list[Path]) -> None:
    """Show what becomes of each as soon as it is durable, or of all of them to a program."""
    pairs = list(zip(statements, signatures, strict=True))
    values, done = [], 0
    for number, outcome in enumerate(_outcomes(rim, pairs), 1):
        file = str(statements[number - 1])
        values.append({"file": file} | _value(rim, outcome))
        done += isinstance(outcome, Receipt)
        if not rim.as_json:
            rim.show_sealed(None, f"[{number}/{len(pairs)}] {file}\n{_text(rim, outcome)}")
    rim.show_sealed(values, f"{done} of {len(pairs)} statements are on the record.")
    if done < len(pairs):
        click.get_current_context().exit(REFUSED)


def _outcomes(rim: Rim, pairs: list[tuple[Path, Path]]) -> Iterator[Outcome]:
    """Yield what each statement, with its signature, comes to."""
    with rim.desk() as desk:
        clerk = Clerk(desk.memory, desk.log, desk.atlas)
        for start in range(0, len(pairs), AT_ONCE):
            read = [_read(*each) for each in pairs[start : start + AT_ONCE]]
            signed = [each for each in read if isinstance(each, Signed)]
            answers = clerk.perform_all(signed, rim.now(clerk.state))
            for number, each in enumerate(read, start + 1):
                outcome = _told(next(answers)) if isinstance(each, Signed) else each
                yield outcome
                if isinstance(outcome, StoreError):
                    yield from [outcome] * (len(pairs) - number)
                    return


def _read(statement: Path, signature: Path) -> Signed | SaysoError:
    try:
        return _signed(statement, signature)
    except SaysoError as error:
        return error


def _told(answer: Receipt | Refusal | Exception) -> Outcome:
    """Return what a caller is told; what is no error of the tree is a bug, and is raised."""
    if isinstance(answer, Exception) and not isinstance(answer, SaysoError):
        raise answer
    return answer


def _value(rim: Rim, outcome: Outcome) -> dict[str, object]:
    """Return an outcome for a program; words are opened in a receipt alone."""
    if isinstance(outcome, Refusal):
        return {"refused": outcome.code, "why": outcome.words, "hint": outcome.hint}
    if isinstance(outcome, SaysoError):
        return {"error": outcome.what, "hint": outcome.hint}
    value, _ = shown(outcome)
    return dict(rim.words(value).opened(value))


def _text(rim: Rim, outcome: Outcome) -> str:
    """Return an outcome for a person."""
    if isinstance(outcome, Refusal):
        return f"refused: {outcome}"
    if isinstance(outcome, SaysoError):
        return f"error: {outcome}"
    _, text = shown(outcome)
    return rim.words(text).text(text)
