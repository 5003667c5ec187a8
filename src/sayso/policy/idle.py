"""Clauses that are never true, and clauses that never make a difference.

A clause makes a difference for a request if it counts, no other of its standing does, and no
stricter one. For most clauses such a request is found by going from fact to fact, each time to the
class that the fewest other clauses hold; the others are put to the solver, one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sayso.policy.boxes import Box, Boxes, Reading
from sayso.policy.policy import Level
from sayso.policy.question import Question, Ruled
from sayso.policy.routes import Route
from sayso.policy.rules import places

_Standing = tuple[Level, Route]


def idle(question: Question, *, seconds: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the clauses that are never true, and those that never make a difference."""
    gates = question.world.gates
    matter = _mattering(question)
    left = [ruled for ruled in question.ruled if ruled.rule.name not in matter]
    alone = _alone(question) if left else {}
    never: list[str] = []
    found: list[str] = []
    for ruled in left:
        matters = gates.ask(ruled.counts, *alone[_standing(ruled)], seconds=seconds)
        if matters and ruled.true in gates.model():
            continue
        if gates.ask(ruled.true, seconds=seconds) is False:
            never.append(ruled.rule.name)
        elif matters is False:
            found.append(ruled.rule.name)
    return tuple(never), tuple(found)


def _standing(ruled: Ruled) -> _Standing:
    """Return what clauses have in common that make no difference to each other's effect."""
    clause = ruled.rule.clause
    return clause.level, ruled.rule.route if clause.level is Level.REFER else ()


def _by_standing(question: Question) -> Mapping[_Standing, list[Ruled]]:
    found: dict[_Standing, list[Ruled]] = {}
    for ruled in question.ruled:
        found.setdefault(_standing(ruled), []).append(ruled)
    return found


def _alone(question: Question) -> Mapping[_Standing, tuple[int, ...]]:
    """Return, for each standing, what to assume so that no other clause covers one that counts.

    That is that no stricter clause counts, and of those of the standing no more than one.
    """
    gates = question.world.gates
    return {
        mine: (
            gates.at_most_one(each.counts for each in those),
            *(-question.counted[level] for level in Level if level > mine[0]),
        )
        for mine, those in _by_standing(question).items()
    }


# --- without a solver --------------------------------------------------------------------------


def _mattering(question: Question) -> frozenset[str]:
    """Return the names of clauses for which a request is found that they make a difference to."""
    if question.world.facts.loose:
        return frozenset()
    groups = [_Group(question, mine, those) for mine, those in _by_standing(question).items()]
    search = _Search(question)
    return frozenset(
        ruled.rule.name
        for group in groups
        for ruled in group.those
        if any(group.one_counts(holding) for holding in search.towards(ruled))
    )


class _Group:
    """The clauses of a standing, and the readings of whether stricter ones count."""

    def __init__(self, question: Question, mine: _Standing, those: Sequence[Ruled]) -> None:
        boxes = question.world.boxes
        self.those = those
        self.counting = boxes.any_of([each.counts for each in those])
        self.reading = Reading(boxes, question.counted[mine[0]])
        found = Counter(
            boxes.number(box) for each in those if (box := boxes.box(each.counts)) is not None
        )
        self.twice = sum(1 << number for number, times in found.items() if times > 1)
        self.stricter = [
            Reading(boxes, question.counted[level]) for level in Level if level > mine[0]
        ]

    def one_counts(self, holding: int) -> bool:
        """Return whether one clause of the standing counts at a point, and no stricter one.

        Of one of them it is known that it counts.
        """
        plain = holding & self.counting.inside
        if plain & self.twice or plain.bit_count() > 1:
            return False
        if any(each.holds(holding) for each in self.stricter):
            return False
        heard = self.counting.heard(holding)
        return plain.bit_count() + sum(self.reading.gate(each, holding) for each in heard) <= 1


class _Search:
    """The clauses as boxes of requests of which every fact is known."""

    def __init__(self, question: Question) -> None:
        boxes = question.world.boxes
        self.true: dict[int, Box] = {}
        self.rivals = dict.fromkeys(Level, 0)
        for ruled in question.ruled:
            boxes.learn(ruled.true)
            box = boxes.box(ruled.true)
            if box is not None:
                self.true[ruled.true] = box
                for level in range(ruled.rule.clause.level + 1):
                    self.rivals[Level(level)] |= 1 << boxes.number(box)
        there = question.world.facts.there()
        known = [box for each in there if (box := self.known(boxes, each)) is not None]
        boxes.draw()
        self.open = [places(axis.whole) for axis in boxes.axes]
        for box in known:
            for axis, within in box.items():
                self.open[axis] = places(within)
        self.columns = [axis.columns() for axis in boxes.axes]
        plain = range(len(self.open))
        widest = sorted(plain, key=lambda axis: -len(self.open[axis]))
        self.ways = (widest, plain[::-1], widest[::-1], plain)

    @staticmethod
    def known(boxes: Boxes, there: int) -> Box | None:
        """Return where a fact is known."""
        boxes.learn(there)
        return boxes.box(there)

    def towards(self, ruled: Ruled) -> Iterator[int]:
        """Yield the boxes that hold a point at which a clause is true, and few others are.

        There is one for each order in which the facts may be gone through.
        """
        box = self.true.get(ruled.true)
        if box is None:
            return
        rivals = self.rivals[ruled.rule.clause.level]
        open_ = [
            [place for place in given if box[axis] >> place & 1] if axis in box else given
            for axis, given in enumerate(self.open)
        ]
        if all(open_):
            yield from (self.point(open_, rivals, way) for way in self.ways)

    def point(self, open_: Sequence[Sequence[int]], rivals: int, way: Iterable[int]) -> int:
        """Return the boxes that hold a point among those open, with as few rivals as it goes."""
        holding = -1
        for axis in way:
            column = self.columns[axis]
            left = [(rivals & column[place]).bit_count() for place in open_[axis]]
            best = column[open_[axis][left.index(min(left))]]
            holding &= best
            rivals &= best
        return holding
