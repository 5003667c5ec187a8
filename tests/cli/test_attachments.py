"""Papers that are handed over: kept beside the record, given back to those who may know them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from sayso.record import enclosure
from tests.cli.terminal import ADVISERS, LIAISON, OWNER, SECRETARY, SPAN, USE, Terminal, keygen

ANNEX = b"%PDF-1.7 the annex, of which nobody else need know\n"
FILE = ("request", "submit", *USE, "--place", "Belgorod", *SPAN)


def digest(paper: bytes) -> str:
    return sha256(paper).hexdigest()


@pytest.fixture
def annex(tmp_path: Path) -> Path:
    """Return a file to be handed over."""
    file = tmp_path / "annex.pdf"
    file.write_bytes(ANNEX)
    return file


@pytest.fixture
def filed(kept: Terminal, annex: Path) -> Terminal:
    """Return a terminal where a request was filed with the annex."""
    said = kept.asks(*FILE, "--attach", annex, by=LIAISON)["said"]
    assert said["attachments"] == [digest(ANNEX)]
    return kept


def newest(at: Terminal) -> str:
    """Return the case that was filed last."""
    case: str = at.asks("request", "list")[-1]["case"]
    return case


def held(at: Terminal) -> int:
    held: int = at.asks("store", "show")["enclosures"]
    return held


def test_a_paper_is_given_back_as_it_was_handed_over(filed: Terminal, tmp_path: Path) -> None:
    line = {"digest": digest(ANNEX), "bytes": len(ANNEX), "stands": "here"}
    for number, reader in enumerate(("office", "partner:ukraine")):
        reading = ("--reader", reader)
        assert filed.asks("attachment", "list", newest(filed), *reading) == [line]
        file = tmp_path / f"saved-{number}"
        filed.asks("attachment", "save", digest(ANNEX)[:10].upper(), "--to", file, *reading)
        assert file.read_bytes() == ANNEX
        assert "is there already" in filed.refused(
            "attachment", "save", digest(ANNEX), "--to", file, *reading
        )
    assert filed.run("record", "verify").status == 0


def test_law_13_who_may_not_know_of_a_paper_is_told_as_if_there_were_none(
    filed: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "saved"
    none = digest(b"of no paper")
    for reader in ("public", "partner:poland"):
        for name in (digest(ANNEX), none, digest(ANNEX)[:10], ""):
            said = filed.refused("attachment", "save", name, "--to", file, "--reader", reader)
            assert said.startswith(f"error: `{name}` names no paper")
        there, without = (
            filed.refused("attachment", "list", case, "--reader", reader)
            for case in (newest(filed), "ukraine-99")
        )
        assert there.replace(newest(filed), "ukraine-99") == without
    assert not file.exists()


def test_a_partner_is_not_given_the_papers_of_the_office(filed: Terminal, tmp_path: Path) -> None:
    """Also not of its own case: the scan of a decision and what was found stay inside."""
    scan = tmp_path / "scan"
    scan.write_bytes(b"signed on paper, with what was said in the room")
    on_paper = ("--made-at", filed.now, "--paper", scan)
    refuse = ("--outcome", "refuse", "--reason", "escalation")
    filed.asks("decide", "ukraine-5", *refuse, *on_paper, by=SECRETARY)
    name = digest(scan.read_bytes())
    assert [each["digest"] for each in filed.asks("attachment", "list", "ukraine-5")] == [name]
    partner = ("--reader", "partner:ukraine")
    assert filed.asks("attachment", "list", "ukraine-5", *partner) == []
    saved = tmp_path / "saved"
    said = filed.refused("attachment", "save", name, "--to", saved, *partner)
    assert "names no paper" in said
    filed.asks("attachment", "save", name, "--to", saved)
    assert saved.read_bytes() == scan.read_bytes()


def test_a_paper_in_a_compartment_is_given_to_who_reads_it_on_the_record(
    filed: Terminal, tmp_path: Path
) -> None:
    case = newest(filed)
    filed.asks("compartment", "open", "longshot", "--title", "Long-range fires", by=OWNER)
    for person in (OWNER, SECRETARY, *ADVISERS):
        filed.asks("compartment", "clear", "longshot", person, by=OWNER)
    filed.asks("compartment", "mark", "longshot", "--case", case, by=OWNER)
    saved, folder = tmp_path / "saved", tmp_path / "papers"
    assert "names no paper" in filed.refused("attachment", "save", digest(ANNEX), "--to", saved)
    read = ("read", case, "--purpose", "to decide it", "--papers", folder)
    assert filed.run(*read, by="registrar").status == 1
    assert not folder.exists()
    before = filed.asks("store", "show")["entries"]
    filed.asks(*read, by=SECRETARY)
    assert filed.asks("store", "show")["entries"] == before + 1
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == {digest(ANNEX): ANNEX}


def test_no_name_gets_a_paper_that_is_not_in_ones_hands(filed: Terminal, tmp_path: Path) -> None:
    """Whoever has seen the record knows every digest; to name one in a request is not enough."""
    scan = tmp_path / "scan"
    scan.write_bytes(b"signed on paper")
    on_paper = ("--made-at", filed.now, "--paper", scan)
    refuse = ("--outcome", "refuse", "--reason", "escalation")
    filed.asks("decide", "ukraine-5", *refuse, *on_paper, by=SECRETARY)
    draft = tmp_path / "draft.json"
    filed.asks("request", "draft", draft, "--like", newest(filed))
    drawn = json.loads(draft.read_text())
    del drawn["replaces"]
    draft.write_text(json.dumps({**drawn, "attachments": [digest(b"signed on paper")]}))
    said = filed.refused("request", "submit", "--draft", draft, by=LIAISON)
    assert "was not handed over" in said
    filed.asks("request", "submit", "--draft", draft, "--attach", scan, by=LIAISON)


def test_an_amended_request_keeps_the_papers_of_the_one_it_replaces(
    filed: Terminal, tmp_path: Path
) -> None:
    draft, more = tmp_path / "draft.json", tmp_path / "more"
    more.write_bytes(b"one more")
    filed.asks("request", "draft", draft, "--like", newest(filed))
    filed.asks("request", "submit", "--draft", draft, "--attach", more, by=LIAISON)
    found = filed.asks("attachment", "list", newest(filed))
    assert {each["digest"]: each["stands"] for each in found} == {
        digest(ANNEX): "here",
        digest(b"one more"): "here",
    }


def test_what_was_signed_elsewhere_is_handed_over_when_it_is_submitted(
    at: Terminal, annex: Path, tmp_path: Path
) -> None:
    statement = tmp_path / "request.json"
    before = held(at)
    prepared = ("--prepare", statement, "--by", LIAISON)
    told = at.run(*FILE, "--attach", annex, *prepared)
    assert f"sayso submit {statement} --attach PAPER" in told.out
    keygen("-Y", "sign", "-n", "request@sayso", "-f", at.key(LIAISON), statement)
    assert "was not handed over" in at.refused("submit", statement)
    at.asks("submit", statement, "--attach", annex)
    assert held(at) == before + 1
    assert at.asks("attachment", "list", newest(at))[0]["stands"] == "here"


def test_a_paper_that_is_too_big_is_one_clear_error(kept: Terminal, tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(b"x" * (enclosure.MOST_BYTES + 1))
    assert "more than 16777216 bytes" in kept.refused(*FILE, "--attach", big, by=LIAISON)
    big.write_bytes(b"x" * enclosure.MOST_BYTES)
    several = [tmp_path / f"{number}" for number in range(4)]
    for number, each in enumerate(several):
        each.write_bytes(bytes([number]) * enclosure.MOST_BYTES)
    words = [word for each in (big, *several) for word in ("--attach", each)]
    assert "at most 64 MiB" in kept.refused(*FILE, *words, by=LIAISON)
    kept.asks(*FILE, "--attach", big, by=LIAISON)
    (found,) = kept.asks("attachment", "list", newest(kept))
    assert found["bytes"] == enclosure.MOST_BYTES


def test_papers_go_with_every_act_that_names_some(filed: Terminal, tmp_path: Path) -> None:
    before = held(filed)
    other = tmp_path / "other"
    other.write_bytes(b"photographs")
    allege = ("violation", "open", "--partner", "ukraine", "--text", "two beyond the border")
    filed.asks(*allege, "--attach", other, by=OWNER)
    assert held(filed) == before + 2  # the words and the paper
    saved = tmp_path / "saved"
    filed.asks("attachment", "save", digest(b"photographs"), "--to", saved)
    assert saved.read_bytes() == b"photographs"


# --- exports and erasing -----------------------------------------------------------------------


def test_an_export_gives_each_reader_the_papers_that_they_may_know(
    filed: Terminal, tmp_path: Path
) -> None:
    scan = tmp_path / "scan"
    scan.write_bytes(b"signed on paper")
    on_paper = ("--made-at", filed.now, "--paper", scan)
    refuse = ("--outcome", "refuse", "--reason", "an inner reason")
    filed.asks("decide", "ukraine-5", *refuse, *on_paper, by=SECRETARY)
    given: dict[str, set[str]] = {}
    for reader in ("public", "partner:ukraine", "office", "all"):
        folder = tmp_path / reader.replace(":", "-")
        filed.asks("record", "export", folder, "--words", reader)
        names = (folder / "enclosures" / "list").read_text().split()
        given[reader] = set(names)
        for each in names:
            assert digest((folder / "enclosures" / each[:2] / each[2:]).read_bytes()) == each
    papers = {digest(ANNEX), digest(b"signed on paper")}
    assert given["public"] & papers == set()
    assert given["partner:ukraine"] & papers == {digest(ANNEX)}
    assert papers <= given["office"] <= given["all"]


def test_a_partner_is_given_no_word_of_what_the_office_said_inside(
    filed: Terminal, tmp_path: Path
) -> None:
    """An export for a partner holds what `request show --reader` tells it, and no advice."""
    folder = tmp_path / "export"
    filed.asks("record", "export", folder, "--words", "partner:ukraine")
    names = (folder / "enclosures" / "list").read_text().split()
    files = [folder / "enclosures" / each[:2] / each[2:] for each in names]
    told = json.dumps(
        [
            filed.asks("request", "show", each["case"], "--reader", "partner:ukraine")
            for each in filed.asks("request", "list", "--reader", "partner:ukraine")
        ]
        + filed.asks("release", "list", "--reader", "partner:ukraine"),
        ensure_ascii=False,
    )
    shown = [enclosure.opened(each.read_bytes()) for each in files if each.read_bytes() != ANNEX]
    assert shown
    assert [each for each in shown if json.dumps(each, ensure_ascii=False)[1:-1] not in told] == []
