"""`sayso record erase`: words and papers go, and the record says that they went."""

import click

from sayso.casework.events import Erasure
from sayso.cli.acting import Signer, act, acting
from sayso.cli.rim import Rim
from sayso.errors import Unknown
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries.enclosed import named
from sayso.record import entry
from sayso.store.contract import Store


@click.command("erase")
@click.option(
    "--entry",
    "entries",
    type=click.IntRange(0),
    multiple=True,
    required=True,
    metavar="N",
    help="Erase what entry N names beside the record; may be given again.",
)
@click.option("--basis", required=True, help="By what law; it stands on the record, unsealed.")
@click.option("--office", help="The office you speak for.")
@acting
def erase(
    rim: Rim, signer: Signer, entries: tuple[int, ...], basis: str, office: str | None
) -> None:
    """Erase the texts and papers of entries for good, as the highest office of the house.

    The entries stay, and hold their digests only: the record verifies as before, and tells what is
    erased from what is withheld. Nothing of a case that is open, or of a grant that may still be
    used, is erased. `sayso store tidy` then overwrites what the store's files still hold of it.
    Copies elsewhere (backups, exports, mails) are for whoever holds them.

    \b
    Example: sayso record erase --entry 17 --basis "Regulation 2016/679, article 17" --key secretary
    """
    with rim.opened() as store:
        going = {each: _named(store, each) for each in entries}

    def word(moment: Moment) -> Erasure:
        digests = {each.hex() for digests in going.values() for each in digests}
        left = tuple(sorted(each for each in digests if each not in moment.state.erased))
        if not left:
            raise Unknown("these entries name nothing that is still there to erase")
        return Erasure(drafts.speaks(moment, office), left, basis)

    act(rim, signer, word)


def _named(store: Store, index: int) -> frozenset[bytes]:
    if index >= store.size():
        raise Unknown(f"there is no entry {index}", hint=f"the record has {store.size()}")
    (raw,) = store.entries(index, index + 1)
    return frozenset(named(entry.read(raw)))
