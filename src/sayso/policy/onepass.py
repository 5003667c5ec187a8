"""One pass: from the JSON of a request to the clauses that are true, by a function made for it.

`Facts.read` checks every fact, and the index then looks it up: two walks, and several small calls
for each fact. Here a schema and an index are made into one function that checks and looks up each
fact as it meets it. Whatever it finds odd it leaves: it returns none, and the caller reads the
request again with all care, which succeeds or says what is wrong.

What it returns are the clauses that are true and those that are not false, as bits, and one object
where they are the same. It is written as text, line by line, of which nothing comes from a policy
or a schema: those take part as values of names, such as `name0`. For a group of two facts, a whole
number and a truth that is optional and of which no clause asks, this is the text:

    def read(value):
        sure, groups = True, 0
        try:
            if value.__class__ is not dict:
                return None
            given = value.get(group0)
            if given is None:
                true0, possible0 = unknown0
                sure = False
            elif given.__class__ is not dict:
                return None
            else:
                groups += 1
                absent = 0
                v = given.get(name0)
                if v is None:
                    absent += 1
                    t0, p0 = absent0
                    sure = False
                elif v.__class__ is int and low0 <= v <= high0:
                    t0 = p0 = masks0[bisect(bounds0, v)]
                else:
                    return None
                v = given.get(name1)
                if v is None:
                    absent += 1
                elif v.__class__ is bool:
                    pass
                else:
                    return None
                if len(given) + absent != size0:
                    return None
                true0 = t0
                possible0 = true0 if sure else p0
            if len(value) != groups:
                return None
            true = possible = true0
            if not sure:
                possible = possible0
            if possible & several:
                true, possible = settled(true, possible, facts(value))
            return true, true if possible == true else possible
        except (KeyError, TypeError, MalformedValue):
            return None

A fact that is there leaves no condition on it unknown: one mask is enough for each of its values,
and `sure` is whether none is unknown that a clause reads. Odd are a value that does not fit, a name
that is not known, and `null`: for with these two, what is found and what is absent do not add up.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import CodeType
from typing import Any, cast

from sayso import wire
from sayso.errors import MalformedValue
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.facts import Facts, read_fact, read_keyed
from sayso.policy.index import MOST, Index, Slot, is_short
from sayso.policy.masks import Look, Masks
from sayso.policy.schema import Schema
from sayso.policy.types import LARGEST, Bool, Enum, Field, Int, Listed, Name, Ranged, Text

Pass = Callable[[Any], Masks | None]
INDENT = "    "


def onepass(index: Index, schema: Schema) -> Pass:
    """Return the function that reads a request of a schema and asks the index of it."""
    text, names = written(index, schema)
    exec(_code(text), names)  # noqa: S102  # our own text
    return cast(Pass, names["read"])


def written(index: Index, schema: Schema) -> tuple[str, dict[str, object]]:
    """Return the text of that function, and what its names stand for."""
    slots = {slot.fact.path: slot for slot in index.slots}
    names: dict[str, object] = {
        "bisect": bisect_right,
        "MalformedValue": MalformedValue,
        "several": index.several,
        "settled": index.settled,
        "facts": lambda value: Facts.read(value, schema).values,
        "whole": index.whole,
    }
    writer = _Writer(names)
    groups = [
        _group(writer, place, group, _fields(group, fields, slots))
        for place, (group, fields) in enumerate(schema.groups.items())
    ]
    _end(writer, [place for place, read in enumerate(groups) if read])
    return "\n".join((*_HEAD, *writer.lines, *_TAIL)), names


@lru_cache(maxsize=256)
def _code(text: str) -> CodeType:
    return compile(text, "<one pass>", "exec")


_HEAD = (
    "def read(value):",
    "    sure, groups = True, 0",
    "    try:",
    "        if value.__class__ is not dict:",
    "            return None",
)
_TAIL = (
    "        if possible & several:",
    "            true, possible = settled(true, possible, facts(value))",
    "        return true, true if possible == true else possible",
    "    except (KeyError, TypeError, MalformedValue):",
    "        return None",
)


class _Writer:
    """The lines written so far, and what their names stand for."""

    def __init__(self, names: dict[str, object]) -> None:
        self.lines: list[str] = []
        self.names = names
        self.fields = 0

    def write(self, depth: int, *lines: str) -> None:
        """Add lines, so deep within the function."""
        self.lines += (INDENT * depth + line for line in lines)


# --- groups ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field as it is read: `slots` are those of its facts of which a clause asks."""

    name: str
    path: str
    field: Field
    slots: tuple[Slot, ...]


