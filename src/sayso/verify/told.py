"""What verifying found, for a person and for a program; the same from every command."""

from sayso.casework.events import Clock
from sayso.queries.report import Cosigned, Report
from sayso.record.trust import LogKey
from sayso.wire import Value, encode


def value(report: Report) -> dict[str, Value | None]:
    """Return what was found, for a program; `problem` is null if the record holds.

    `signed` names the log's keys, each of which has signed what holds.
    """
    found: dict[str, Value | None] = {
        "ok": report.ok,
        "entries": report.entries,
        "problem": report.problem,
        "signed": [_key(key) for key in report.signed],
    }
    if report.cosigned is not None:
        found["cosigned"] = cosigned(report.cosigned)
    if report.enclosed is not None:
        found["enclosed"] = encode(report.enclosed)
    if report.sent is not None:
        found["sent"] = encode(report.sent)
    return found


def cosigned(seen: Cosigned) -> dict[str, Value]:
    """Return who cosigned, for a program."""
    return {"entries": seen.size, "by": list(seen.by), "of": seen.of}


def words(report: Report) -> str:
    """Return what was found, in words."""
    if not report.ok:
        return f"The record does not hold after {report.entries} entries: {report.problem}"
    state = report.state
    if state is None or state.at is None:
        return "The record holds, and has no entry."
    clock = (
        "\nIt is a rehearsal: its times are those it was told."
        if state.clock is Clock.REHEARSAL
        else ""
    )
    along = f"{_beside(report)}{_sent(report)}"
    return (
        f"The record {state.origin} holds: {report.entries} entries verified, the last of "
        f"{state.at}.{clock}{along}\nThe log has signed them with its {_keys(report)}.\n"
        f"{_end(report)}"
    )


def _keys(report: Report) -> str:
    named = [_key(key) for key in report.signed]
    return f"key {named[0]}" if len(named) == 1 else f"keys {' and '.join(named)}"


def _key(key: LogKey) -> str:
    """Return what a key signs with, and the id that stands in its lines."""
    return f"{key.algorithm} {key.id.hex()}"


def _beside(report: Report) -> str:
    beside = report.enclosed
    return "" if beside is None or not beside.named else f"\nIt names {beside}."


def _sent(report: Report) -> str:
    sent = report.sent
    proven = ""
    if sent is not None and sent.proofs:
        proven = f"\nProofs sent along, all of which hold: {sent.proofs}."
    if sent is None or not sent.others:
        return proven
    return f"{proven}\nThe trust.json sent along names others to cosign; what you gave counts."


def _end(report: Report) -> str:
    seen = report.cosigned
    if seen is None:
        return (
            "That none was cut off at its end shows only against a checkpoint "
            "somebody else kept: --witnessed."
        )
    late = report.entries - seen.size
    return f"It is {seen}{f'; the {late} after them wait for cosignatures' if late else ''}."
