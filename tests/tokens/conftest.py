"""A token to try keys on: SoftHSM2, which does in software what an HSM does."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso import tokens
from sayso.tokens import KeyUri, Pins
from tests.tokens.softhsm import module

PIN = "123456"


@dataclass(frozen=True, slots=True)
class Hsm:
    """SoftHSM with two tokens, `office` and `other`, and the PIN of both."""

    module: Path
    folder: Path

    def uri(self, name: str) -> KeyUri:
        """Return the name of a key in the token `office`."""
        return KeyUri(str(self.module), object=name, token="office")

    def key(self, name: str, *, ecdsa: bool = False) -> KeyUri:
        """Return the name of a key that the token makes now."""
        uri = self.uri(name)
        tokens.make(uri, PINS, ecdsa=ecdsa)
        return uri


def said(pin: str) -> Callable[[str], str]:
    return lambda _: pin


PINS = Pins(said(PIN))


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hsm]:
    """Make both tokens before the module is loaded, which looks for them once."""
    found = module()
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(config))
        for label in ("office", "other"):
            made = ("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "9876543")
            subprocess.run(["softhsm2-util", *made], check=True, capture_output=True)
        yield Hsm(found, folder)
