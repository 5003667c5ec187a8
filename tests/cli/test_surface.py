"""The fixed surface: what scripts depend on."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sayso.cli import main
from tests.cli.terminal import LIAISON, SPAN, USE, Terminal


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def found(path: tuple[str, ...]) -> click.Command:
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    return command


ALL = list(commands())


def test_there_is_every_command_that_is_promised() -> None:
    promised = (
        "init; key new; person enrol; office open; article add; agreement add; policy check; "
        "policy adopt; policy show; request submit; request show; request list; request withdraw; "
        "advise; consolidate; decide; check; submit; record verify; record show; record export; "
        "demo"
    )
    assert {tuple(each.split()) for each in promised.split(";")} <= set(ALL)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_takes_a_store_and_prints_json(path: tuple[str, ...]) -> None:
    command = found(path)
    options = {name: each for each in command.params for name in each.opts}
    assert options["--store"].envvar == "SAYSO_STORE"
    flag = options["--json"]
    assert isinstance(flag, click.Option)
    assert flag.is_flag
    assert all(each.help for each in options.values() if isinstance(each, click.Option))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_an_example_that_it_takes(path: tuple[str, ...]) -> None:
    command = found(path)
    shown = command.get_help(click.Context(command, info_name="sayso " + " ".join(path)))
    text = (command.help or "").partition("Example:")[2].partition("\n\n")[0]
    assert text.strip().splitlines()[0] in shown
    words = shlex.split(text.replace("\\\n", " ").partition(">")[0])
    assert tuple(words[: len(path) + 1]) == ("sayso", *path)
    known = {name for each in command.params for name in each.opts}
    given = [word for word in words if word.startswith("--")]
    assert set(given) <= known
    required = {
        each.opts[0] for each in command.params if isinstance(each, click.Option) and each.required
    }
    assert required <= set(given)


def test_the_store_is_named_by_the_environment(
    demo: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_STORE", f"sqlite:{demo.store}")
    monkeypatch.setenv("SAYSO_NOW", str(demo.now))
    from_there = click.testing.CliRunner().invoke(main, ["request", "list", "--json"])
    assert from_there.stdout == demo.run("request", "list", as_json=True).out
    assert from_there.exit_code == 0


def test_exit_status_0_done_1_refused_2_wrong_use(at: Terminal) -> None:
    place = ("--place", "Kursk")
    july = ("--at", "2025-07-01T00:00:00Z")
    assert at.run("check", *USE, *place, "--at", "2025-03-01T00:00:00Z").status == 0
    assert at.run("check", *USE, *place, *july).status == 1
    assert at.run("check", *USE).status == 2
    assert at.run("check", *USE, *place, "--at", "yesterday").status == 2
    assert at.run("decide", "ukraine-5", "--outcome", "refuse", by=LIAISON).status == 1
    assert at.run("decide", "ukraine-5", "--outcome", "perhaps", by=LIAISON).status == 2
    assert at.run("decide", "ukraine-5", "--outcome", "not-required", by=LIAISON).status == 2
    assert at.run("decide", "ukraine-5", "--outcome", "refuse").status == 2
    assert at.run("nonsense").status == 2
    backwards = ("--since", SPAN[3], "--until", SPAN[1])
    assert at.run("request", "submit", *USE, *place, *backwards, by=LIAISON).status == 2


def test_the_demo_prints_its_points(tmp_path: Path) -> None:
    """As scripts call it; `holds` is null where a point is not yet there: of the permit's alone."""
    terminal = Terminal(tmp_path / "demo", now=None)
    ran = terminal.installed("demo", "--dir", terminal.folder, "--no-serve", as_json=True)
    assert ran.status == 0, ran
    assert set(ran.value) == {"points", "facts", "store"}
    assert [each["point"] for each in ran.value["points"]] == list(range(1, 9))
    assert [each["fact"] for each in ran.value["facts"]] == [f"F{n}" for n in range(1, 16)]
    for each in (*ran.value["points"], *ran.value["facts"]):
        assert {"holds", "says"} <= set(each) <= {"point", "fact", "holds", "says", "assumed"}
        assert each["holds"] is (None if each.get("point") == 5 else True)
        assert each["says"]
    verified = terminal.installed("record", "verify", "--store", ran.value["store"], as_json=True)
    entries = len(terminal.asks("record", "show", "--store", ran.value["store"]))
    assert verified.value["cosigned"] == {"by": ["london", "warsaw"], "entries": entries, "of": 2}
    assert (verified.value["ok"], verified.value["problem"]) == (True, None)
    assert verified.value["entries"] == entries


def test_verifying_prints_just_what_is_promised(at: Terminal) -> None:
    good = at.run("record", "verify", as_json=True)
    assert (good.status, good.value["ok"], good.value["problem"]) == (0, True, None)
    assert list(good.value) == ["ok", "entries", "problem", "signed", "enclosed"]
    at.store.write_bytes(at.store.read_bytes()[:5000])
    bad = at.run("record", "verify", as_json=True)
    assert (bad.status, bad.value["ok"]) == (1, False)
    assert list(bad.value) == ["ok", "entries", "problem", "signed"]
    assert isinstance(bad.value["problem"], str)


def test_a_number_is_a_number_for_a_program(at: Terminal) -> None:
    ranks = {each["office"]: each["rank"] for each in at.asks("office", "list")}
    assert ranks["secretary-of-defense"] == 1
    assert "lowest" in at.run("office", "list").out


def test_every_question_prints_json(at: Terminal) -> None:
    for question in (
        ("office", "list"),
        ("person", "list"),
        ("article", "list"),
        ("agreement", "list"),
        ("policy", "show"),
        ("policy", "show", "long-range-fires@2"),
        ("request", "list"),
        ("request", "show", "ukraine-4"),
        ("record", "show"),
        ("record", "show", 0),
        ("record", "signers"),
    ):
        assert at.asks(*question)
        assert at.run(*question).out.strip()