def _fields(
    group: str, fields: Mapping[str, Field], slots: Mapping[str, Slot]
) -> tuple[_Asked, ...]:
    found = []
    for name, field in fields.items():
        path = f"{group}.{name}"
        if field.keyed:
            read = tuple(slot for at, slot in slots.items() if at.rpartition(".")[0] == path)
        else:
            read = (slots[path],) if path in slots else ()
        found.append(_Asked(name, path, field, read))
    return tuple(found)


def _group(writer: _Writer, place: int, group: str, fields: tuple[_Asked, ...]) -> bool:
    """Write how a group is read; return whether a clause asks of any of its facts."""
    slots = [slot for field in fields for slot in field.slots]
    unknown = _joined(slot.masks(None) for slot in slots)
    writer.names |= {f"group{place}": group, f"size{place}": len(fields)}
    writer.names[f"unknown{place}"] = unknown
    writer.write(2, f"given = value.get(group{place})", "if given is None:")
    if slots:
        writer.write(3, f"true{place}, possible{place} = unknown{place}")
    writer.write(3, "sure = False" if slots else "pass")
    writer.write(2, "elif given.__class__ is not dict:")
    writer.write(3, "return None")
    writer.write(2, "else:")
    writer.write(3, "groups += 1", "absent = 0")
    read = [str(number) for field in fields if (number := _field(writer, field)) is not None]
    writer.write(3, f"if len(given) + absent != size{place}:")
    writer.write(4, "return None")
    if slots:
        possible = " & ".join(f"p{number}" for number in read)
        writer.write(3, f"true{place} = {' & '.join(f't{number}' for number in read)}")
        writer.write(3, f"possible{place} = true{place} if sure else {possible}")
    return bool(slots)


def _end(writer: _Writer, groups: Iterable[int]) -> None:
    true = " & ".join(f"true{place}" for place in groups) or "whole"
    possible = " & ".join(f"possible{place}" for place in groups) or "whole"
    writer.write(2, "if len(value) != groups:")
    writer.write(3, "return None")
    writer.write(2, f"true = possible = {true}", "if not sure:")
    writer.write(3, f"possible = {possible}")


def _joined(masks: Iterable[Masks]) -> Masks:
    true = possible = -1
    for one, other in masks:
        true &= one
        possible &= other
    return true, possible


