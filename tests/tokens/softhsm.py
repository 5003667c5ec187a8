"""Where SoftHSM2 is, the token in software that tests try keys on, or what would bring it."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
)


def module() -> Path:
    """Return the path of its PKCS#11 module, or skip and say what is missing."""
    found = next((each for each in MODULES if each.exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not here; `apt install softhsm2` brings it")
    if find_spec("pkcs11") is None:
        pytest.skip("python-pkcs11 is not here; `pip install sayso[hsm]` brings it")
    return found
