"""What is given beside a record, to whom; what is taken back, and what is erased."""

from pathlib import Path

from sayso.queries.enclosed import LIST
from sayso.record import enclosure
from tests.cli.terminal import LIAISON, SECRETARY, SPAN, USE, Terminal

REFUSE = ("--outcome", "refuse", "--reason", "not while talks are sought")
BASIS = ("--basis", "the act on archives, section 4")
NOTE = ("--note", "the depot north of the town")


def export(at: Terminal, *words: str) -> Path:
    """Return the folder that the record is exported to."""
    at.asks("record", "export", at.folder / "given", *words)
    return at.folder / "given"


def given(folder: Path) -> list[str]:
    """Return the words of an export."""
    texts = (each for each in (folder / "enclosures").glob("*/*"))
    return sorted(enclosure.opened(each.read_bytes()) for each in texts)


def tiles(folder: Path) -> tuple[bytes, ...]:
    """Return the files of the record itself."""
    files = (each for each in sorted((folder / "tile").rglob("*")) if each.is_file())
    return tuple(each.read_bytes() for each in files)


def verified(at: Terminal, folder: Path) -> dict[str, object]:
    """Return what verifying an export finds."""
    ran = at.run("record", "verify", folder, "--trust", f"{at.store}.trust.json", as_json=True)
    assert ran.status == (0 if ran.value["ok"] else 1)
    found: dict[str, object] = ran.value
    return found


def test_without_being_asked_no_word_is_given_and_the_record_verifies(at: Terminal) -> None:
    folder = export(at)
    assert not (folder / "enclosures").exists()
    found = verified(at, folder)
    enclosed = found["enclosed"]
    assert isinstance(enclosed, dict)
    assert enclosed["withheld"] == enclosed["named"] > 5
    assert (enclosed["shown"], enclosed["erased"]) == (0, 0)


def test_each_reader_is_given_what_they_may_know_and_the_same_record(at: Terminal) -> None:
    """Law 13: between two readers no byte differs but the words that one may know."""
    at.asks("request", "submit", *USE, *SPAN, "--place", "Belgorod", *NOTE, by=LIAISON)
    folders = {}
    for reader in ("all", "office", "partner:ukraine", "partner:poland", "public"):
        folder = export(at, "--words", reader)
        assert verified(at, folder)["ok"]
        folders[reader] = folder.rename(at.folder / reader.replace(":", "-"))
    tiles = {
        tuple(
            (each.name, each.read_bytes())
            for each in sorted((folder / "tile").rglob("*"))
            if each.is_file()
        )
        for folder in folders.values()
    }
    assert len(tiles) == 1
    words = {reader: set(given(folder)) for reader, folder in folders.items()}
    assert words["public"] == words["partner:poland"] == set()
    assert NOTE[1] in words["partner:ukraine"] < words["office"] <= words["all"]


def test_what_is_given_and_is_not_what_was_named_is_found(at: Terminal) -> None:
    folder = export(at, "--words", "all")
    (one, *_) = sorted((folder / "enclosures").glob("*/*"))
    words = one.read_bytes()
    one.write_bytes(words[:-1] + bytes([words[-1] ^ 1]))
    assert "not what its name says" in str(verified(at, folder)["problem"])
    one.write_bytes(words)
    listed = folder / LIST
    other = enclosure.seal("they agreed to it all", salt=bytes(16))
    name = enclosure.digest(other).hex()
    (folder / "enclosures" / name[:2]).mkdir(exist_ok=True)
    (folder / "enclosures" / name[:2] / name[2:]).write_bytes(other)
    assert verified(at, folder)["ok"], "a file that is not listed claims nothing"
    whole = listed.read_text()
    listed.write_text("".join(f"{each}\n" for each in sorted((*whole.splitlines(), name))))
    assert "no entry names" in str(verified(at, folder)["problem"])
    for bad in ("x\n", whole[:40], f"{whole}\n", whole.upper()):
        listed.write_text(bad)
        assert "no SHA-256" in str(verified(at, folder)["problem"])
    listed.write_text(whole + whole)
    assert "in order" in str(verified(at, folder)["problem"])


def test_nothing_is_taken_back_through_a_link(at: Terminal) -> None:
    folder = export(at, "--words", "all")
    elsewhere = at.folder / "elsewhere"
    (elsewhere / "ab").mkdir(parents=True)
    theirs = elsewhere / "ab" / ("0" * 62)
    theirs.write_text("mine")
    for place in (folder / "enclosures", folder / "enclosures" / "zz"):
        if place.exists():
            place.rename(at.folder / "aside")
        place.symlink_to(elsewhere)
        assert "link to elsewhere" in at.refused("record", "export", folder)
        place.unlink()
        if (at.folder / "aside").exists():
            (at.folder / "aside").rename(folder / "enclosures")
    assert theirs.read_text() == "mine"


