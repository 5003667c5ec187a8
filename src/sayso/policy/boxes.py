"""A literal of a `World`, throughout a region of requests: true, false, or now this and now that.

A request is a point: of each axis it stands at one place. An axis is a fact, with a place for each
of its classes; or the moment; or a literal that nothing binds, with a place for either value. A
region leaves some places of each axis open. Sets of places are whole numbers, a bit for each place.

Nearly every gate is one of three: a *slab*, which depends on one axis alone, and so is a set of its
places; a gate that is false within a *box*, a slab of each axis, and true outside, as the clauses
and conditions of policies mostly are; or one that joins few others. Boxes are numbered, and for
each place the boxes that hold it are kept as one whole number: those that a region meets, and those
that it lies within, are then the `and` of a handful of numbers, one for each axis.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sayso.policy.rules import places
from sayso.policy.sat import Gates

Region = tuple[int, ...]
Slab = tuple[int, int]
Box = Mapping[int, int]
"""For each axis that matters, the places within."""
Known = dict[int, bool | None]


@dataclass(frozen=True, slots=True)
class Node:
    """A gate that holds inside any of some boxes, outside any of others, or with another gate.

    Of the other gates' literals, those `guarded` by a box hold nowhere outside it.
    """

    inside: int
    outside: int
    others: tuple[int, ...]
    guarded: Mapping[int, tuple[int, ...]]
    guards: int

    def heard(self, meets: int) -> list[int]:
        """Return the other gates' literals that can hold in a region that meets these boxes."""
        found = list(self.others)
        for number in places(meets & self.guards):
            found += self.guarded[number]
        return found


class Axis:
    """The literals of an axis's places, and for each place the boxes that hold it.

    Of the boxes, only those `bounded` on this axis are kept; the others hold every place.
    """

    __slots__ = ("bounded", "holding", "literals", "whole")

    def __init__(self, literals: tuple[int, ...]) -> None:
        self.literals = literals
        self.whole = (1 << len(literals)) - 1
        self.bounded = 0
        self.holding = [0] * len(literals)

    def columns(self) -> list[int]:
        """Return for each place the boxes that hold it."""
        free = ~self.bounded
        return [free | held for held in self.holding]


