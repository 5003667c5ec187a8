"""What an answer comes to: the few lines of it that a person would look for first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MOST = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered: its exit status, and the JSON it printed."""

    status: int
    value: Any

    @property
    def done(self) -> bool:
        """Return whether it was done, or held."""
        return self.status == 0

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  # JSON, read at the rim
        return self.value[key]


def lines(answer: Answer) -> tuple[str, ...]:
    """Return the gist of an answer, in lines."""
    value = answer.value
    if isinstance(value, list):
        return tuple(_listed(value))
    if not isinstance(value, dict):
        return (f"status {answer.status}",)
    for key, told in _BY_KEY.items():
        if key in value:
            return tuple(told(value))
    return ("done",)


def _listed(value: list[Any]) -> Iterator[str]:
    """Yield one line for each of a few, else how many there are."""
    told = [_item(each) for each in value] if len(value) <= _MOST else []
    if not told or not all(told):
        yield f"{len(value)} lines" if value else "nothing to show"
        return
    yield from told


def _item(value: Mapping[str, Any]) -> str:
    for key, told in _ITEMS.items():
        if key in value:
            return told(value)
    return ""


def _fact(value: Mapping[str, Any]) -> str:
    by = f", as {value['by']} says: {value['said']} ({value['source']})" if value["by"] else ""
    return f"{value['fact']} counts as {value['counts']}{by}"


def _wanted(value: Mapping[str, Any]) -> str:
    able = ", ".join(each["person"] for each in value["able"]) or "nobody"
    return f"to {value['power']} for {value['office']}: {able}"


def _account(value: Mapping[str, Any]) -> str:
    held = "" if "held" not in value else f", {value['held']} counted"
    return (
        f"{value['article']}: {value['delivered']} delivered, {value['used']} used, "
        f"{value['lost']} lost, {value['expected']} should be held{held}"
    )


def _case(value: Mapping[str, Any]) -> str:
    waits = ", ".join(value["waits_for"])
    return f"{value['case']} is {value['stage']}" + (f", waits for {waits}" if waits else "")


_ITEMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "counts": _fact,
    "able": _wanted,
    "delivered": _account,
    "adopted_at": lambda each: (
        f"{each['policy']}, in force {each['in_force']}, recorded {each['adopted_at']}"
        f"{', binds' if each['binding'] else ''}"
    ),
    "waits_for": _case,
    "standing": lambda each: f"{each['case']}/{each['number']} {each['text']}: {each['standing']}",
    "facts": lambda each: f"{each['article']}: {each['title']}, {each['facts']['range_km']} km",
    "articles": lambda each: (
        f"{each['agreement']}, of {each['supplier']} with {each['partner']}: {each['title']}"
    ),
    "text": lambda each: f"{each['at']}, to {each['to']}: “{each['text']}”",
}


def _refused(value: Mapping[str, Any]) -> Iterator[str]:
    yield f"refused: {value['why']}"


def _covered(value: Mapping[str, Any]) -> Iterator[str]:
    for each in (value, *value.get("others", ())):
        whose = f"consent of {each['supplier']}: " if "supplier" in each else ""
        covered = "not covered" if each["by"] == "nothing" else f"covered by {each['by']}"
        verdict = each.get("verdict")
        if verdict is None:  # of another's consent, the outcome
            yield f"{whose}{covered}"
            continue
        unknown = f"; not known: {', '.join(verdict['missing'])}" if verdict["missing"] else ""
        said = (*verdict["because"], *(f"{may} may apply" for may in verdict["possible"]))
        because = ", ".join(said) or "no clause permits it"
        yield f"{whose}{covered}: {verdict['outcome']} ({because}{unknown})"


def _proven(value: Mapping[str, Any]) -> Iterator[str]:
    for each in value["properties"]:
        yield f"{each['id']}: {each['words']}"


def _impact(value: Mapping[str, Any]) -> Iterator[str]:
    if not value["impact"]:
        yield "it would change no case's standing"
    for each in value["impact"]:
        yield f"{each['case']} would be judged {each['outcome']}: {each['move']}"


def _brief(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield a page before a decision: the ways to decide with who is for and against, the rest."""
    yield f"{value['case']} is {value['stage']}: {value['verdict']}, {value['decider']} decides"
    for each in value["facts"]:
        if each["fact"].partition(".")[0] not in _JUDGED:
            mark = "  ← differs" if each["differs"] else ""
            yield f"fact    {each['fact']} = {each['value']}, by {each['source']}{mark}"
    for each in value["options"] if value["waits_for"] else ():
        yield f"option  {_way(each)}"
    stock = value["stock"]
    yield "stock   " + ", ".join(f"{count} {name}" for name, count in stock.items())


_JUDGED = {"article", "place", "partner", "end_user", "agreement", "use", "circumstances"}


def _way(value: Mapping[str, Any]) -> str:
    told = [f"{value['name']}: {value['text']}"]
    told += [f"on condition: {each}" for each in value["conditions"]]
    for key, words in (("advised_by", "for it"), ("against", "against")):
        told += [f"{words} {', '.join(value[key])}"] if value[key] else []
    mark = " ▸ consolidated" if value["consolidated"] else ""
    return "; ".join(told) + mark


def _effect(value: Mapping[str, Any]) -> Iterator[str]:
    for name in ("before", "after"):
        each = value[name]
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in each["outcomes"].items())
        took = each["time_to_first_outcome"]
        hours = f"; median {took['median_s'] / 3600:.1f} h" if "median_s" in took else ""
        unused = f"; unused: {', '.join(each['unused'])}" if each["unused"] else ""
        yield f"{name}: {each['filed']} filed ({outcomes}){hours}{unused}"


def _cosigned(value: Mapping[str, Any]) -> Iterator[str]:
    yield f"cosigned by {', '.join(value['cosigned']['by'])}"


def _stands(value: Mapping[str, Any]) -> Iterator[str]:
    for each in value.get("cases", [value]):
        yield _case(each)
    if "decision" in value:
        yield f"decided: {value['decision']['outcome']}"


def _recorded(value: Mapping[str, Any]) -> Iterator[str]:
    yield f"recorded as entry {value['entry']}"


_BY_KEY: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "refused": _refused,
    "error": lambda value: iter((f"error: {value['error']}",)),
    "covered": _covered,
    "properties": _proven,
    "impact": _impact,
    "cosigned": _cosigned,
    "options": _brief,
    "before": _effect,
    "stage": _stands,
    "entry": _recorded,
}
