"""`sayso key`, `person`: persons and their signature keys."""

from pathlib import Path

import click

from sayso import app, tokens
from sayso.casework import possession
from sayso.casework.events import Enrolment, KeyRevocation
from sayso.cli import phrases
from sayso.cli.acting import Signer, act, acting
from sayso.cli.keys import KEY, NEW_KEY, KeySource, unlocked
from sayso.cli.moments import Moments, moments
from sayso.cli.pins import pins
from sayso.cli.rim import INSTANT, Rim, command, contents, write_new
from sayso.dates import Instant
from sayso.errors import MalformedSignature, SaysoError
from sayso.record.signature import PublicKey, SigningKey
from sayso.record.sshkey import ED25519, P256
from sayso.tokens import KeyUri

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
    path = out or beside.with_name(beside.name + ".proof")
    write_new(path, made.encode("ascii"))
    rim.show({"proof": str(path)}, f"Wrote {path}; give it with the public key to be enrolled")


@click.group()
def person() -> None:
    """Persons and their signature keys."""


@person.command("enrol")
@click.argument("name")
@click.option("--public", type=_FILE, required=True, help="The person's public key file.")
@click.option("--proof", type=_FILE, help="What `sayso key prove` wrote with the private key.")
@click.option("--called", help="Who the person is: sealed, and erased when it must be.")
@acting
def enrol(
    rim: Rim, signer: Signer, name: str, public: Path, proof: Path | None, called: str | None
) -> None:
    """Put a person's signature key on the record, as the registrar.

    NAME stands on the record for good: best choose one that says nothing, such as a post.

    A further key is enrolled by the person, signed with one they have. For a person whose keys are
    all revoked it is enrolled by whoever could put another in their place.

    \b
    Example: sayso person enrol bob --public bob.pub --proof bob.proof --key ann
    """
    line = str(_public(public))
    proven = None if proof is None else contents(proof).decode("ascii", "replace")
    act(rim, signer, lambda _: Enrolment(name, line, proven, called))


def _public(path: Path) -> PublicKey:
    try:
        return PublicKey.parse(contents(path).decode("utf-8", "replace"))
    except MalformedSignature as error:
        raise MalformedSignature(
            f"`{path}`: {error.what}", hint=error.hint or "give the .pub file"
        ) from None


@person.command("revoke-key")
@click.argument("name")
@click.argument("fingerprint")
@click.option("--reason", required=True, help="Why.")
@click.option(
    "--compromised-from", type=INSTANT, help="Since when somebody else may have signed with it."
)
@acting
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
