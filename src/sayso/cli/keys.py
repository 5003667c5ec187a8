"""Which key a person acts with: a private key file, or the name of one in a token."""

from pathlib import Path

import click

from sayso import private, tokens
from sayso.cli.pins import pins
from sayso.errors import MalformedSignature, TokenError
from sayso.record.signature import SigningKey
from sayso.record.sshkey import MOST_FILE
from sayso.tokens import SCHEME, KeyUri

KeySource = Path | KeyUri
"""Where a private key is."""


class KeyType(click.ParamType[KeySource]):
    """A private key file in OpenSSH form, or a `pkcs11:` URI of one in a token."""

    name = "key"

    def __init__(self, *, new: bool = False) -> None:
        self.file = click.Path(exists=not new, dir_okay=False, path_type=Path)

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> KeySource:
        """Return where the key is, or fail as wrong use."""
        if not value.startswith(SCHEME):
            path: Path = self.file.convert(value, param, ctx)
            return path
        try:
            return KeyUri.parse(value)
        except TokenError as error:
            self.fail(str(error), param, ctx)


class UriType(click.ParamType[KeyUri]):
    """A `pkcs11:` URI of a key in a token."""

    name = "uri"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> KeyUri:
        """Return the name of the key, or fail as wrong use."""
        try:
            return KeyUri.parse(value)
        except TokenError as error:
            self.fail(str(error), param, ctx)


KEY = KeyType()
NEW_KEY = KeyType(new=True)
URI = UriType()


def unlocked(source: KeySource | None) -> SigningKey:
    """Return the private key, with the passphrase of a file asked for, or the PIN of a token."""
    if source is None:
        raise click.UsageError("say who acts: --key FILE, or --prepare FILE --by PERSON")
    if isinstance(source, KeyUri):
        return SigningKey(tokens.held(source, pins()))
    return _from_file(source)


def _from_file(path: Path) -> SigningKey:
    with path.open("rb") as file:
        private.check(file, f"the private key `{path}`")
        data = file.read(MOST_FILE + 1)
    try:
        return SigningKey.read(data)
    except MalformedSignature as error:
        if "locked with a passphrase" not in error.what:
            raise MalformedSignature(f"`{path}`: {error.what}", hint=error.hint) from None
    secret: str = click.prompt(f"Passphrase of {path}", hide_input=True, err=True)
    try:
        return SigningKey.read(data, secret.encode())
    except MalformedSignature as error:
        raise MalformedSignature(
            f"`{path}`: {error.what}", hint="is the passphrase right?"
        ) from None
