"""`sayso key`, `person`: persons and their signature keys."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from sayso import app, tokens
from sayso.casework import possession
from sayso.casework.events import Enrolment, KeyRevocation
from sayso.cli import phrases
from sayso.cli.acting import Signer, act, acting_anywhere
from sayso.cli.keys import KEY, NEW_KEY, KeySource, unlocked
from sayso.cli.moments import Moments, moments
from sayso.cli.pins import pins
from sayso.cli.rim import INSTANT, Rim, command, contents, write_new
from sayso.dates import Instant
from sayso.errors import MalformedSignature, SaysoError
from sayso.operations.drafts import Moment
from sayso.queries import trustfile
from sayso.record import distinct
from sayso.record.signature import PublicKey, SigningKey
from sayso.record.sshkey import ED25519, P256
from sayso.tokens import KeyUri

_PROOF = ".proof"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def key() -> None:
    """Signature keys, in the form of OpenSSH."""


@key.command("new")
@click.argument("where", metavar="FILE-or-URI", type=NEW_KEY)
@click.option("--ecdsa", is_flag=True, help="An ECDSA P-256 key, and not an Ed25519 one.")
@command
def new_key(rim: Rim, where: KeySource, *, ecdsa: bool) -> None:
    """Make a key pair: FILE and FILE.pub, as `ssh-keygen -t ed25519` does; or in a token.

    The private key of a token never leaves it. Many tokens know ECDSA alone.

    \b
    Example: sayso key new ann
    """
    if isinstance(where, KeyUri):
        tokens.make(where, pins(), ecdsa=ecdsa)
        _show_public(rim, unlocked(where).public)
    else:
        _make_file(rim, where, P256 if ecdsa else ED25519)


def _make_file(rim: Rim, file: Path, kind: str) -> None:
    made = SigningKey.generate(kind)
    public = file.with_name(file.name + ".pub")
    if public.exists():
        raise SaysoError(f"`{public}` is there already", hint="name a new file")
    app.write_private(file, made.openssh())
    write_new(public, f"{made.public}\n".encode("ascii"))
    rim.show(
        {"private": str(file), "public": str(public), "fingerprint": made.public.fingerprint},
        f"Wrote {file} and {public}: {made.public.fingerprint}",
    )


@key.command("public")
@click.argument("where", metavar="FILE-or-URI", type=KEY)
@command
def public_key(rim: Rim, where: KeySource) -> None:
    """Print the public line of a private key, in a file or in a token, for its enrolment.

    \b
    Example: sayso key public "pkcs11:token=ann;object=ann?module-path=/usr/lib/x.so" > ann.pub
    """
    _show_public(rim, unlocked(where).public)


def _show_public(rim: Rim, public: PublicKey) -> None:
    rim.show({"public": str(public), "fingerprint": public.fingerprint}, str(public))


@key.command("prove")
@click.argument("where", metavar="FILE-or-URI", type=KEY)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--person", "name", required=True, help="Whose key it will be.")
@click.option("--origin", help="The record's origin; of the store's record if not given.")
@command
def prove_key(rim: Rim, where: KeySource, out: Path | None, name: str, origin: str | None) -> None:
    """Prove that you have a private key, for its enrolment: writes FILE.proof, or PERSON.proof.

    \b
    Example: sayso key prove bob --person bob
    """
    made = possession.prove(unlocked(where), origin=origin or rim.state().origin, person=name)
    beside = where if isinstance(where, Path) else Path(name)
    path = out or beside.with_name(beside.name + _PROOF)
    write_new(path, made.encode("ascii"))
    rim.show({"proof": str(path)}, f"Wrote {path}; give it with the public key to be enrolled")


def _public(path: Path) -> PublicKey:
    try:
        return PublicKey.parse(contents(path).decode("utf-8", "replace"))
    except MalformedSignature as error:
        raise MalformedSignature(
            f"`{path}`: {error.what}", hint=error.hint or "give the .pub file"
        ) from None


@click.group()
def person() -> None:
    """Persons and their signature keys."""


@person.command("enrol")
@click.argument("name")
@click.option("--public", type=_FILE, help="The person's public key file, as FILE.pub.")
@click.option(
    "--proof", type=_FILE, help="What `sayso key prove` wrote; FILE.proof beside FILE.pub if there."
)
@click.option(
    "--new-key",
    "private",
    type=KEY,
    metavar="FILE-or-URI",
    help="The person's private key, if it is here: for --public, and in place of --proof.",
)
@click.option("--called", help="Who the person is: sealed, and erased when it must be.")
@acting_anywhere
def enrol(
    rim: Rim,
    signer: Signer,
    name: str,
    public: Path | None,
    proof: Path | None,
    private: KeySource | None,
    called: str | None,
) -> None:
    """Put a person's signature key on the record, as the registrar.

    NAME stands on the record for good: best choose one that says nothing, such as a post.

    The new key signs too, that it is theirs: the person proves it with `sayso key prove`. Where the
    private key is at hand, beside FILE.pub or as --new-key, that is done here.

    A further key is enrolled by the person, signed with one they have. For a person whose keys are
    all revoked it is enrolled by whoever could put another in their place.

    \b
    Example: sayso person enrol bob --public bob.pub --proof bob.proof --key ann
    """
    if (public is None) == (private is None):
        raise click.UsageError("whose key it is: give --public FILE, or --new-key FILE-or-URI")
    if proof is not None and private is not None:
        raise click.UsageError("--proof goes with --public: what --new-key names proves itself")
    word = _proving(name, private) if public is None else _shown(name, public, proof)

    def worded(moment: Moment) -> Enrolment:
        said = replace(word(moment), called=called)
        _check_apart(said, rim.trust)
        return said

    act(rim, signer, worded)


def _check_apart(said: Enrolment, trust: Path) -> None:
    """Raise if it is a witness's key: the record knows none of them, the trust beside it does."""
    if not trust.exists():
        return
    theirs = (f"`{said.person}`", PublicKey.parse(said.key).raw)
    witnesses = trustfile.read(contents(trust)).policy.witnesses
    known = {each.key.public.hex(): each.words for each in witnesses}
    shared = distinct.shared((theirs,), known=known)
    if shared is not None:
        raise SaysoError(shared, hint="everybody has a key of their own: `sayso key new`")