# --- fields ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """How a value `v` is looked at: what must hold of it, and what then gives its mask, if any.

    `%` stands for the number of the field, which its `names` carry.
    """

    guard: str
    found: str
    names: Mapping[str, object]


def _field(writer: _Writer, asked: _Asked) -> int | None:
    """Write how a field is read; return its number if a clause asks of it."""
    number = writer.fields
    writer.fields += 1
    step = _keyed(asked) if asked.field.keyed else _step(asked)
    numbered = {f"{name}{number}": value for name, value in step.names.items()}
    writer.names |= {**numbered, f"name{number}": asked.name}
    found = step.found.replace("%", str(number))
    writer.write(3, f"v = given.get(name{number})", "if v is None:")
    writer.write(4, "absent += 1")
    if asked.slots:
        absent = _joined(slot.masks(_absence(asked.field)) for slot in asked.slots)
        writer.names[f"absent{number}"] = absent
        writer.write(4, f"t{number}, p{number} = absent{number}")
        writer.write(4, *(["sure = False"] if absent[0] != absent[1] else []))
    guarded = step.guard.replace("%", str(number))
    writer.write(3, f"elif {guarded}:" if guarded else "else:")
    if asked.slots and asked.field.keyed:
        writer.write(
            4, f"t{number}, p{number} = {found}", f"sure = sure and t{number} == p{number}"
        )
    else:
        writer.write(4, f"t{number} = p{number} = {found}" if asked.slots else found)
    if guarded:
        writer.write(3, "else:")
        writer.write(4, "return None")
    return number if asked.slots else None


def _absence(field: Field) -> Given | None:
    return LACKING if field.optional else None


def _step(asked: _Asked) -> _Step:
    """Return how a field of one fact is looked at, by its type and whether a clause asks of it."""
    slot = asked.slots[0] if asked.slots else None
    of = asked.field.type
    exact = partial(read_fact, wanted=of, path=asked.path)
    guard, key = "", "v"
    names: dict[str, object] = {}
    match of:
        case Bool():
            guard = "v.__class__ is bool"
        case Int(low, high):
            guard = "v.__class__ is int and low% <= v <= high%"
            names = {"low": low, "high": high}
        case Text() | Name():
            guard = "v.__class__ is str and len(v) <= most%"
            names = {"most": LARGEST}
        case Enum(values):
            table = dict.fromkeys(values, 0) if slot is None else _all(slot, values)
            return _Step("v.__class__ is str", "masks%[v]", {"masks": table})
        case Listed(Text() | Name() | Enum()) if slot is not None:
            guard = "v.__class__ is list and len(items := frozenset(v)) == len(v)"
            masks = Seen(slot.masks, lambda items: exact(list(items)))
            return _Step(guard, "masks%[items]", {"masks": masks})
        case _:
            key, names = "read%(v)", {"read": exact}
    if slot is None:
        return _Step(guard, "pass" if guard else key, names)
    return _asking(slot, _Step(guard, key, names))


def _asking(slot: Slot, step: _Step) -> _Step:
    """Return how a fact is looked at of which a clause asks, given how it is read."""
    if slot.bounds is None:
        names = {**step.names, "masks": Seen(slot.masks)}
        return _Step(step.guard, f"masks%[{step.found}]", names)
    low = slot.fact.type.low if isinstance(slot.fact.type, Ranged) else 0
    table = [_all(slot, (first,)).get(first) for first in (low, *slot.bounds)]
    masks = {place: mask for place, mask in enumerate(table) if mask is not None}
    names = {**step.names, "bounds": slot.bounds, "masks": masks}
    return _Step(step.guard, f"masks%[bisect(bounds%, {step.found})]", names)


def _all(slot: Slot, values: Iterable[Given]) -> dict[Given, int]:
    """Return the mask of each value of which no condition is unknown, as none should be."""
    found = ((value, slot.masks(value)) for value in values)
    return {value: true for value, (true, possible) in found if true == possible}


def _keyed(asked: _Asked) -> _Step:
    """Return how a field of one fact for each key is looked at."""
    read = partial(read_keyed, wanted=asked.field.type, path=asked.path)
    if not asked.slots:
        return _Step("", "read%(v)", {"read": read})

    def masks(value: wire.Value) -> Masks:
        found = read(value)
        return _joined(slot.masks(found.get(slot.fact.path)) for slot in asked.slots)

    return _Step("", "masks%(v)", {"masks": masks})


class Seen(dict[Hashable, int]):
    """The masks of the values seen so far; those of a new value are worked out once it is read."""

    def __init__(self, masks: Look, read: Callable[[Any], Given] = lambda value: value) -> None:
        super().__init__()
        self.masks = masks
        self.read = read

    def __missing__(self, value: Any) -> int:  # noqa: ANN401  # a dictionary's own method
        """Return the mask of a value not seen yet; `MalformedValue` if it cannot be read."""
        given = self.read(value)
        found, possible = self.masks(given)
        if found != possible:
            raise KeyError(value)
        if len(self) < MOST and is_short(given):
            self[value] = found
        return found
