"""How a person acts from the command line: say, sign, submit.

With `--key FILE` all three happen at once: the statement is drawn up, signed with that private key
and put on the record; a key in a token is named by its `pkcs11:` URI. With `--prepare FILE --by
PERSON` only the first happens: the exact bytes are written to FILE, to be signed elsewhere (on a
machine without the record, with a security key) by

    ssh-keygen -Y sign -n KIND@sayso -f KEY FILE

and brought back with `sayso submit FILE` (`submitting`), which finds the signature in FILE.sig. The
statement names its words by their digests; they are written to FILE.words, to be read with it.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec

import click

from sayso import wire
from sayso.casework import known, statement
from sayso.casework.events import Act
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.cli import words
from sayso.cli.keys import KEY, KeySource, unlocked
from sayso.cli.rim import Rim, command, write_new
from sayso.errors import Unknown
from sayso.operations.desk import Desk
from sayso.operations.drafts import Moment
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.queries import disclosure, dossier
from sayso.queries.disclosure import as_whom
from sayso.record import enclosure, entry
from sayso.record.signature import SigningKey
from sayso.wire import Value

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts: with a private key here, or by drawing up a statement for signing elsewhere.

    What is `inside` is done by nobody who stands outside, and is not even worded for them.
    """

    key: KeySource | None
    by: str | None
    prepare: Path | None
    inside: bool = False


Acting = Callable[Concatenate[Rim, Signer, P], None]


def acting(function: Acting[P]) -> Callable[P, None]:
    """Give `function` the options of a command by which somebody inside acts."""
    return _acting(function, inside=True)


def acting_anywhere(function: Acting[P]) -> Callable[P, None]:
    """Give `function` the options of a command by which somebody outside may act, too."""
    return _acting(function, inside=False)


def _acting(function: Acting[P], *, inside: bool) -> Callable[P, None]:
    """Give `function` the options of a command that acts, as a `Rim` and a `Signer`."""

    @click.option(
        "--key",
        type=KEY,
        metavar="FILE-or-URI",
        envvar="SAYSO_KEY",
        help="Your private key, in OpenSSH form, or pkcs11:… for one in a token (or SAYSO_KEY).",
    )
    @click.option("--by", help="Who you are, with --prepare.")
    @click.option(
        "--prepare",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the statement to this file, to be signed elsewhere; record nothing.",
    )
    @command
    def run(rim: Rim, /, *args: P.args, **kwargs: P.kwargs) -> None:
        signer = Signer(kwargs.pop("key"), kwargs.pop("by"), kwargs.pop("prepare"), inside)  # type: ignore[arg-type]  # click parsed them
        if signer.by is not None and signer.prepare is None:
            raise click.UsageError("--by goes with --prepare; with --key it is the key's person")
        function(rim, signer, *args, **kwargs)

    return functools.update_wrapper(run, function)


def act(
    rim: Rim,
    signer: Signer,
    word: Callable[[Moment], Act],
    *,
    handed: tuple[bytes, ...] = (),
    quietly: bool = False,
) -> None:
    """Do what `word` words: on the record, or into a file to be signed.

    `handed` are the papers that it names. `quietly` shows no receipt, for a command that shows
    something else when it is done.
    """
    with rim.desk() as desk:
        state = desk.state
        if signer.prepare is not None:
            _prepare(rim, desk, signer, word, papers=len(handed))
            return
        key = unlocked(signer.key)
        by = _person(state, key)
        said = _worded(rim, desk, signer, by, word)
        made = draft(desk, by, said)
        signature = entry.sign(key, made.kind, made.payload)
        beside = (*made.enclosures, *handed)
        answer = perform(desk, Signed(made.kind, made.payload, signature, beside))
        if isinstance(answer, Refusal) or not quietly:
            finish(rim, answer)


def _worded(rim: Rim, desk: Desk, signer: Signer, by: str, word: Callable[[Moment], Act]) -> Act:
    """Return what `by` says, worded by what they know; refused if it is not for them to say."""
    state = desk.state
    refusal = known.outsider(state, by, desk.now)
    if refusal is not None and signer.inside:
        rim.refuse(refusal)
    try:
        return word(Moment(known.seen(state, by, desk.now), by, desk.now))
    except Unknown:
        if refusal is None or refusal.code != known.NO_PART:
            raise
        rim.refuse(refusal)  # who has no part in anything knows of nothing


def person_of(state: State, signer: Signer) -> str:
    """Return who acts: whose key it is, or who is named."""
    return signer.by if signer.by is not None else _person(state, unlocked(signer.key))


def finish(rim: Rim, answer: Receipt | Refusal) -> None:
    """Show the receipt, or the refusal with its status."""
    if isinstance(answer, Refusal):
        rim.refuse(answer)
    rim.show(*shown(answer))


def shown(answer: Receipt) -> tuple[dict[str, Value], str]:
    """Return a receipt for a program and for a person.

    It says what follows as far as who acted may know; to a partner where its request stands.
    """
    names = words.cases_of(answer)
    value = {**answer.value(), "said": wire.encode(answer.said)}
    by = str(statement.read(answer.entry).by)
    reader = as_whom(answer.state, by, answer.entry.recorded_at)
    follows = disclosure.follows(answer.state, reader, answer.follows)
    if not names:
        return value, words.receipt(answer, follows)
    found = [answer.state.case(name) for name in names]
    lines = [dossier.told(each, reader).line for each in found]
    value |= lines[0].value()
    if len(lines) > 1:
        value["cases"] = [line.value() for line in lines]
    return value, words.receipt(answer, follows, lines)


def _prepare(
    rim: Rim, desk: Desk, signer: Signer, word: Callable[[Moment], Act], *, papers: int
) -> None:
    if signer.by is None or signer.prepare is None:
        raise click.UsageError("--prepare needs --by PERSON")
    by = desk.state.person(signer.by)
    said = _worded(rim, desk, signer, by, word)
    made = draft(desk, by, said)
    write_new(signer.prepare, made.payload)
    if made.enclosures:
        write_new(words_file(signer.prepare), enclosure.write_lines(made.enclosures))
    name = entry.namespace(made.kind)
    rim.show(
        {"prepared": str(signer.prepare), "namespace": name},
        f"Wrote {signer.prepare}. Read it, then sign and submit it:\n"
        f"  ssh-keygen -Y sign -n {name} -f KEY {signer.prepare}\n"
        f"  sayso submit {signer.prepare}{' --attach PAPER' * papers}",
    )


def words_file(statement: Path) -> Path:
    """Return the file of the words that a statement names."""
    return statement.with_name(f"{statement.name}.words")


def _person(state: State, key: SigningKey) -> str:
    held = state.keys.get(key.public.fingerprint)
    if held is None:
        raise Unknown(
            f"the key {key.public.fingerprint} is not enrolled",
            hint="the registrar enrols it: sayso person enrol",
        )
    return held.person
