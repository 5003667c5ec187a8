"""What lies before an officer: the page, the screening, what is kept in compartments; law 13."""

from typing import Any

from tests.cli.terminal import ADVISERS, LIAISON, OWNER, SECRETARY, SPAN, USE, Terminal

KEPT = "longshot"


def filed(at: Terminal, place: str = "Kursk") -> str:
    """Return a case that waits for the advisers."""
    asked = at.asks("request", "submit", *USE, "--place", place, *SPAN, by=LIAISON)
    return str(asked["case"])


def advises(at: Terminal, case: str, office: str, *beside: object, outcome: str = "grant") -> int:
    """Return the entry of an office's advice."""
    said = ("--outcome", outcome, "--reason", f"{office} thinks so", *beside)
    return int(at.asks("advise", case, *said, by=office)["entry"])


def section(page: str, label: str) -> str:
    """Return one section of a page, from its label to the next."""
    told: list[str] = []
    for line in page.splitlines():
        if told and line[:12].strip():
            break
        if line.startswith(label) or told:
            told.append(line)
    return "\n".join(told)


def test_legal_advice_stands_apart_and_instructions_are_shown(at: Terminal) -> None:
    case = filed(at)
    advises(at, case, "general-counsel", "--legal")
    beside = ("--instructions", "only at night", "--risk", "high", "--code", "no-stocks")
    condition = ("--condition", "no press")
    advises(at, case, "europe-desk", *beside, *condition, outcome="grant-with-conditions")
    page = at.run("brief", case).out
    assert "general-counsel thinks so" in section(page, "legal")
    advice = section(page, "advice")
    assert "general-counsel" not in advice
    for each in ("high risk", "no-stocks", "instructions: only at night", "on condition: no press"):
        assert each in advice
    value = at.asks("brief", case)
    assert [each["office"] for each in value["legal"]] == ["general-counsel"]
    assert value["advice"][0]["instructions"] == "only at night"
    shown = at.run("request", "show", case).out
    before, apart, after = shown.partition("legal advice, apart:")
    assert apart
    assert "general-counsel thinks so" in after
    assert "general-counsel thinks so" not in before
    assert "only at night" in before
    told = at.run("request", "show", case, "--reader", "partner:ukraine").out
    assert "legal" not in told
    assert "night" not in told


def test_whose_turn_it_is_and_what_stops_the_clock(at: Terminal) -> None:
    case = filed(at)
    turns = at.asks("brief", case)["turns"]
    assert {(each["office"], each["does"]) for each in turns} == {(o, "advise") for o in ADVISERS}
    assert {each["due"] for each in turns} == {"2025-08-25T12:00:00Z"}
    assert [each["able"] for each in turns] == [[each["office"]] for each in turns]
    at.now = "2025-08-24T18:00:00Z"
    at.asks("query", case, "Which unit?", by="europe-desk")
    stopped = at.asks("brief", case)
    assert {each["left_s"] for each in stopped["turns"]} == {18 * 3600}
    page = at.run("brief", case).out
    assert "Which unit?" in section(page, "stopped")
    assert "stands still, 18 h 0 min are left" in section(page, "turn")
    at.asks("answer", case, "The third brigade", by=LIAISON)
    at.now = "2025-08-25T13:00:00Z"
    late = at.asks("brief", case)
    assert [each["late"] for each in late["turns"]] == [True, True, True]
    assert "since it was due" in at.run("brief", case).out.replace("\n              ", " ")


def in_inbox(at: Terminal, case: str) -> Any:
    """Return what lies before the Secretary of a case, which is one thing."""
    (task,) = (each for each in at.asks("inbox", "--office", SECRETARY) if each["case"] == case)
    return task


