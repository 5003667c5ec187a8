"""Trust policies: who must have signed, in every combination."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedCheckpoint, MalformedNote, Untrue
from sayso.record import checkpoint, note
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import ED25519, MLDSA44, Cosigner, CosignerKey
from sayso.record.note import Signer
from sayso.record.tree import leaf_hash
from sayso.record.trust import Trust

LOG = Signer.generate("log.example")
NAMES = ("X1", "X2", "X3", "Y1", "Y2")
WITNESSES = {
    name: Cosigner.generate(f"witness.example/{name}", MLDSA44 if name == "Y2" else ED25519)
    for name in NAMES
}
STATE = Checkpoint("log.example", 1, leaf_hash(b"one"))
AS_WITNESS = CosignerKey("witness.example/other", ED25519, LOG.key.public)
KEYS = "".join(f"witness {name} {WITNESSES[name].key}\n" for name in NAMES)
TWO_LEVELS = f"""# those of two organisations
log {LOG.key} https://log.example/

{KEYS}
\tgroup  X-witnesses 2 X1\tX2 X3
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def signed(*names: str) -> bytes:
    return checkpoint.sign(STATE, [LOG, *(WITNESSES[name].at(1) for name in names)])


def believed(policy: str, *names: str) -> bool:
    try:
        trusted = Trust.parse(policy.encode()).open(signed(*names))
    except Untrue:
        return False
    assert trusted.checkpoint == STATE
    assert trusted.logs == (LOG.key,)
    assert set(trusted.witnesses) == set(names)
    return True


@pytest.mark.parametrize("count", range(6))
def test_a_quorum_of_two_levels_holds_exactly_when_it_should(count: int) -> None:
    for names in combinations(NAMES, count):
        wanted = sum(name[0] == "X" for name in names) >= 2 and any(n[0] == "Y" for n in names)
        assert believed(TWO_LEVELS, *names) == wanted


def test_one_witness_or_nobody_can_be_the_quorum() -> None:
    policy = f"log {LOG.key}\n{KEYS}quorum X2\n"
    assert believed(policy, "X2", "Y1")
    assert not believed(policy, "X1", "Y1")
    assert believed(f"log {LOG.key}\nquorum none\n")


def test_a_policy_survives_its_text() -> None:
    trust = Trust.parse(TWO_LEVELS.encode())
    assert Trust.parse(trust.text().encode()) == trust


def test_an_unknown_log_is_not_believed() -> None:
    trust = Trust.parse(TWO_LEVELS.encode())
    other = Signer.generate("other.example")
    state = Checkpoint("other.example", 1, STATE.root)
    with pytest.raises(Untrue, match="no log that is trusted"):
        trust.open(checkpoint.sign(state, [other]))


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    trust = Trust.parse(TWO_LEVELS.encode())
    with pytest.raises(Untrue, match="not signed by the log"):
        trust.open(checkpoint.sign(STATE, [WITNESSES[name].at(1) for name in NAMES]))


def test_a_bad_line_of_a_known_witness_spoils_the_checkpoint() -> None:
    trust = Trust.parse(TWO_LEVELS.encode())
    key = WITNESSES["Y1"].key
    bad = str(note.Line(key.name, key.id, b"\0" * 72)).encode()
    with pytest.raises(Untrue, match="does not fit"):
        trust.open(signed("X1", "X2", "Y2") + bad)


def test_a_log_may_sign_with_ml_dsa() -> None:
    log = Cosigner.generate("log.example", MLDSA44)
    trust = Trust.parse(f"log {log.key}\nquorum none\n".encode())
    assert trust.open(checkpoint.sign(STATE, [log.at(0)])).logs == (log.key,)


def test_thirty_two_of_each_fit() -> None:
    logs = "".join(f"log {Signer.generate(f'l/{n}').key}\n" for n in range(32))
    witnesses = "".join(
        f"witness w{n} {Cosigner.generate(f'w/{n}', ED25519).key}\n" for n in range(32)
    )
    groups = "".join(f"group g{n} 1 w{n}\n" for n in range(31))
    members = " ".join(f"g{n}" for n in range(31))
    policy = f"{logs}{witnesses}{groups}group all all w31 {members}\nquorum all\n"
    assert len(Trust.parse(policy.encode()).groups) == 32


X1, X2 = (str(WITNESSES[name].key) for name in ("X1", "X2"))


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "quorum none",
        "\n",
        "quorum none\nquorum none\n",
        "quorum X1\n",
        f"quorum X1\nwitness X1 {X1}\n",
        f"witness none {X1}\nquorum none\n",
        f"witness X1 {X1}\nwitness X2 {X1}\nquorum none\n",
        f"witness X1 {X1}\nwitness X1 {X2}\nquorum none\n",
        f"witness X1 {LOG.key}\nquorum none\n",
        f"log {LOG.key}\nwitness X1 {AS_WITNESS}\nquorum none\n",
        f"witness X1 {AS_WITNESS}\nlog {LOG.key}\nquorum none\n",
        f"log {LOG.key}\nlog {LOG.key}\nquorum none\n",
        "log\nquorum none\n",
        f"log {LOG.key} a b\nquorum none\n",
        "witness X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g 1\nquorum none\n",
        f"witness X1 {X1}\ngroup g 0 X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g 2 X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g 01 X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g some X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g any X1 X1\nquorum none\n",
        f"witness X1 {X1}\ngroup g any X1\ngroup h any X1\nquorum none\n",
        f"witness X1 {X1}\ngroup X1 any X1\nquorum none\n",
        "group g any none\nquorum none\n",
        "group g any g\nquorum none\n",
        "quorum none\r\n",
        "quorum\x0bnone\n",
        "quorum none # no comment here\n",
        "maybe\nquorum none\n",
        "#\n" * 1001 + "quorum none\n",
    ],
)
def test_what_is_no_policy_is_malformed(policy: str) -> None:
    with pytest.raises(MalformedNote):
        Trust.parse(policy.encode())


def test_a_fault_is_told_with_its_line() -> None:
    with pytest.raises(MalformedNote, match="line 3: the quorum"):
        Trust.parse(b"# one\n\nquorum nobody\n")


def test_names_are_octets() -> None:
    policy = f"witness \xff {X1}\nwitness \xfe {X2}\nquorum \xff\n".encode("latin-1")
    assert Trust.parse(policy).quorum != Trust.parse(policy).witnesses[1].name


@given(st.binary(max_size=200), st.integers(0, len(TWO_LEVELS)))
def test_any_bytes_are_a_policy_or_malformed(raw: bytes, place: int) -> None:
    whole = TWO_LEVELS.encode()
    for policy in (raw, raw + b"\n", whole[:place] + raw + whole[place:]):
        try:
            Trust.parse(policy)
        except MalformedNote:
            continue


@given(st.binary(max_size=200))
def test_any_bytes_are_no_checkpoint_to_believe(raw: bytes) -> None:
    with pytest.raises((MalformedCheckpoint, Untrue)):
        Trust.parse(TWO_LEVELS.encode()).open(raw)
