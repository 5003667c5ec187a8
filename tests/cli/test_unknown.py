"""Law 13 at the terminal: what commands refuse and show tells nobody what they may not know."""

import pytest

from tests.cli.terminal import LIAISON, OWNER, SECRETARY, USE, Terminal

MINISTER = "gb-defence-secretary"
THEIRS = "ukraine-7@GB"
NOBODY = "ukraine-7@XX"
WHY = ("--reason", "because")
INSIDE = (
    ("policy", "rescind", "x@1", *WHY),
    ("policy", "rescind", "long-range-fires@2", *WHY),
    ("compartment", "mark", "x", "--entry", 1),
    ("compartment", "mark", "x", "--case", "ukraine-5"),
    ("fact", "assert", "talks_sough", "true", "--source", "x", "--confidence", "low"),
    ("release", "say", "--to", "public", "--policy", "long-range-fires@2", "--text", "x"),
    ("hold", "release", "hold-999", *WHY),
    ("hold", "case", "ukraine-5", *WHY),
    ("fact", "retract", 67, *WHY),
    ("decide", "ukraine-5", "--outcome", "refuse", *WHY),
    ("decide", "ukraine-99", "--outcome", "refuse", *WHY),
    ("advise", "ukraine-5", "--outcome", "refuse", *WHY),
    ("comment", "ukraine-5", "hm"),
    ("suspend", "ukraine-5", *WHY),
    ("obligation", "accept", "ukraine-5", 1),
    ("office", "appoint", SECRETARY, LIAISON),
    ("office", "open", "x", "--title", "X", "--rank", 1),
    ("violation", "freeze", "violation-1", "--text", "x"),
)


def test_a_partner_is_refused_all_that_is_not_its_own_in_one_way(at: Terminal) -> None:
    before = at.bytes()
    said = {at.refused(*words, by=LIAISON) for words in INSIDE}
    only = f"refused: `{LIAISON}` speaks for `ukraine`, and this is not for a partner to do; "
    assert said == {f"{only}whoever has a part inside does this"}
    assert at.bytes() == before


def test_who_has_no_office_is_refused_in_one_way(at: Terminal) -> None:
    key = at.key("stranger")
    at.asks("person", "enrol", "stranger", "--public", f"{key}.pub", by="registrar")
    own = ("request", "withdraw", "ukraine-4", *WHY)
    others = (
        ("request", "withdraw", "ukraine-99", *WHY),
        ("recuse", "ukraine-4", *WHY),
    )
    said = {at.refused(*words, by="stranger") for words in (own, *others, *INSIDE)}
    assert len(said) == 1
    for words in (("brief", "ukraine-5"), ("authority", "who", "ukraine-5")):
        assert "has no part there" in at.run(*words, by="stranger").err
    shown = at.run("read", "ukraine-5", "--purpose", "x", by="stranger")
    assert shown.err == "error: no case is named `ukraine-5`; no case is on the record yet\n"


def test_a_partner_s_key_reads_as_that_partner(at: Terminal) -> None:
    size = len(at.acts("reading"))
    read = at.run("read", "ukraine-5", "--purpose", "ours", by=LIAISON)
    assert read == at.run("request", "show", "ukraine-5", "--reader", "partner:ukraine")
    for place in ("Kursk", "Dzhankoi"):
        asked = ("check", *USE, "--place", place)
        assert at.run(*asked, by=LIAISON) == at.run(*asked, "--reader", "partner:ukraine")
    pages = (("inbox", "--office", "joint-staff"), ("authority", "who", "ukraine-5"))
    for words in (*pages, ("brief", "ukraine-5"), ("brief", "ukraine-99")):
        assert "has no part there" in at.run(*words, by=LIAISON).err
    assert len(at.acts("reading")) == size


@pytest.mark.parametrize("person", ["joint-staff", OWNER, SECRETARY])
def test_another_supplier_s_case_is_as_unknown_as_one_that_is_not_there(
    at: Terminal, person: str
) -> None:
    before = at.bytes()
    for words in (
        ("advise", "{}", "--outcome", "refuse", *WHY),
        ("query", "{}", "why?"),
        ("suspend", "{}", *WHY),
        ("recuse", "{}", *WHY),
        ("decide", "{}", "--outcome", "refuse", *WHY),
        ("release", "say", "--to", "public", "--case", "{}", "--text", "x"),
        ("obligation", "accept", "{}", 1),
        ("comment", "{}", "hm"),
        ("violation", "open", "--partner", "ukraine", "--case", "{}", "--text", "x"),
        ("read", "{}", "--purpose", "x"),
        ("brief", "{}"),
    ):
        theirs, nobodys = (
            at.run(*(str(each).format(case) for each in words), by=person)
            for case in (THEIRS, NOBODY)
        )
        assert theirs.status == nobodys.status == 1
        assert theirs.said.replace(THEIRS, NOBODY) == nobodys.said
        assert THEIRS not in nobodys.said
    assert at.bytes() == before


def test_each_supplier_is_shown_its_own(at: Terminal) -> None:
    british, ours = "british-missiles@1", "long-range-fires@2"
    gb = ("--reader", "supplier:GB")
    assert at.run("policy", "show", british).err.startswith(
        f"error: no policy is named `{british}`"
    )
    assert british not in at.run("policy", "show", "british-missilez@1").err
    assert at.run("policy", "show", british, *gb).status == 0
    assert "no policy is named" in at.run("policy", "show", ours, *gb).err
    assert "no policy is named" in at.run("policy", "impact", "--rescind", british).err
    assert at.run("policy", "impact", "--rescind", british, by=MINISTER).status == 0
    listed = [each["case"] for each in at.asks("request", "list", *gb)]
    assert listed == [THEIRS]
    assert THEIRS not in [each["case"] for each in at.asks("request", "list")]
    assert at.run("brief", THEIRS, by=MINISTER).status == 0


def test_of_another_s_consent_check_tells_the_outcome_alone(at: Terminal) -> None:
    use = ("--agreement", "british-aid", "--article", "british-missile")
    asked = ("check", *use, "--purpose", "military-logistics", "--place", "Kursk")
    then = ("--at", "2025-07-30T00:00:00Z")
    told = at.asks(*asked, *then)
    assert told["covered"]
    (theirs,) = told["others"]
    assert theirs["by"] == "consent"
    assert not {"case", "window", "uses", "verdict"} & theirs.keys()
    whole = at.asks(*asked, *then, by=MINISTER)
    assert (whole["covered"], whole["by"]) == (True, "consent")
    assert whole["others"][0]["case"] == THEIRS


def test_what_a_supplier_s_office_delegates_is_listed_to_its_own_house_alone(at: Terminal) -> None:
    key = at.key("deputy")
    at.asks("key", "new", key)
    at.asks("person", "enrol", "deputy", "--public", f"{key}.pub", by="registrar")
    memo = ("--instrument", "a memo", "--until", "2025-12-31T00:00:00Z")
    given = ("--office", MINISTER, "--to", "deputy", "--power", "advise", *memo)
    at.asks("delegate", "memo-gb", *given, by=MINISTER)
    for question in (("delegation", "list"), ("authority", "chain", "deputy")):
        for person in (None, OWNER):
            assert "memo-gb" not in at.run(*question, by=person, as_json=True).said
        assert "memo-gb" in at.run(*question, by=MINISTER, as_json=True).said
        assert "has no part there" in at.run(*question, by=LIAISON).err