Worded = Callable[[Moment], Enrolment]


def _proving(name: str, private: KeySource | None) -> Worded:
    """Return the enrolment of a key whose private half is at hand."""
    return lambda moment: possession.enrolment(
        unlocked(private), origin=moment.state.origin, person=name
    )


def _shown(name: str, public: Path, proof: Path | None) -> Worded:
    """Return the enrolment of a public key, with its proof, or with what lies beside FILE.pub.

    That is FILE.proof, or FILE, the private half, unless it only stands for a key in hardware.
    """
    line = str(_public(public))
    file = public.with_name(public.name.removesuffix(".pub"))
    beside = file.with_name(f"{file.name}{_PROOF}")
    if proof is not None or beside.is_file():
        said = contents(proof or beside).decode("ascii", "replace")
        return lambda _: Enrolment(name, line, said)
    if file != public and file.is_file() and not line.startswith("sk-"):
        word = _proving(name, file)
        return lambda moment: replace(word(moment), key=line)
    raise SaysoError(
        f"nothing proves that `{name}` has the private half of `{public}`",
        hint=f"who has it makes the proof, `sayso key prove FILE --person {name}`: give that with "
        "--proof",
    )


@person.command("revoke-key")
@click.argument("name")
@click.argument("fingerprint")
@click.option("--reason", required=True, help="Why.")
@click.option(
    "--compromised-from", type=INSTANT, help="Since when somebody else may have signed with it."
)
@acting_anywhere
def revoke_key(
    rim: Rim,
    signer: Signer,
    name: str,
    fingerprint: str,
    reason: str,
    compromised_from: Instant | None,
) -> None:
    """Revoke a signature key, as the person whose it is or as the registrar.

    What it signed before stands; it signs nothing after.

    \b
    Example: sayso person revoke-key bob SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKTAFDQ2bf1Jb0Fi4 \\
      --reason "laptop stolen" --compromised-from 2025-06-01T08:00:00Z --key ann
    """
    revocation = KeyRevocation(name, fingerprint, reason, compromised_from)
    act(rim, signer, lambda _: revocation)


@person.command("list")
@moments
@command
def list_persons(rim: Rim, when: Moments) -> None:
    """List the persons on the record and the fingerprints of their keys.

    \b
    Example: sayso person list
    """
    stood = when.stood(rim)
    state = stood.state
    sealed = [
        (
            name,
            state.live_keys(name),
            tuple(each for each in keys if state.keys[each].revoked),
            next((said for each in reversed(keys) if (said := state.keys[each].called)), None),
        )
        for name, keys in sorted(state.persons.items())
    ]
    persons = rim.worded(sealed)
    rows = [
        (name, phrases.listed(live), phrases.listed(gone), called or "")
        for name, live, gone, called in persons
    ]
    table = phrases.table(rows, ("Person", "Keys", "Revoked", "Called"))
    rim.show_sealed(
        [
            {"person": name, "keys": list(live), "revoked": list(revoked), "called": called}
            for name, live, revoked, called in persons
        ],
        when.headed(table, stood.at),
    )
