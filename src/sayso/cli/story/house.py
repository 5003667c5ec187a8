"""The house: the record is founded, offices are opened and filled, articles are delivered (F1)."""

from collections.abc import Iterator

from sayso.cli.story.cast import (
    ADVISERS,
    AGREEMENT,
    ARTICLE,
    LIAISON,
    MINISTER,
    OWNER,
    SECRETARY,
    Shown,
    did,
)
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

PEOPLE = (SECRETARY, OWNER, *ADVISERS, LIAISON, MINISTER)
OFFICES = (  # name, title, rank, who fills it, of which further supplier
    (SECRETARY, "Secretary of Defense", 1, SECRETARY, None),
    (OWNER, "Under Secretary of Defense for Policy", 2, SECRETARY, None),
    ("joint-staff", "Joint Staff", 3, "registrar", None),
    ("general-counsel", "General Counsel", 3, "registrar", None),
    ("europe-desk", "Europe desk", 4, "registrar", None),
    (MINISTER, "Secretary of State for Defence", 1, MINISTER, "GB"),
)
TRANCHES = {"first": ("M57-0001", "M57-0002", "M57-0003"), "second": ("M57-0004", "M57-0005")}
STOCK = 40
KNOWN = ("--releasable-to", "public")  # the reports name the articles and the aid (F1)


def play(player: Player) -> Iterator[Shown]:
    """Found the record and the house, and yield what is shown of F1."""
    player.chapter(
        "The house",
        "Two posts decide and own the policy, three offices advise (assumed), the partner asks. "
        "Everybody is called after the post they hold, has a key, and signs what they say. "
        "A registrar opens offices and enrols keys, and decides nothing.",
    )
    player.at("2024-11-11T09:00:00Z")
    _founded(player)
    _filled(player)
    yield _articles(player)


def _founded(player: Player) -> None:
    for person in ("registrar", *PEOPLE, "stranger"):
        player.quietly("key", "new", player.key(person), "--json")
    origin = ("--origin", "sayso.example/long-range-fires", "--registrar", "registrar")
    did(player.run("init", *origin, "--viewpoint", "us", "--rehearsal", by="registrar"))


def _filled(player: Player) -> None:
    opened = [_opening(*each) for each in OFFICES]
    liaison = ("--title", "Ukraine's liaison office", "--rank", "9", "--partner", "ukraine")
    own = ("--appointed-by", LIAISON)  # who speaks for Ukraine is for Ukraine to say
    opened.append(("office", "open", LIAISON, *liaison, *own))
    enrolled = [
        ("person", "enrol", person, "--public", f"{player.key(person)}.pub") for person in PEOPLE
    ]
    appointed = [("office", "appoint", each, each) for each in PEOPLE if each != OWNER]
    for acts in (opened, enrolled, appointed):
        _all(player.each(acts, by="registrar"))
    did(player.run("office", "appoint", OWNER, OWNER, by=SECRETARY))


def _opening(
    name: str, title: str, rank: int, filled_by: str, supplier: str | None
) -> tuple[str, ...]:
    of = () if supplier is None else ("--supplier", supplier)
    says = ("--title", title, "--rank", str(rank), "--appointed-by", filled_by)
    return ("office", "open", name, *says, *of)


def _articles(player: Player) -> Shown:
    facts = ("--fact", f"stock={STOCK}", "--fact", "dependency_suppliers=[]")
    about = ("--title", "ATACMS", "--range-km", "305", "--supplier", "US", *facts)
    did(player.run("article", "add", ARTICLE, *about, *KNOWN, by="registrar"))
    parties = ("--supplier", "US", "--partner", "ukraine", "--article", ARTICLE)
    called = ("--title", "Aid packages to Ukraine")
    did(player.run("agreement", "add", AGREEMENT, *called, *parties, *KNOWN, by="registrar"))
    of = ("--agreement", AGREEMENT, "--article", ARTICLE)
    handed = _all(player.each([_tranche(name, of) for name in TRANCHES], by="registrar"))
    articles = {each["article"]: each for each in did(player.run("article", "list")).value}
    agreements = {each["agreement"]: each for each in did(player.run("agreement", "list")).value}
    (account,) = did(player.run("stock", "show", "--agreement", AGREEMENT)).value
    reach = articles[ARTICLE]["facts"]["range_km"]
    partner = agreements[AGREEMENT]["partner"]
    tranches = [each["said"]["tranche"] for each in handed]
    return Shown(
        "F1",
        reach > 300 and account["delivered"] > 0 and partner == "ukraine",  # noqa: PLR2004  # F1
        f"{articles[ARTICLE]['title']} reach {reach} km; {account['delivered']} were delivered in "
        f"{len(tranches)} tranches under {AGREEMENT}, and are held by {partner}.",
        assumed="the numbers and the serial numbers",
    )


def _tranche(name: str, of: tuple[str, ...]) -> tuple[str, ...]:
    serials = (word for serial in TRANCHES[name] for word in ("--serial", serial))
    return ("stock", "deliver", *of, "--tranche", name, *serials)


def _all(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(map(did, answers))
