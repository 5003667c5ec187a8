"""The region around an answer: the widest one throughout which a literal holds.

Whatever region it turns out to be, its places on an axis are places to which the answer itself can
be moved: that bounds it from outside. Most boxes lie wholly beyond those bounds, or hold all that
is within; of what is left, mostly little, a small question is made, and asked until nothing more
can be let in.
"""

from collections.abc import Iterator, Sequence

from sayso.policy.boxes import Boxes, Known, Node, Reading, Region, Slab
from sayso.policy.rules import places
from sayso.policy.sat import Gates, light

Sides = Sequence[tuple[int, int]]
"""Pairs of literals of which one holds at least, whatever else does."""


def widest(boxes: Boxes, literal: int, model: frozenset[int], *, sides: Sides, wide: int) -> Region:
    """Return a region around an answer throughout which a literal holds.

    As many axes as can be are left wholly open. Of the others, the first so many are made `wide`:
    none can be wider beside the rest. Those after them stay where the answer is.
    """
    reading = Reading(boxes, literal)
    point = boxes.point(model)
    outer = _outer(reading, point, model, sides)
    known: Known = {}
    met = boxes.met(outer)
    if reading.value(*met, known):
        return outer
    return _Residue(reading, outer, met, known, sides).widest(point, wide)


def _outer(reading: Reading, point: tuple[int, ...], model: frozenset[int], sides: Sides) -> Region:
    """Return for each axis the places to which a point can be moved, and the literal still holds.

    Where it would come to be no request at all, nothing speaks against it.
    """
    beside: dict[int, list[int]] = {}
    for one, other in sides:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    found = []
    for axis, moved in zip(reading.boxes.axes, reading.boxes.around(point), strict=True):
        open_ = 0
        for place, holding in enumerate(moved):
            lost = beside.get(-axis.literals[place], ())
            if reading.holds(holding) or any(each not in model for each in lost):
                open_ |= 1 << place
        found.append(open_)
    return tuple(found)


class _Residue:
    """What is left of a question within bounds, put to a solver of its own.

    Places of an axis that no box left open tells apart are one group, with one literal.
    """

    def __init__(
        self, reading: Reading, outer: Region, met: tuple[int, int], known: Known, sides: Sides
    ) -> None:
        self.boxes = reading.boxes
        self.outer = outer
        within, self.meets = met
        self.open = self.meets & ~within & _asked(reading, self.meets, known)
        self.known = known
        self.gates: Gates = light()
        self.groups: dict[int, dict[int, int]] = {}
        self.made: dict[int, int] = {}
        self.boxed: dict[int, int] = {}
        self.slabs: dict[Slab, int] = {}
        self.group()
        self.refuted = -self.node(reading.top)
        for pair in sides:
            self.gates.require(*map(self.beside, pair))

    def group(self) -> None:
        """Give each group of places a literal; an axis all of one group is left out."""
        for number, (axis, open_) in enumerate(zip(self.boxes.axes, self.outer, strict=True)):
            asked = axis.bounded & self.open
            if not asked:
                continue
            alike: dict[int, int] = {}
            for place in places(open_):
                held = axis.holding[place] & asked
                alike[held] = alike.get(held, 0) | 1 << place
            if len(alike) > 1:
                literals = self.gates.one_of(len(alike))
                self.groups[number] = dict(zip(alike.values(), literals, strict=True))

    def beside(self, literal: int) -> int:
        """Return what a literal of a pair is here; true where nothing else asks for it."""
        axis, within = self.boxes.slabs.get(literal, (-1, 0))
        if axis not in self.groups and (axis < 0 or self.outer[axis] & within):
            return self.gates.yes
        return self.slab(axis, within)

    def slab(self, axis: int, within: int) -> int:
        """Return the literal that the place on an axis is one of these."""
        slab = axis, self.outer[axis] & within
        found = self.slabs.get(slab)
        if found is None:
            groups = self.groups[axis].items() if slab[1] else ()
            found = self.gates.any_of([literal for group, literal in groups if group & within])
            self.slabs[slab] = found
        return found

    def box(self, number: int) -> int:
        """Return the literal that the request lies within a box."""
        found = self.boxed.get(number)
        if found is None:
            bounds = self.boxes.boxes[number].items()
            slabs = [
                self.slab(axis, within) for axis, within in bounds if self.outer[axis] & ~within
            ]
            found = self.boxed[number] = self.gates.all_of(slabs)
        return found

    def node(self, node: Node) -> int:
        """Return the literal of a gate whose value is open."""
        inputs = [self.box(number) for number in places(self.open & node.inside)]
        inputs += [-self.box(number) for number in places(self.open & node.outside)]
        inputs += [self.other(each) for each in node.heard(self.meets)]
        return self.gates.any_of(inputs)

    def other(self, literal: int) -> int:
        """Return what another gate's literal is here."""
        gate = abs(literal)
        found = self.made.get(gate)
        if found is None:
            value = self.known[gate]
            yes = self.gates.yes
            plain = yes if value else -yes
            found = plain if value is not None else self.node(self.boxes.nodes[gate])
            self.made[gate] = found
        return found if literal > 0 else -found

    # --- widening ---

    def widest(self, point: tuple[int, ...], wide: int) -> Region:
        """Return the region, grown from a point."""
        start = {
            axis: next(group for group in groups if group >> point[axis] & 1)
            for axis, groups in self.groups.items()
        }
        kept = self.needed(start)
        region = list(self.outer)
        for axis in kept:
            if axis >= wide:
                region[axis] = 1 << point[axis]
            else:
                region[axis] = kept[axis] = self.widened(axis, kept)
        return tuple(region)

    def needed(self, start: dict[int, int]) -> dict[int, int]:
        """Return the axes that cannot be left as open as the bounds, with where they start."""
        if self.refutable(start):
            return start
        core = self.gates.core()
        kept = {
            axis: group
            for axis, group in start.items()
            if self.outer[axis] != self.boxes.axes[axis].whole
            or not core.isdisjoint(self.only(axis, group))
        }
        for axis in tuple(kept):
            if self.outer[axis] == self.boxes.axes[axis].whole:
                fewer = {other: group for other, group in kept.items() if other != axis}
                if not self.refutable(fewer):
                    kept = fewer
        return kept

    def widened(self, axis: int, kept: dict[int, int]) -> int:
        """Return the places of an axis that serve, beside what is kept of the others."""
        groups = self.groups[axis]
        untried = self.outer[axis] & ~kept[axis]
        while untried and self.refutable({**kept, axis: untried}):
            model = self.gates.model()
            untried &= ~next(group for group, literal in groups.items() if literal in model)
        return kept[axis] | untried

    def refutable(self, kept: dict[int, int]) -> bool:
        """Return whether the literal can fail where each axis is where it is kept."""
        narrow = [literal for axis, open_ in kept.items() for literal in self.only(axis, open_)]
        return self.gates.possible([self.refuted, *narrow])

    def only(self, axis: int, open_: int) -> Iterator[int]:
        """Yield the literals that together keep an axis to these places."""
        return (-literal for group, literal in self.groups[axis].items() if not group & open_)


def _asked(reading: Reading, meets: int, known: Known) -> int:
    """Return the boxes on which the value depends, as far as it is open."""
    found = 0
    seen: set[int] = set()
    waiting = [reading.top]
    while waiting:
        node = waiting.pop()
        found |= node.inside | node.outside
        heard = map(abs, node.heard(meets))
        open_ = {gate for gate in heard if known[gate] is None} - seen
        seen |= open_
        waiting += [reading.boxes.nodes[each] for each in open_]
    return found