def test_a_file_without_end_is_refused(at: Terminal) -> None:
    folder = export(at, "--words", "all")
    (one, *_) = sorted((folder / "enclosures").glob("*/*"))
    for each in (one, folder / LIST, folder / "checkpoint"):
        whole = each.read_bytes()
        with each.open("r+b") as file:
            file.truncate(2**40)
        assert "MiB" in str(verified(at, folder)["problem"])
        each.write_bytes(whole)
    assert verified(at, folder)["ok"]


def test_what_is_erased_is_taken_back_and_told_from_what_is_withheld(at: Terminal) -> None:
    done = at.asks("decide", "ukraine-5", *REFUSE, by=SECRETARY)
    folder = export(at, "--words", "all")
    assert REFUSE[-1] in given(folder)
    erase = ("record", "erase", "--entry", done["entry"], *BASIS)
    assert "highest office" in at.refused(*erase, by="europe-desk")
    index = at.asks(*erase, by=SECRETARY)["entry"]
    assert f"(erased by entry {index})" in at.run("request", "show", "ukraine-5").out
    assert "nothing that is still there" in at.refused(*erase, by=SECRETARY)
    stays = verified(at, folder)
    assert stays["ok"], "an earlier export is as true as it was"
    again = export(at, "--words", "all")
    assert REFUSE[-1] not in given(again)
    enclosed = verified(at, again)["enclosed"]
    assert isinstance(enclosed, dict)
    assert (enclosed["withheld"], enclosed["erased"]) == (0, 1)
    assert verified(at, export(at))["enclosed"] == {
        "named": enclosed["named"],
        "shown": 0,
        "withheld": enclosed["named"] - 1,
        "erased": 1,
        "lingering": 0,
    }
    for each in at.folder.glob("record.db*"):
        assert REFUSE[-1].encode() not in each.read_bytes()
    after_the_salt = enclosure.seal(REFUSE[-1], salt=bytes(16))[36:-4]
    for each in at.folder.glob("record.db*"):
        assert after_the_salt not in each.read_bytes(), "nor as it was kept"


def test_a_statement_is_signed_elsewhere_with_its_words_to_read(at: Terminal) -> None:
    file = at.folder / "note.json"
    said = ("comment", "ukraine-5", "two lines\nof it", "--by", "europe-desk")
    at.asks(*said, "--prepare", file)
    (line,) = Path(f"{file}.words").read_text().splitlines()
    assert line.endswith(',"two lines\\nof it"]')
    assert "two lines" not in file.read_text()


def test_what_is_given_though_an_entry_says_it_was_erased_is_told(at: Terminal) -> None:
    done = at.asks("decide", "ukraine-5", *REFUSE, by=SECRETARY)
    folder = export(at, "--words", "all")
    before = {each: each.read_bytes() for each in (folder / "enclosures").glob("*/*")}
    listed = (folder / LIST).read_bytes()
    at.asks("record", "erase", "--entry", done["entry"], *BASIS, by=SECRETARY)
    export(at, "--words", "all")
    for each, words in before.items():
        each.parent.mkdir(exist_ok=True)
        each.write_bytes(words)
    (folder / LIST).write_bytes(listed)
    found = verified(at, folder)
    assert found["ok"], "the record is true; what lies beside it is too much"
    enclosed = found["enclosed"]
    assert isinstance(enclosed, dict)
    assert (enclosed["erased"], enclosed["lingering"]) == (0, 1)
    trust = f"{at.store}.trust.json"
    assert "sayso store tidy" in at.run("record", "verify", folder, "--trust", trust).out


def test_no_name_that_is_given_is_opened(at: Terminal) -> None:
    """Law 13: whoever has a bare export has the names; the words are not to be had by asking."""
    advice = next(each for each in at.asks("record", "show") if each["kind"] == "advice")
    ((kept, words),) = at.asks("record", "show", advice["entry"])["words"].items()
    policy = at.folder / "p.yaml"
    policy.write_text(f"policy: {kept}\n")
    asked = ("--article", "atacms", "--place", "Kursk", "--purpose", "x")
    for each in (
        ("request", "show", kept, "--reader", "partner:ukraine"),
        ("request", "list", "--reader", kept),
        ("check", "--agreement", kept, *asked, "--reader", "public"),
        ("attachment", "save", kept, "--to", at.folder / "y"),
        ("policy", "check", policy),
        ("request", "submit", *USE, *SPAN, "--place", "Belgorod", "--note", f"see {kept}"),
    ):
        for as_json in (True, False):
            ran = at.run(*each, by=LIAISON if "submit" in each else None, as_json=as_json)
            assert ran.status != 0, ran
            assert words not in ran.said
