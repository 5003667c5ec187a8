"""Drafts, requests of several items, amendments, undertakings: by the commands a liaison uses."""

import json
from hashlib import sha256
from pathlib import Path

from tests.cli.terminal import LIAISON, SECRETARY, Terminal


def drafted(at: Terminal, tmp_path: Path, *like: str) -> tuple[Path, dict[str, object]]:
    """Return a new draft, and what it says."""
    file = tmp_path / f"draft{len(list(tmp_path.glob('draft*')))}.json"
    at.asks("request", "draft", file, *like)
    return file, json.loads(file.read_text())


def _enlisted(at: Terminal, unit: str) -> None:
    """Open the office of an end user, held by a person of its name."""
    title = ("--title", "A brigade", "--rank", "50", "--appointed-by", LIAISON)
    at.asks("office", "open", unit, *title, "--partner", "ukraine", "--end-user", by=LIAISON)
    at.asks("key", "new", at.key(unit))
    public = ("--public", f"{at.key(unit)}.pub")
    at.asks("person", "enrol", unit, *public, by="registrar")
    at.asks("office", "appoint", unit, unit, by=LIAISON)


def test_a_request_of_several_items_is_decided_item_by_item(at: Terminal, tmp_path: Path) -> None:
    file, drawn = drafted(at, tmp_path, "--like", "ukraine-5")
    del drawn["replaces"]
    items = [
        {"article": "atacms", "place": place, "uses": 1, "end_user": "brigade-19"}
        for place in ("Belgorod", "Dzhankoi")
    ]
    window = "2025-08-25T00:00:00Z/2025-08-30T00:00:00Z"
    file.write_text(json.dumps({**drawn, "items": items, "window": window}))
    new = at.next_request()
    filed = at.asks("request", "submit", "--draft", file, by=LIAISON)
    stages = {each["case"]: each["stage"] for each in filed["cases"]}
    assert stages == {f"{new}.1": "under review", f"{new}.2": "permitted"}
    said = ("request", "undertake", f"{new}.1", "--text", "as stated")
    assert "--partner ukraine --end-user" in at.refused(*said, by=LIAISON)
    _enlisted(at, "brigade-19")
    at.asks(*said, by="brigade-19")
    shown = at.asks("request", "show", f"{new}.1")
    assert shown["history"][-1]["said"]["text"] == "as stated"
    at.asks("request", "withdraw", new, "--reason", "not needed", by=LIAISON)
    assert at.asks("request", "show", f"{new}.1")["stage"] == "withdrawn"
    assert at.asks("request", "show", f"{new}.2")["stage"] == "permitted"


def test_an_amended_request_takes_the_place_of_the_open_one(at: Terminal, tmp_path: Path) -> None:
    file, drawn = drafted(at, tmp_path, "--like", "ukraine-5")
    assert drawn["replaces"] == "ukraine-5"
    window = "2025-08-25T00:00:00Z/2025-08-30T00:00:00Z"
    file.write_text(json.dumps({**drawn, "note": "one day later", "window": window}))
    new = at.next_request()
    at.asks("request", "submit", "--draft", file, by=LIAISON)
    stages = {each["case"]: each["stage"] for each in at.asks("request", "list")}
    assert (stages["ukraine-5"], stages[new]) == ("withdrawn", "advising")
    assert "nothing of `ukraine-5` is open" in at.refused(
        "request", "submit", "--draft", file, by=LIAISON
    )


def test_what_is_returned_without_action_is_filed_again_after_it(
    at: Terminal, tmp_path: Path
) -> None:
    at.asks("decide", "ukraine-5", "--outcome", "return", "--reason", "no unit", by=SECRETARY)
    file, drawn = drafted(at, tmp_path, "--like", "ukraine-5")
    assert drawn["after"] == "ukraine-5"
    window = "2025-08-25T00:00:00Z/2025-08-30T00:00:00Z"
    file.write_text(json.dumps({**drawn, "window": window}))
    at.asks("request", "submit", "--draft", file, by=LIAISON)
    file.write_text(json.dumps({**drawn, "window": window, "after": "ukraine-3"}))
    assert "was not returned" in at.refused("request", "submit", "--draft", file, by=LIAISON)


def test_a_copy_has_the_items_that_it_takes_the_place_of_and_no_others(
    at: Terminal, tmp_path: Path
) -> None:
    file, drawn = drafted(at, tmp_path, "--like", "ukraine-5")
    del drawn["replaces"]
    items = [{"article": "atacms", "place": each, "uses": 1} for each in ("Belgorod", "Dzhankoi")]
    items.append({"article": "atacms", "place": "Kursk", "uses": 1})
    window = "2025-08-25T00:00:00Z/2025-08-30T00:00:00Z"
    file.write_text(json.dumps({**drawn, "items": items, "window": window}))
    new = at.next_request()
    at.asks("request", "submit", "--draft", file, by=LIAISON)
    _, whole = drafted(at, tmp_path, "--like", new)
    assert (whole["replaces"], whole["items"]) == (new, [items[0], items[2]])
    _, one = drafted(at, tmp_path, "--like", f"{new}.3")
    assert (one["replaces"], one["items"]) == (f"{new}.3", [items[2]])
    _, permitted = drafted(at, tmp_path, "--like", f"{new}.2")
    assert permitted["items"] == [items[1]]
    assert "replaces" not in permitted


def test_a_draft_that_is_none_is_refused_with_the_place_of_the_fault(
    at: Terminal, tmp_path: Path
) -> None:
    file, drawn = drafted(at, tmp_path)
    for spoilt, words in {
        json.dumps({**drawn, "uses": 1}): "`uses`: no such key",
        json.dumps({**drawn, "items": []}): "0 items",
        json.dumps({**drawn, "window": "tomorrow"}): "`window`",
        "{": "is no draft",
    }.items():
        file.write_text(spoilt)
        assert words in at.refused("request", "submit", "--draft", file, by=LIAISON)


def test_what_is_attached_stands_on_the_record_by_its_hash(at: Terminal, tmp_path: Path) -> None:
    paper = tmp_path / "annex.txt"
    paper.write_bytes(b"annex")
    file, drawn = drafted(at, tmp_path, "--like", "ukraine-5")
    window = "2025-08-25T00:00:00Z/2025-08-30T00:00:00Z"
    file.write_text(json.dumps({**drawn, "window": window}))
    filed = at.asks("request", "submit", "--draft", file, "--attach", paper, by=LIAISON)
    assert filed["said"]["attachments"] == [sha256(b"annex").hexdigest()]


def test_a_request_that_says_too_little_is_wrong_use(at: Terminal) -> None:
    ran = at.run("request", "submit", "--agreement", "aid-packages", by=LIAISON)
    assert ran.status == 2
    assert "--article" in ran.said
    assert "--since" in ran.said
