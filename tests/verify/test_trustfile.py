"""A trust file says one thing: what contradicts itself is refused."""

import json

import pytest

from sayso.casework.replay import Trust
from sayso.errors import MalformedValue
from sayso.queries import trustfile
from sayso.queries.trustfile import TrustFile
from sayso.record.cosignature import ED25519, Cosigner
from sayso.record.note import Signer
from sayso.record.signature import PublicKey, SigningKey
from sayso.record.sshkey import ED25519 as PERSONAL
from sayso.record.trust import Trust as Policy

ANN = SigningKey.generate()
LOG, OTHER = Signer.generate("log.example/a"), Signer.generate("log.example/a")
WITNESSES = [Cosigner.generate(f"witness.example/{name}", ED25519) for name in "xy"]
BEGUN = Trust(LOG.name, str(LOG.key), str(ANN.public))
POLICY = Policy.parse(
    f"log {LOG.key}\nwitness x {WITNESSES[0].key} http://x.example\nwitness y {WITNESSES[1].key}\n"
    "group both 2 x y\nquorum both\n".encode()
)


def test_a_trust_survives_its_bytes() -> None:
    for known in (TrustFile.of(BEGUN), TrustFile(BEGUN, POLICY)):
        assert trustfile.read(trustfile.write(known)) == known


def test_every_key_stands_in_the_file_as_text() -> None:
    value = json.loads(trustfile.write(TrustFile(BEGUN, POLICY)))
    assert value["log"] == [str(LOG.key)]
    assert value["witnesses"] == [str(each.key) for each in WITNESSES]
    assert value["registrars"] == [str(ANN.public)]


@pytest.mark.parametrize(
    "change",
    [
        {"log": [str(OTHER.key)]},
        {"log": []},
        {"log": ["nonsense"]},
        {"origin": "log.example/b"},
        {"registrars": []},
        {"registrars": ["ssh-ed25519 AAAA"]},
        {"registrars": [str(PublicKey(PERSONAL, LOG.key.public))]},
        {"registrars": [str(PublicKey(PERSONAL, WITNESSES[1].key.public))]},
        {"witnesses": []},
        {"witnesses": [str(WITNESSES[0].key)]},
        {"policy": f"log {LOG.key}\nquorum none\n"},
        {"policy": "quorum none\n", "witnesses": []},
        {"policy": "nonsense"},
        {"more": "than that"},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    value = {**json.loads(trustfile.write(TrustFile(BEGUN, POLICY))), **change}
    with pytest.raises(MalformedValue, match="trust file"):
        trustfile.read(json.dumps(value).encode())


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"log":"x"}'])
def test_what_is_no_trust_file_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedValue):
        trustfile.read(raw)
