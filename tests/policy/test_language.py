"""The clauses of `docs/language.md`, each by its number."""

import re
from pathlib import Path

import pytest

from sayso.policy import pattern
from sayso.policy.checker import condition
from sayso.policy.evaluate import LACKING, Given, function
from sayso.policy.names import Known
from sayso.policy.source import Faults
from tests.policy import writer

SPECIFICATION = Path(__file__).parents[2] / "docs" / "language.md"

FACTS: dict[str, Given] = {
    "f.flag": True,
    "f.side": "US",
    "f.reach": 300,
    "f.load": LACKING,
    "f.note": "ab",
    "f.unit": "ß😀",
    "f.lands": ("RU", "UA"),
    "f.begin": 1_748_563_200_000_000,
    "f.lasts": 90_061_500_000,
    "place.touches": ("RU",),
    "place.distance_km.RU": 40,
}

TRUE = [
    ("1.1", "// a comment\n f.flag // another"),
    ("1.2", "f.reach == 0x12C && -0x1 == -1 && -9223372036854775808 < 0"),
    ("1.3", r""" "\u00df" == 'ß' && "a\x62\143\n" == "abc\n" && '''it's''' == "it's" """),
    ("1.3", r""" r"\d" == "\\d" && R'a"b' == "a\"b" && '\U0001F600' == "😀" """),
    ("1.4", "true && !false"),
    ("1.5", "1 + 2 * 3 == 7 && 7 - 2 - 1 == 4 && -2 * 3 == -6 && !false == true"),
    ("1.5", "true || false && false"),
    ("1.5", "f.reach in [300] == true"),
    ("2.5", 'timestamp("2025-05-30T02:00:00+02:00") == f.begin'),
    ("2.5", 'duration("1h30m") == duration("5400s") && duration("1.5s") > duration("1499ms")'),
    ("2.6", 'size(f.unit) == 2 && "Z" < "a" && "\uffff" < "😀"'),
    ("3.3", 'has(f.note) && f.note == "ab"'),
    ("3.3", "!has(f.load) || f.load > 3"),
    ("3.3", "has(f.load) ? f.load > 3 : true"),
    ("3.4", "has(f.note) && !has(f.load) && has(f.reach)"),
    ("4.2", '!("x" in f.marks && false)'),
    ("4.3", '"x" in f.marks || true'),
    ("5.1", 'f.reach >= 300 && f.unit != "a" && f.begin < timestamp("2025-05-30T00:00:01Z")'),
    ("5.2", 'f.side in ["US", "GB"] && "RU" in f.lands && !(1 in [])'),
    ("6.1", "7 / -2 == -3 && 7 % -2 == 1 && -7 % 2 == -1 && -7 / 2 == -3"),
    ("6.2", 'f.begin + duration("1h") - f.begin == duration("60m")'),
    ("6.2", 'f.lasts - duration("1s") < f.lasts + duration("1s")'),
    ("7.1", 'f.lands.exists(x, x == "UA") && f.lands.all(x, x != "PL")'),
    ("7.1", '["UA"].exists(x, x == "UA") && [].all(x, x)'),
    ("7.2", "[1, 1, 2].exists_one(x, x == 2) && ![1, 1].exists_one(x, x == 1)"),
    ("7.3", 'size(f.lands.filter(x, x == "UA")) == 1'),
    ("7.4", '[1, 1].size() == 2 && size("ß") == 1 && "😀".size() == 1'),
    ("8.1", 'f.unit.startsWith("ß") && f.unit.endsWith("😀") && f.unit.contains("")'),
    ("8.2", 'f.unit.matches("^.{2}$") && "a1".matches("[a-c]\\\\d")'),
    ("9.1", "f.begin.getFullYear() == 2025 && f.begin.getMonth() == 4 && f.begin.getDate() == 30"),
    ("9.1", 'f.begin.getDayOfWeek() == 5 && f.begin.getHours("+02:00") == 2'),
    ("9.1", "f.begin.getDayOfMonth() == 29 && f.begin.getDayOfYear() == 149"),
    ("9.2", "f.lasts.getHours() == 25 && f.lasts.getMinutes() == 1501"),
    ("9.2", "f.lasts.getSeconds() == 90061 && f.lasts.getMilliseconds() == 500"),
    ("10.1", 'place.touches("RU") && !f.lands("PL")'),
    ("10.2", 'place.within_km("RU", 40) && !place.within_km("RU", 39)'),
]

UNKNOWN = [
    ("3.2", "article.range_km > 0"),
    ("3.4", "has(article.range_km)"),
    ("3.4", "has(use.until)"),
    ("4.1", "!(article.range_km > 0)"),
    ("4.2", "article.range_km > 0 && true"),
    ("4.3", "article.range_km > 0 || false"),
    ("4.4", "article.range_km > 0 ? true : true"),
    ("4.5", "article.range_km + 1 > 0"),
    ("7.1", "f.lands.exists(x, article.range_km > 0)"),
    ("7.2", '["a", "b"].exists_one(x, x == "a" || article.range_km > 0)'),
    ("7.3", "size(f.lands.filter(x, article.range_km > 0)) >= 0"),
]

