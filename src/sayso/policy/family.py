"""A family of requests: everything that is decided alike, for the same reason.

A counterexample is one odd request. What made it one is found by taking away, fact by fact, what
does not matter, and by widening what does as far as it will go; what is left is the hole itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sayso import wire
from sayso.dates import Instant, Period
from sayso.policy import words as english
from sayso.policy.abstract import Abstraction, Holding, Split
from sayso.policy.classes import Class
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.facts import written
from sayso.policy.judge import Answer
from sayso.policy.question import World
from sayso.policy.region import widest
from sayso.policy.rules import places
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.types import Bool, Int, Type

_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Family:
    """Requests alike: a `member` at a moment, and what it takes to belong.

    That is said as a value, in words, and as literals of the world that was asked.
    """

    member: Mapping[str, Given]
    at: Instant
    limits: Mapping[str, wire.Value]
    words: str
    literals: tuple[int, ...] = ()

    def value(self, schema: Schema = BUILT_IN) -> dict[str, wire.Value]:
        """Return the family as it is printed."""
        found: dict[str, wire.Value] = {
            "facts": dict(self.limits),
            "member": written(self.member, schema),
            "at": str(self.at),
            "words": self.words,
        }
        return found


def as_example(family: Family, expect: str, schema: Schema = BUILT_IN) -> str:
    """Return a family's member as an example that can be pasted into a policy."""
    facts = wire.dump(written(family.member, schema)).decode()
    return f"  - facts: {facts}\n    at: {family.at}\n    expect: {{{expect}}}\n"


def family(world: World, answer: Answer, asked: int) -> Family:
    """Return the family of an answer to `asked`, a literal."""
    facts = world.facts
    splits = tuple(facts.splits.values())
    region = widest(world.boxes, asked, answer.model, sides=facts.sides(), wide=len(splits))
    kept = world.boxes.limits(region, answer.model)
    limits: dict[str, wire.Value] = {}
    said: list[str] = []
    literals = [each for each in kept if world.boxes.slabs[each][0] >= len(splits)]
    for split, open_ in zip(splits, region, strict=False):
        wide = places(open_)
        if len(wide) < len(split.classes):
            classes = [split.classes[place] for place in wide]
            literals.append(world.gates.any_of(split.literals[place] for place in wide))
            limits[split.fact.path] = _value(classes, split)
            said.append(_words(classes, split))
    for holding in facts.lists.values():
        _limit_list(holding, kept, limits, said)
    said.extend(dict.fromkeys(_loose(facts, kept)))
    _limit_time(world, kept, limits, said)
    words = ", and ".join(said) or "nothing more is asked"
    member = answer.member if facts.loose else facts.facts(frozenset(kept))
    return Family(member, answer.at, limits, words, tuple(literals))


def _limit_time(
    world: World, kept: list[int], limits: dict[str, wire.Value], said: list[str]
) -> None:
    """Say from when to when, if it matters; that has not been widened, and so is one stretch."""
    for place, literal in enumerate(world.literals):
        if literal in kept and len(world.literals) > 1:
            first, *after = world.moments[place : place + 2]
            limits["at"] = str(Period(first, *after))
            until = "".join(f" until {each}" for each in after)
            said.append(f"the moment lies from {first}{until}")


def _limit_list(
    holding: Holding, kept: list[int], limits: dict[str, wire.Value], said: list[str]
) -> None:
    pairs = list(zip(holding.items, holding.literals, strict=True))
    includes = [str(item) for item, literal in pairs if literal in kept]
    excludes = [str(item) for item, literal in pairs if -literal in kept]
    found: dict[str, wire.Value] = {}
    noun = english.called(holding.fact.path)
    if includes:
        found["includes"] = list(includes)
        said.append(f"{noun} include {' and '.join(includes)}")
    if excludes:
        found["excludes"] = list(excludes)
        said.append(f"{noun} do not include {' or '.join(excludes)}")
    if holding.known in kept and not includes:
        found["known"] = True
        said.append(f"{noun} are known")
    if -holding.known in kept:
        found["known"] = False
        said.append(f"{noun} are not known")
    if found:
        limits[holding.fact.path] = found


def _loose(facts: Abstraction, kept: list[int]) -> Iterable[str]:
    for term, (true, false) in facts.loose.items():
        if true in kept:
            yield english.words(term)
        elif false in kept:
            yield english.words(term, negated=True)
        elif {-true, -false} & set(kept):
            yield f"it is not known whether {english.words(term)}"


# --- one fact ----------------------------------------------------------------------------------


def _value(found: list[Class], split: Split) -> dict[str, wire.Value]:
    limits: dict[str, wire.Value] = {}
    values = [value for each in found for value in each.values]
    spans = _merged(span for each in found for span in each.intervals)
    if spans:
        of = split.fact.type
        limits["between"] = [[_shown(low, of), _shown(high, of)] for low, high in spans]
    named = sorted({v for v in values if isinstance(v, bool | str)}, key=str)
    if named and any(each.others for each in found):
        limits["none_of"] = _left_out(found, split)
    elif named:
        limits["one_of"] = list(named)
    if None in values:
        limits["unknown"] = True
    if LACKING in values:
        limits["lacking"] = True
    return limits


def _left_out(found: list[Class], split: Split) -> list[wire.Value]:
    kept = [value for each in found for value in each.values]
    every = [value for each in split.classes for value in each.values]
    return [value for value in every if isinstance(value, str) and value not in kept]


def _words(found: list[Class], split: Split) -> str:
    noun = english.noun(split.fact)
    limits = _value(found, split)
    of = split.fact.type
    said: list[str] = []
    spans = _merged(span for each in found for span in each.intervals)
    if spans:
        said.append(f"{noun} is " + " or ".join(_span(span, of) for span in spans))
    if "one_of" in limits or "none_of" in limits:
        said.append(_named(noun, limits, of))
    if "unknown" in limits:
        said.append(f"{noun} is not known" if not said else "is not known")
    if "lacking" in limits:
        said.append(f"{noun} is lacking" if not said else "is lacking")
    return " or ".join(said)


def _named(noun: str, limits: Mapping[str, wire.Value], of: Type) -> str:
    for key, one, many in (("one_of", "is", "is one of"), ("none_of", "is not", "is none of")):
        names = limits.get(key)
        if not isinstance(names, list):
            continue
        if isinstance(of, Bool) and len(names) == 1:
            return noun if names[0] else f"not {noun}"
        if not names:
            return f"{noun} is anything"
        shown = ", ".join(str(name) or "“”" for name in names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        return f"{noun} {one if len(names) == 1 else many} {shown}{more}"
    return noun


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and found[-1][1] + 1 == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _shown(number: int, of: Type) -> wire.Value:
    return number if isinstance(of, Int) else english.constant(number, of)


def _span(span: tuple[int, int], of: Type) -> str:
    low, high = span
    first, last = getattr(of, "low", low), getattr(of, "high", high)
    shown: Callable[[int], str] = lambda number: english.constant(number, of)  # noqa: E731  # short
    if low == high:
        return shown(low)
    if low == first and high == last:
        return "known"
    if low == first:
        return f"at most {shown(high)}"
    return f"at least {shown(low)}" if high == last else f"from {shown(low)} to {shown(high)}"
