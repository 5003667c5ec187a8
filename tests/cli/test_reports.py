"""Reports by the command line: numbers, the effect of a policy, a pack that is always the same."""

from pathlib import Path

from tests.cli.terminal import Terminal

YEAR = ("--since", "2025-01-01T00:00:00Z", "--until", "2026-01-01T00:00:00Z")


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def _is_kept(case: str) -> bool:
    """Return whether it is the case of the scenario that is kept in a compartment."""
    return case.endswith("@GB")


def test_the_numbers_of_the_scenario(demo: Terminal) -> None:
    found = demo.asks("report", "numbers", *YEAR)
    assert found["filed"] == len([each for each in demo.cases() if not _is_kept(each)])
    refusals = [e for e in demo.acts("decision") if e["said"]["outcome"] == "refuse"]
    assert found["outcomes"]["refused"] == len(refusals) == 1
    assert found["time_to_first_outcome"]["cases"] >= 2
    assert "Outcomes:" in demo.run("report", "numbers", *YEAR).out


def test_the_effect_of_the_mechanism_is_that_less_is_permitted(demo: Terminal) -> None:
    found = demo.asks("report", "effect", "long-range-fires@2", "--days", 90)
    assert found["before"]["filed"] + found["after"]["filed"] >= 4
    assert "refused" in found["after"]["outcomes"]
    assert "refused" not in found["before"]["outcomes"]


def test_the_overseer_s_pack_is_the_same_to_the_byte_and_verifies(
    at: Terminal, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    when = ("--known-at", "2025-08-24T09:00:00Z")
    at.asks("report", "pack", one, *YEAR, *when)
    at.asks("request", "withdraw", "ukraine-5", "--reason", "later", by="ukraine-liaison")
    at.asks("report", "pack", other, *YEAR, *when)
    assert files(one) == files(other)
    proofs = {name for name in files(one) if name.startswith("proofs/")}
    told = (each for each in at.acts("decision") if not _is_kept(each["said"]["case"]))
    assert proofs == {f"proofs/{each['entry']}.tlog-proof" for each in told}
    assert at.asks("record", "verify", one, "--trust", one / "trust.json")["ok"]
    assert "is not empty" in at.refused("report", "pack", one, *YEAR)
