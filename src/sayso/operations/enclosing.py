"""What goes beside the record with an act: the words of its prose, and the papers handed over.

An act is drawn up with its prose sealed, under salts that are drawn here, so that what a person
signs holds no word of it. Whoever brings it hands over the enclosures as well, all of them.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sayso.casework import known, sealing, statement
from sayso.casework.events import Act, Erasure, kind_of
from sayso.casework.refusal import Refusal
from sayso.casework.sealing import Named
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.errors import MalformedEnclosure
from sayso.queries.disclosure import as_whom, view
from sayso.record import enclosure
from sayso.record.entry import Entry
from sayso.store.contract import Store
from sayso.store.enclosure import MOST_TOGETHER, Beside


@dataclass(frozen=True, slots=True)
class Drawn:
    """An act drawn up: its kind, the bytes to be signed, and the enclosures that go with them."""

    kind: str
    payload: bytes
    enclosures: tuple[bytes, ...]


def drawn(store: Store, state: State, said: Statement, act: Act) -> Drawn:
    """Return the statement `said` with the prose of `act` sealed, and its words.

    Words that the act repeats by its nature keep the names they have.
    """
    before = _repeated(store, state, said, act)
    made: dict[str, bytes] = {}

    def seal(text: str) -> str:
        disclosed = before.get(text) or enclosure.seal(text, salt=_salt())
        name = enclosure.name(disclosed)
        made[name] = disclosed
        return name

    sealed = sealing.changed(act, seal)
    payload = statement.write(said if sealed is act else replace(said, said=sealed))
    return Drawn(kind_of(act), payload, tuple(made.values()))


def _repeated(store: Store, state: State, said: Statement, act: Act) -> dict[str, bytes]:
    """Return the disclosures of what `act` may repeat, by their names and by their words.

    It is drawn up before anybody has signed: so nothing is repeated that who is named may not know.
    """
    names = sealing.quotable(state, act)
    if not names:  # as nearly always: what somebody may know takes a look at every case
        return {}
    names &= sealing.quotable(_known(state, said), act)
    kept = store.enclosed([enclosure.digest_of(each) for each in names]).values()
    by_name = {enclosure.name(each): each for each in kept}
    return by_name | {enclosure.opened(each): each for each in kept}


def _known(state: State, said: Statement) -> State:
    """Return what the person who speaks may read."""
    return view(state, as_whom(state, str(said.by), said.at))


def _salt() -> bytes:
    return secrets.token_bytes(enclosure.SALT_BYTES)


def refusal(state: State, act: Entry, enclosures: Iterable[bytes]) -> Refusal | None:
    """Return why the enclosures are not those of `act`: one for each text, and none besides."""
    given = {enclosure.digest(each): each for each in enclosures}
    named = sealing.all_named(statement.read(act).said)
    if not (given or named.texts or named.papers):  # as of most acts
        return None
    return _unfit(state, act, given, named)


def _unfit(state: State, act: Entry, given: Mapping[bytes, bytes], named: Named) -> Refusal | None:
    wanted = {enclosure.digest_of(name) for name in named.texts}
    if not wanted <= given.keys():
        return Refusal(
            "not-handed-over",
            "it names a sealed text whose words were not handed over with it",
            "keep the file of the words beside the statement",
        )
    if not given.keys() <= wanted | named.papers:
        return Refusal("not-named", "something was handed over with it that it does not name")
    missing = named.papers - given.keys()
    if missing and not missing <= _at_hand(state, act):
        return Refusal(
            "no-paper",
            "it names a paper that was not handed over with it",
            "give the file with it: `--attach`",
        )
    unreadable = next((each for each in wanted if not _readable(given[each])), None)
    if unreadable is not None:
        return Refusal("no-words", f"{enclosure.written(unreadable)} is the name of no words")
    if sum(map(len, given.values())) > MOST_TOGETHER:
        return Refusal("too-much", f"an act has at most {MOST_TOGETHER >> 20} MiB beside it")
    found = (_too_big(each, text=digest in wanted) for digest, each in given.items())
    return next((each for each in found if each is not None), None)


def _at_hand(state: State, act: Entry) -> frozenset[bytes]:
    """Return the papers that need not be handed over again: of those that who acts knows."""
    said = statement.read(act)
    seen = known.seen(state, str(said.by), act.recorded_at)
    return sealing.papers_at_hand(seen, said.said)


def _too_big(enclosed: bytes, *, text: bool) -> Refusal | None:
    most = enclosure.MOST_TEXT_BYTES if text else enclosure.MOST_BYTES
    if len(enclosed) <= most:
        return None
    what = "sealed text" if text else "paper"
    return Refusal("too-big", f"a {what} has at most {most} bytes", "hand in several")


def _readable(disclosed: bytes) -> bool:
    try:
        return bool(enclosure.opened(disclosed).strip())
    except MalformedEnclosure:
        return False


def beside(act: Entry, enclosures: Iterable[bytes]) -> Beside:
    """Return what changes beside the record with `act`."""
    said = statement.read(act).said
    erased = said.digests if isinstance(said, Erasure) else ()
    return Beside(tuple(enclosures), frozenset(bytes.fromhex(each) for each in erased))