REFUSED = [
    ("1.1", "f.flag &&" + " " * 100_000, "the condition is longer than 100,000 letters"),
    ("1.1", "(" * 61 + "f.flag" + ")" * 61, "nested deeper than 60"),
    ("1.2", "f.reach > 1.5", "`1.5` is a fraction"),
    ("1.2", "f.reach > 1u", "`1u` is unsigned"),
    ("1.2", "f.reach < 9223372036854775808", "the number does not fit into 64 bits"),
    ("1.3", 'f.unit == b"a"', "bytes are not part of the language"),
    ("1.3", r'f.unit == "\q"', r"`\q` is no escape"),
    ("1.3", 'f.unit == "a', "the text in quotes does not end"),
    ("1.4", "f.unit == null", "there is no null"),
    ("1.5", "f.reach = 3", "`=` means nothing here"),
    ("1.5", "f.reach > 3 > 2", "true or false cannot be compared with a whole number"),
    ("1.5", "f.flag f.flag", "the condition should end here, not `f`"),
    ("1.6", "f.lands[0] == 'RU'", "lists are not read by index"),
    ("1.6", "{1: 2}", "maps and messages are not part of the language"),
    ("1.6", "int('3') == 3", "no function is named `int`"),
    ("1.6", "package == 3", "`package` is a reserved word of CEL"),
    ("2.1", "[[1]] == [[1]]", "lists of lists are not part of the language"),
    ("2.1", "f.reach in [1, 'a']", "the list holds a whole number; this is text"),
    ("2.1", "f.reach", "this must be true or false, and it is a whole number"),
    ("2.2", "f.side == 'UK'", "`UK` is none of its values"),
    ("2.2", "f.side in ['US', 'UK']", "`UK` is none of its values"),
    ("2.3", "'RX' in f.lands", "no territory is named `RX`"),
    ("2.3", "article.id == 'atacm'", "no article is named `atacm`"),
    (
        "2.3",
        "article.id == partner.id",
        "this is the name of a partner, and never the name of an article",
    ),
    ("2.5", "f.begin > timestamp('2025-05-30')", "`2025-05-30` is not an instant"),
    ("2.5", "f.lasts > duration('1d')", "`1d` is not a duration"),
    ("3.1", "f.rech > 3", "no fact is named `f.rech`"),
    ("3.1", "has(f.rech)", "`has` needs the path of one fact, as in has(article.range_km)"),
    ("3.3", "f.load > 3", "`f.load` may be lacking, and nothing here shows it is there"),
    (
        "3.3",
        "f.load > 3 && has(f.load)",
        "`f.load` may be lacking, and nothing here shows it is there",
    ),
    (
        "3.3",
        "has(f.load) || f.load > 3",
        "`f.load` may be lacking, and nothing here shows it is there",
    ),
    ("5.1", "f.side < 'US'", "text has no order"),
    ("5.1", "f.lands == f.lands", "lists are not compared"),
    ("5.1", "f.reach == 'a'", "a whole number cannot be compared with text"),
    ("6.1", "f.unit + 'a' == 'b'", "`+` cannot join text and text"),
    (
        "6.3",
        "f.reach * 9223372036854775807 > 0",
        "`*` could overflow: the result lies between 0 and 55,340,232,221,128,654,842,000",
    ),
    ("6.3", "1 / f.reach > 0", "the divisor could be zero"),
    ("7.1", "f.lands.exists(x)", '`exists` takes a name and a condition, as in all(s, s != "")'),
    (
        "7.5",
        "f.lands.all(x, f.lands.all(x, true))",
        "a plain name is wanted here, that means nothing else yet",
    ),
    ("8.1", "f.unit.startsWith(f.unit)", "`startsWith` needs a text written out here"),
    ("8.2", r"f.unit.matches('(?=a)')", "of the special groups only `(?:` is part of the language"),
    ("8.2", r"f.unit.matches('(a')", "a `(` is never closed"),
    ("8.2", r"f.unit.matches('(a{100}){100}')", "the expression is too large"),
    ("9.1", "f.begin.getHours('Europe/Kyiv') == 2", "`Europe/Kyiv` is no offset from UTC"),
    ("9.2", "f.lasts.getMonth() == 2", "`getMonth` is nothing of a duration"),
    ("10.2", "place.within_km('RU', 'a')", "a whole number is wanted, not text"),
    ("10.3", "decided_by('desk')", "no function is named `decided_by`"),
]


@pytest.mark.parametrize(("clause", "text"), TRUE)
def test_what_is_true(clause: str, text: str) -> None:
    assert function(condition(text, schema=writer.SCHEMA))(FACTS) is True, clause


@pytest.mark.parametrize(("clause", "text"), UNKNOWN)
def test_what_is_unknown(clause: str, text: str) -> None:
    assert function(condition(text, schema=writer.SCHEMA))(FACTS) is None, clause


@pytest.mark.parametrize(("clause", "text", "message"), REFUSED)
def test_what_is_refused(clause: str, text: str, message: str) -> None:
    known = Known(articles=frozenset({"atacms"}))
    with pytest.raises(Faults) as raised:
        condition(text, schema=writer.SCHEMA, known=known)
    assert message in [fault.message for fault in raised.value.faults], clause


def test_every_clause_that_can_be_tried_is_tried() -> None:
    written = re.findall(r"^(\d+\.\d+) ", SPECIFICATION.read_text("utf-8"), re.MULTILINE)
    tried = {clause for clause, *_ in (*TRUE, *UNKNOWN, *REFUSED)}
    elsewhere = {"2.4", "3.5", *(clause for clause in written if clause.startswith("11."))}
    assert set(written) == tried | elsewhere
    assert len(written) == len(set(written))


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*b", "(a*)*(a*)*c", "a{50}a{50}$"])
def test_no_expression_takes_more_than_its_length_times_that_of_the_text(expression: str) -> None:
    assert pattern.matches(expression, "a" * 2_000 + "!") is False
