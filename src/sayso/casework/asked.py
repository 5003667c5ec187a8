"""What one case asks: one item of a request, with what the request says of all its items."""

from dataclasses import dataclass

from sayso.casework.events import Request
from sayso.dates import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """A use: whose, of what, where, for what, when, and how often; `within_m` is in metres."""

    partner: str
    agreement: str
    article: str
    place: str
    purpose: str
    window: Period
    uses: int = 1
    within_m: int | None = None
    end_user: str | None = None

    @classmethod
    def of(cls, request: Request, number: int) -> "Asked":
        """Return what the item of that number, counted from 0, asks."""
        item = request.items[number]
        return cls(
            partner=request.partner,
            agreement=request.agreement,
            article=item.article,
            place=item.place,
            purpose=request.purpose,
            window=request.window,
            uses=item.uses,
            within_m=item.within_m,
            end_user=item.end_user,
        )