def test_the_holds_in_force_are_on_the_page_and_stop_whoever_could_decide(at: Terminal) -> None:
    reason = ("--reason", "talks are on")
    at.asks("hold", "case", "ukraine-5", *reason, "--name", "pause", by=SECRETARY)
    at.asks("hold", "class", "--article", "atacms", *reason, "--name", "all-atacms", by=SECRETARY)
    page = at.run("brief", "ukraine-5").out
    assert "(pause)" in section(page, "on hold")
    assert "(all-atacms)" in section(page, "on hold")
    assert "nobody" in section(page, "turn")
    assert "is on hold by" in at.run("authority", "who", "ukraine-5").out
    task = in_inbox(at, "ukraine-5")
    assert (task["why"], task["does"], task["able"]) == ("on hold", "decide", [])
    for name in ("pause", "all-atacms"):
        at.asks("hold", "release", name, "--reason", "over", by=SECRETARY)
    task = in_inbox(at, "ukraine-5")
    assert (task["why"], task["able"]) == ("waits", [SECRETARY])
    assert at.asks("brief", "ukraine-5")["holds"] == []


def kept(at: Terminal) -> None:
    """Keep the Joint Staff's advice on ukraine-2 in a compartment of the owner's."""
    entry = advises(at, "ukraine-2", "joint-staff")
    at.asks("compartment", "open", KEPT, "--title", "Long shot", by=OWNER)
    for person in (OWNER, SECRETARY):
        at.asks("compartment", "clear", KEPT, person, by=OWNER)
    at.asks("compartment", "mark", KEPT, "--entry", entry, by=OWNER)


def test_who_is_cleared_reads_what_is_kept_and_that_stands_on_the_record(at: Terminal) -> None:
    kept(at)
    before = at.acts("reading")
    purpose = ("--purpose", "to decide it")
    page = at.run("brief", "ukraine-2", *purpose, by=SECRETARY)
    assert "joint-staff thinks so" in page.out
    *others, reading = at.acts("reading")
    assert others == before
    assert (reading["by"], reading["said"]["case"]) == (SECRETARY, "ukraine-2")
    assert reading["said"]["compartments"] == [KEPT]
    assert at.run("brief", "ukraine-2", by=SECRETARY).status == 2  # the purpose is part of it
    assert at.acts("reading") == [*before, reading]
    at.asks("brief", "ukraine-5", *purpose, by=SECRETARY)
    assert at.acts("reading") == [*before, reading], "nothing is kept, and nothing recorded"


def test_to_who_is_not_cleared_not_one_byte_tells_that_something_is_kept(at: Terminal) -> None:
    kept(at)
    before = at.bytes()
    for words in (("brief", "ukraine-2"), ("request", "screen", "ukraine-2")):
        office = at.run(*words)
        assert "joint-staff thinks so" not in office.out
        for person in ("europe-desk", "general-counsel"):
            assert at.run(*words, by=person) == office
            assert at.run(*words, "--purpose", "curiosity", by=person) == office
        outside = at.run(*words, by=LIAISON)
        assert outside.status == 1
        assert outside == at.run(words[0], *words[1:-1], "ukraine-9", by=LIAISON)
    assert at.bytes() == before


def test_nothing_is_read_before_the_reading_is_on_the_record(at: Terminal) -> None:
    kept(at)
    before = at.acts("reading")
    file = at.folder / "reading.json"
    words = ("read", "ukraine-2", "--purpose", "to decide it", "--by", SECRETARY, "--prepare", file)
    assert "joint-staff thinks so" not in at.run(*words).said
    assert file.exists()
    assert at.acts("reading") == before


def test_a_case_that_is_kept_is_no_name_to_who_is_not_cleared(at: Terminal) -> None:
    """The British case of the scenario: its name is suggested to nobody else."""
    (case,) = (each for each in at.cases() if each.endswith("@GB"))
    for words in (("read", case, "--purpose", "x"), ("read", f"{case}B", "--purpose", "x")):
        said = at.run(*words, by="europe-desk").said
        assert said.replace(words[1], "").count("@GB") == 0
    assert at.run("brief", case).said.count(case) == 1  # as it was typed
    assert case in at.run("read", case, "--purpose", "ours", by="gb-defence-secretary").out


