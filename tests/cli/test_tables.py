"""A table is laid out with the words that stand in it, and an inbox is read by programs."""

from tests.cli.terminal import SECRETARY, Terminal


def columns(table: str, head: str) -> list[int]:
    """Return where the columns of the table begin whose first head is `head`."""
    lines = table.splitlines()
    rule = next(n for n, line in enumerate(lines) if line.startswith(head)) + 1
    return [
        n for n, sign in enumerate(lines[rule]) if sign == "─" and lines[rule][:n][-1:] in {"", " "}
    ]


def test_sealed_texts_are_opened_before_a_table_is_laid_out(at: Terminal) -> None:
    facts = at.run("fact", "list").out
    assert "settled: the second report speaks of acts in office" in facts
    assert "ni:///" not in facts
    owed = at.run("obligation", "list").out
    for table, head, cell in (
        (facts, "Circumstance", "settled: "),
        (owed, "Obligation", "partner"),
    ):
        found = [line for line in table.splitlines() if cell in line]
        assert found
        assert all(line.index(cell) in columns(table, head) for line in found)
    called = at.run("person", "list").out
    assert "ni:///" not in called
    assert {each["fact"] for each in at.asks("fact", "list")} >= {"president_in_office"}


def test_a_program_reads_what_is_due_soon_before_it_is_overdue(at: Terminal) -> None:
    until = ("--until", "2025-08-26T12:00:00Z")
    at.asks("hold", "case", "ukraine-5", "--reason", "talks", *until, by=SECRETARY)
    (soon,) = (each for each in at.asks("inbox", "--office", SECRETARY) if each["soon"])
    assert (soon["why"], soon["case"], soon["left_s"]) == ("its hold ends", "ukraine-5", 48 * 3600)
    assert ", due soon" in at.run("inbox", "--office", SECRETARY).out
    short = at.asks("inbox", "--office", SECRETARY, "--soon", "PT47H")
    assert not any(each["soon"] for each in short)
    wrong = at.run("inbox", "--office", SECRETARY, "--soon", "2 days")
    assert wrong.status == 2
    assert "is not a duration" in wrong.err
