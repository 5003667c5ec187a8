"""Do the things add up? Delivered, authorised, used, lost and held, side by side, by serial number.

Each side's word stands as it was said; what differs is named, and left for people to look into.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sayso.casework import holdings, obligations, uncovered
from sayso.casework.case import Case, Granted, Suspended
from sayso.casework.events import Delivery, EndUseCheck, Inventory, Loss, UseReport
from sayso.casework.state import State
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Account:
    """An article under an agreement: how many of it were delivered, and what became of them.

    `held` is what the partner counted last; None: it never did. `differs` says in words what does
    not add up.
    """

    agreement: str
    article: str
    delivered: int
    authorised: int
    used: int
    lost: int
    held: int | None
    unsound: int
    differs: tuple[str, ...]

    @property
    def expected(self) -> int:
        """Return how many should be held."""
        return self.delivered - self.used - self.lost

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "agreement": self.agreement,
            "article": self.article,
            "delivered": self.delivered,
            "authorised": self.authorised,
            "used": self.used,
            "lost": self.lost,
            "expected": self.expected,
            **({} if self.held is None else {"held": self.held}),
            "unsound_checks": self.unsound,
            "differs": list(self.differs),
        }


def accounts(state: State, agreement: str) -> tuple[Account, ...]:
    """Return an account of each article under the agreement; `state` is what the reader knows."""
    found = state.agreement(agreement)
    return tuple(_account(state, agreement, article) for article in found.articles)


def _account(state: State, agreement: str, article: str) -> Account:
    said = [on.said for on in state.holdings.get((agreement, article), ())]
    cases = [each for each in state.cases.values() if _of(each, agreement, article)]
    reports = [on.said for each in cases for on in each.dossier.since(UseReport)]
    counts = [each for each in said if isinstance(each, Inventory)]
    live = [each for each in cases if isinstance(each, Granted | Suspended)]
    account = Account(
        agreement=agreement,
        article=article,
        delivered=sum(each.count for each in said if isinstance(each, Delivery)),
        authorised=sum(
            obligations.left(each.dossier) for each in live if obligations.grant(each.dossier)
        ),
        used=sum(each.uses for each in reports),
        lost=sum(each.count for each in said if isinstance(each, Loss)),
        held=counts[-1].count if counts else None,
        unsound=sum(isinstance(each, EndUseCheck) and not each.sound for each in said),
        differs=(),
    )
    gone = Counter(serial for report in reports for serial in report.serials)
    lost = {serial for each in said if isinstance(each, Loss) for serial in each.serials}
    held = frozenset(counts[-1].serials) if counts else frozenset()
    marks = _Marks(
        holdings.delivered(state, agreement, article),
        frozenset(gone),
        frozenset(lost),
        held,
        frozenset(serial for serial, times in gone.items() if times > 1),
    )
    beyond = (words for each in cases for words in _uncovered(each))
    return replace(account, differs=(*_differs(account, marks), *beyond))


def _uncovered(found: Case) -> Iterator[str]:
    """Yield in words which uses were told of that nothing covered."""
    for report, why in uncovered.uses(found.dossier):
        number = "1 use" if report.uses == 1 else f"{report.uses} uses"
        yield f"not covered: {number} under {found.dossier.id} at {report.used_at}, {why}"


@dataclass(frozen=True, slots=True)
class _Marks:
    """Serial numbers: delivered, told used, told lost, counted last, and told used `again`."""

    delivered: frozenset[str]
    used: frozenset[str]
    lost: frozenset[str]
    held: frozenset[str]
    again: frozenset[str]

    def differs(self) -> Iterator[str]:
        """Yield in words which serial numbers do not add up."""
        unknown = (self.used | self.held) - self.delivered if self.delivered else ()
        missing = self.delivered - self.held - self.used - self.lost if self.held else ()
        yield from (f"{each} was never delivered" for each in sorted(unknown))
        yield from (f"{each} is told used more than once" for each in sorted(self.again))
        yield from (f"{each} is told both used and lost" for each in sorted(self.used & self.lost))
        for each in sorted((self.used | self.lost) & self.held):
            yield f"{each} is counted as held, and told used or lost"
        for each in sorted(missing):
            yield f"{each} is neither held nor told used or lost"


def _of(found: Case, agreement: str, article: str) -> bool:
    """Return whether a case draws on the article; of several suppliers' consents one counts."""
    asked = found.dossier.asked
    return (asked.agreement, asked.article) == (agreement, article) and (
        found.dossier.supplier is None
    )


def _differs(account: Account, marks: _Marks) -> Iterator[str]:
    if account.held is not None and account.held != account.expected:
        yield f"{account.held} are held, and {account.expected} should be"
    if account.authorised > account.expected:
        yield f"{account.authorised} uses are authorised, and {account.expected} are left"
    yield from marks.differs()
