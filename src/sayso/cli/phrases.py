"""The small parts of what is said on a screen: lists, spans, quotations, tables."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sayso.dates import Period


def quoted(text: str) -> list[str]:
    """Return the lines of what somebody wrote, each marked as theirs."""
    return [f"│ {line}" for line in text.splitlines()] if text.strip() else []


def inline(text: str) -> str:
    """Return what somebody wrote, in one line: ends of lines are written out."""
    return text.replace("\n", "\\n")


def counted(uses: int | None) -> str:
    """Return how many uses."""
    return "one use" if uses == 1 else f"{uses} uses"


def span(window: Period) -> str:
    """Return a stretch of time in words."""
    until = "" if window.end is None else f" until {window.end}"
    return f"from {window.start}{until}"


_HOUR, _MINUTE = 3600, 60


def left(time: timedelta) -> str:
    """Return how much time is left, in hours and minutes."""
    seconds = int(time.total_seconds())
    return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"


def listed(names: Iterable[str]) -> str:
    """Return names with commas between."""
    return ", ".join(names)


WIDEST = 60


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    """Return rows under their heads, in columns; a cell too wide is cut, and says so."""
    if not rows:
        return f"No {heads[0].lower()} to show."
    shown = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in (heads, *shown)) for place in range(len(heads))]
    lines = (heads, tuple("─" * width for width in widths), *shown)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(text: str) -> str:
    plain = inline(text)
    return plain if len(plain) <= WIDEST else plain[: WIDEST - 1] + "…"