def test_a_list_names_a_case_that_is_kept_to_the_cleared_alone(at: Terminal) -> None:
    case = filed(at)
    at.asks("compartment", "open", KEPT, "--title", "Long shot", by=OWNER)
    everybody = (OWNER, SECRETARY, *ADVISERS)
    for person in everybody:
        at.asks("compartment", "clear", KEPT, person, by=OWNER)
    at.asks("compartment", "mark", KEPT, "--case", case, by=OWNER)
    at.asks("hold", "case", case, "--reason", "talks are on", by=SECRETARY)
    lists = (("inbox", "--office", "europe-desk"), ("hold", "list"), ("request", "list"))
    for words in (*lists, ("inbox", "--office", "europe-desk", "--key", at.key(LIAISON))):
        assert case not in at.run(*words).out
    assert f"no case is named `{case}`" in at.run("authority", "who", case).err
    mine = at.asks("inbox", "--office", "europe-desk", by="europe-desk")
    assert case in [each["case"] for each in mine]
    assert at.asks("authority", "who", case, by="europe-desk")


def test_a_request_is_screened_against_denials_and_precedents(at: Terminal) -> None:
    found = at.asks("request", "screen", "ukraine-5")
    (denial,) = found["denials"]
    assert (denial["case"], denial["denied"]) == ("ukraine-3", True)
    assert {"partner", "article", "place"} <= set(denial["alike"])
    assert [each["case"] for each in found["precedents"]] == ["ukraine-4"]
    assert "denied" in at.run("request", "screen", "ukraine-5").out
    before = [each["case"] for each in at.asks("brief", "ukraine-5")["precedents"]]
    assert before == ["ukraine-4", "ukraine-3"]
    case = filed(at, place="Bryansk")
    assert [e["case"] for e in at.asks("request", "screen", case)["denials"]] == ["ukraine-3"]


def test_an_assertion_that_is_kept_is_not_listed(at: Terminal) -> None:
    kept(at)
    said = ("--source", "a secret cable", "--confidence", "high")
    fact = at.asks("fact", "assert", "talks_sought", "true", *said, by="joint-staff")
    assert "a secret cable" in at.run("fact", "list").out
    at.asks("compartment", "mark", KEPT, "--entry", fact["entry"], by=OWNER)
    assert "a secret cable" not in at.run("fact", "list").out
    assert "a secret cable" not in at.run("brief", "ukraine-5").out


def test_who_decides_what_a_policy_keeps_is_told_so(at: Terminal) -> None:
    """The page names the policy of the day that decides nothing about it, and the list says why."""
    file = at.folder / "kept.yaml"
    file.write_text(
        "policy: long-range-fires\nversion: 3\ntitle: Nothing more\n"
        "issuer: secretary-of-defense\ninstrument: a memorandum\n"
        "in_force: {from: 2025-08-24T00:00:00Z}\nsupersedes: long-range-fires@2\n"
        "transition: {pending: keep, permits: keep}\nclauses:\n"
        "  - {id: none, when: 'place.touches(\"RU\")', prohibit: true}\n"
    )
    assert at.asks("policy", "impact", file) == {"impact": []}
    done = at.run("policy", "adopt", file, by=SECRETARY).out
    assert "what they keep goes on under long-range-fires@2" in done
    page = section(at.run("brief", "ukraine-5").out, "verdict")
    assert "kept as it was found by long-range-fires@3" in page
    assert at.asks("brief", "ukraine-5")["keeping"] == ["long-range-fires@3"]
    assert at.asks("brief", filed(at))["verdict"] == "prohibited"
    stands = {each["policy"]: each["binding"] for each in at.asks("policy", "show")}
    assert (stands["long-range-fires@2"], stands["long-range-fires@3"]) == (
        "for what is kept",
        "binds",
    )
