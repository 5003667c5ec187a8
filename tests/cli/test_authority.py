"""Who may act for whom, at the command line."""

import shutil

from tests.cli.terminal import LIAISON, OWNER, SECRETARY, SPAN, USE, Terminal, keygen

UNTIL = ("--until", "2026-01-01T00:00:00Z")
MEMO = ("--office", OWNER, "--instrument", "Memo 7", *UNTIL)


def enrolled(at: Terminal, person: str) -> None:
    """Make a key for a person who holds nothing, and enrol it with its proof."""
    at.asks("key", "new", at.key(person))
    at.asks("key", "prove", at.key(person), "--person", person)
    files = ("--public", f"{at.key(person)}.pub", "--proof", f"{at.key(person)}.proof")
    at.asks("person", "enrol", person, *files, by="registrar")


def filed(at: Terminal) -> str:
    """Return a case that waits for the advisers."""
    asked = at.asks("request", "submit", *USE, "--place", "Kursk", *SPAN, by=LIAISON)
    return str(asked["case"])


def test_a_delegation_from_first_to_last(at: Terminal) -> None:
    enrolled(at, "deputy")
    enrolled(at, "assistant")
    granted = ("--to", "deputy", "--power", "consolidate", "--power", "advise", "--onward")
    at.asks("delegate", "memo-7", *granted, *MEMO, by=OWNER)
    on = ("--to", "assistant", "--power", "consolidate", "--under", "memo-7")
    at.asks("delegate", "memo-8", *on, *MEMO, by="deputy")
    (chain,) = at.asks("authority", "chain", "assistant")
    assert chain["chain"] == ["memo-7", "memo-8"]
    assert "why_not" not in chain
    assert "memo-7 → memo-8" in at.run("authority", "chain", OWNER, "--case", "ukraine-5").out
    at.refused("delegation", "revoke", "memo-7", "--reason", "no", by="assistant")
    at.asks("delegation", "revoke", "memo-7", "--reason", "back", by=OWNER)
    (over,) = at.asks("authority", "chain", "assistant")
    assert "was revoked" in over["why_not"]
    assert [each["in_force"] for each in at.asks("delegation", "list")] == [False, False]


def test_who_can_do_the_next_thing(at: Terminal) -> None:
    (decides,) = at.asks("authority", "who", "ukraine-5")
    assert (decides["office"], decides["power"]) == (SECRETARY, "decide")
    assert [each["person"] for each in decides["able"]] == [SECRETARY]
    at.asks("recuse", "ukraine-5", "--reason", "a brother serves there", by=SECRETARY)
    said = at.run("authority", "who", "ukraine-5").out
    assert "nobody: `secretary-of-defense` is recused" in said
    at.refused("decide", "ukraine-5", "--outcome", "refuse", "--reason", "no", by=SECRETARY)
    assert "waits for no office" in at.run("authority", "who", "ukraine-1").out


def test_a_revoked_key_signs_no_more(at: Terminal) -> None:
    case = filed(at)
    (keys,) = (each for each in at.asks("person", "list") if each["person"] == "joint-staff")
    words = ("joint-staff", keys["keys"][0], "--reason", "stolen")
    since = ("--compromised-from", "2025-08-01T00:00:00Z")
    at.asks("person", "revoke-key", *words, *since, by="registrar")
    said = ("--outcome", "grant", "--reason", "it helps")
    assert "was revoked" in at.refused("advise", case, *said, by="joint-staff")
    (after,) = (each for each in at.asks("person", "list") if each["person"] == "joint-staff")
    assert (after["keys"], after["revoked"]) == ([], keys["keys"])
    assert at.run("record", "verify").status == 0


def test_a_proof_of_possession_is_for_one_person_and_record(at: Terminal) -> None:
    at.asks("key", "new", at.key("mallory"))
    at.asks("key", "prove", at.key("mallory"), "--person", "mallory")
    files = ("--public", f"{at.key('mallory')}.pub", "--proof", f"{at.key('mallory')}.proof")
    assert "does not fit" in at.refused("person", "enrol", "bob", *files, by="registrar")
    at.asks("key", "new", at.key("bob"))
    swapped = ("--public", f"{at.key('bob')}.pub", *files[2:])
    at.refused("person", "enrol", "mallory", *swapped, by="registrar")
    at.asks("person", "enrol", "mallory", *files, by="registrar")


def test_a_key_that_nobody_has_shown_to_have_is_not_enrolled(at: Terminal) -> None:
    """A registrar is given public keys: what proves them is made where the private half is."""
    at.asks("key", "new", at.key("bob"))
    public, away = at.folder / "bob.pub", ("key", "prove", at.key("bob"), "--person", "bob")
    shutil.copy(at.key("bob.pub"), public)
    enrol = ("person", "enrol", "bob", "--public", public)
    told = at.refused(*enrol, by="registrar")
    assert "nothing proves that `bob` has the private half" in told
    assert "`sayso key prove FILE --person bob`: give that with --proof" in told
    shutil.copy(at.key("registrar"), at.folder / "bob")
    assert "does not fit" in at.refused(*enrol, by="registrar")
    (at.folder / "bob").unlink()
    at.asks(*away, "--out", at.folder / "bob.proof")
    at.asks(*enrol, by="registrar")
    assert at.run("record", "verify").status == 0


def test_a_key_at_hand_proves_itself(at: Terminal) -> None:
    for name, how in (("bob", "--public"), ("cid", "--new-key")):
        at.asks("key", "new", at.key(name))
        file = f"{at.key(name)}.pub" if how == "--public" else at.key(name)
        made = at.asks("person", "enrol", name, how, file, "--called", "Someone", by="registrar")
        assert "BEGIN SSH SIGNATURE" in made["said"]["proof"]
    neither = ("person", "enrol", "dan")
    assert at.run(*neither, by="registrar").status == 2
    both = ("--new-key", at.key("bob"), "--proof", at.key("bob"))
    assert at.run(*neither, *both, by="registrar").status == 2


def test_stock_ssh_keygen_proves_possession(at: Terminal) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at.key("bob"))
    line = at.key("bob").with_name("bob.pub").read_text(encoding="ascii").strip()
    words = at.folder / "words"
    origin = "sayso.example/long-range-fires"
    words.write_text(f'{{"key":"{line}","person":"bob","record":"{origin}"}}', encoding="ascii")
    keygen("-Y", "sign", "-n", "possession@sayso", "-f", at.key("bob"), words)
    files = ("--public", f"{at.key('bob')}.pub", "--proof", f"{words}.sig")
    at.asks("person", "enrol", "bob", *files, by="registrar")


def test_a_substitute_is_named_by_who_fills_the_office(at: Terminal) -> None:
    enrolled(at, "deputy")
    at.asks("office", "appoint", OWNER, "deputy", *UNTIL, "--acting", by=SECRETARY)
    assert "deputy (acting)" in at.run("office", "list").out
    at.refused("office", "appoint", SECRETARY, "deputy", *UNTIL, "--acting", by=SECRETARY)
    assert at.run("delegate", "x", "--power", "advise", *MEMO, by=OWNER).status == 2