class Boxes:
    """What the gates come to that some literals depend on."""

    def __init__(self, gates: Gates, choices: Iterable[tuple[int, ...]]) -> None:
        self.gates = gates
        self.axes: list[Axis] = []
        self.slabs: dict[int, Slab] = {}
        self.hollows: dict[int, Box] = {}
        self.nodes: dict[int, Node] = {}
        self.numbers: dict[tuple[Slab, ...], int] = {}
        self.boxes: list[Box] = []
        self.pending: dict[Slab, int] = {}
        for literals in (*choices, (gates.yes,)):
            self.axis(literals)

    # --- what gates come to ---

    def axis(self, literals: tuple[int, ...]) -> None:
        """Take on an axis, of whose literals exactly one holds."""
        whole = (1 << len(literals)) - 1
        for place, literal in enumerate(literals):
            self.slabs[-literal] = len(self.axes), whole ^ 1 << place
        for place, literal in enumerate(literals):
            self.slabs[literal] = len(self.axes), 1 << place
        self.axes.append(Axis(literals))

    def learn(self, literal: int) -> None:
        """Find out what a literal comes to, and all that it depends on."""
        inputs = self.gates.inputs
        found: set[int] = set()
        waiting = [abs(literal)]
        while waiting:
            each = waiting.pop()
            if each in found or each in self.slabs or each in self.hollows or each in self.nodes:
                continue
            if each in inputs:
                found.add(each)
                waiting.extend(map(abs, inputs[each]))
            else:
                self.axis((each, -each))
        for gate in sorted(found):  # inputs are older than their gate
            self.take(gate, inputs[gate])
        self.draw()

    def take(self, gate: int, inputs: Sequence[int]) -> None:
        """Find out what a gate comes to whose inputs are known."""
        bounds: dict[int, int] = {}
        rest: list[int] = []
        for each in inputs:
            if each in self.slabs:
                axis, within = self.slabs[each]
                bounds[axis] = bounds.get(axis, 0) | within
            elif each in self.hollows:
                for axis, within in self.hollows[each].items():
                    bounds[axis] = bounds.get(axis, 0) | self.axes[axis].whole ^ within
            else:
                rest.append(each)
        if not rest and len(bounds) == 1:
            ((axis, within),) = bounds.items()
            self.slabs[gate] = axis, within
            self.slabs[-gate] = axis, self.axes[axis].whole ^ within
            return
        hollow = {axis: self.axes[axis].whole ^ within for axis, within in bounds.items()}
        if rest:
            self.nodes[gate] = self.node(hollow, rest)
        else:
            self.hollows[gate] = hollow

    def node(self, hollow: Box, rest: Iterable[int]) -> Node:
        """Return the gate that holds outside a box, if there is one, and with other gates."""
        inside = guards = 0
        others: list[int] = []
        guarded: dict[int, tuple[int, ...]] = {}
        for each in rest:
            box = self.box(each)
            if box is not None:
                inside |= 1 << self.number(box)
                continue
            if each in self.hollows and each not in self.nodes:
                self.nodes[each] = self.node(self.hollows[each], ())
            guard = self.nodes[-each].outside if -each in self.nodes else 0
            if not guard:
                others.append(each)
                continue
            guards |= guard
            number = guard.bit_length() - 1
            guarded[number] = (*guarded.get(number, ()), each)
        outside = 1 << self.number(hollow) if hollow else 0
        return Node(inside, outside, tuple(others), guarded, guards)

    def box(self, literal: int) -> Box | None:
        """Return the box in which alone a literal holds, if it is so."""
        if literal in self.slabs:
            axis, within = self.slabs[literal]
            return {axis: within}
        return self.hollows.get(-literal)

    def any_of(self, literals: Sequence[int]) -> Node:
        """Return the gate that holds with any of these literals."""
        for each in literals:
            self.learn(each)
        found = self.node({}, literals)
        self.draw()
        return found

    def number(self, box: Box) -> int:
        """Return the number of a box."""
        bounds = tuple(sorted(box.items()))
        found = self.numbers.get(bounds)
        if found is None:
            found = self.numbers[bounds] = len(self.boxes)
            self.boxes.append(box)
            for slab in bounds:
                self.pending[slab] = self.pending.get(slab, 0) | 1 << found
        return found

    def draw(self) -> None:
        """Enter the boxes numbered since the last time at every place that they hold."""
        for (number, within), boxes in self.pending.items():
            axis = self.axes[number]
            axis.bounded |= boxes
            for place in places(within):
                axis.holding[place] |= boxes
        self.pending.clear()

    # --- regions ---

    def point(self, model: frozenset[int]) -> tuple[int, ...]:
        """Return the place of an answer on each axis."""
        return tuple(
            next(place for place, literal in enumerate(axis.literals) if literal in model)
            for axis in self.axes
        )

    def limits(self, region: Region, model: frozenset[int]) -> list[int]:
        """Return the literals of an answer on the axes of which a region leaves out a place."""
        return [
            next(literal for literal in axis.literals if literal in model)
            for axis, open_ in zip(self.axes, region, strict=True)
            if open_ != axis.whole
        ]

    def met(self, region: Region) -> tuple[int, int]:
        """Return the boxes that a region lies within, and those that it meets."""
        within = meets = -1
        for axis, open_ in zip(self.axes, region, strict=True):
            held = [axis.holding[place] for place in places(open_)]
            common, some = -1, 0
            for each in held:
                common &= each
                some |= each
            within &= ~axis.bounded | common
            meets &= ~axis.bounded | some
        return within, meets

    def around(self, point: tuple[int, ...]) -> Iterator[list[int]]:
        """Yield, for each axis, the boxes that hold a point once it is moved to each place."""
        columns = [axis.columns() for axis in self.axes]
        after = [-1]
        for column, place in zip(columns[:0:-1], point[:0:-1], strict=True):
            after.append(after[-1] & column[place])
        before = -1
        for column, place in zip(columns, point, strict=True):
            others = before & after.pop()
            yield [others & each for each in column]
            before &= column[place]


class Reading:
    """A literal's value in regions, each told by the boxes it lies within and those it meets."""

    def __init__(self, boxes: Boxes, literal: int) -> None:
        self.boxes = boxes
        self.top = boxes.any_of((literal,))
        self.points: dict[int, bool] = {}

    def holds(self, holding: int) -> bool:
        """Return whether the literal holds at a point, told by the boxes that hold it."""
        found = self.points.get(holding)
        if found is None:
            found = self.points[holding] = self.value(holding, holding, {}) is True
        return found

    def gate(self, literal: int, holding: int) -> bool:
        """Return whether the literal of a gate that joins others holds at a point."""
        node = self.boxes.nodes[abs(literal)]
        return self.of(node, (holding, holding), {}) is (literal > 0)

    def value(self, within: int, meets: int, known: Known) -> bool | None:
        """Return the literal's value throughout a region; none if that is not plain to see.

        What other gates come to on the way is entered among what is `known`.
        """
        return self.of(self.top, (within, meets), known)

    def of(self, node: Node, met: tuple[int, int], known: Known) -> bool | None:
        """Return a gate's value."""
        within, meets = met
        if within & node.inside or ~meets & node.outside:
            return True
        open_ = meets & node.inside or ~within & node.outside
        found: bool | None = None if open_ else False
        for each in node.heard(meets):
            gate = abs(each)
            if gate not in known:
                known[gate] = self.of(self.boxes.nodes[gate], met, known)
            value = known[gate]
            if value is (each > 0):
                return True
            if value is None:
                found = None
        return found
