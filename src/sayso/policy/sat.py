"""CaDiCaL, through `python-sat`: gates, and questions under assumptions.

A literal is a number that is not 0; its negative is its opposite. A gate is made once for the same
inputs.
"""

from collections.abc import Iterable
from itertools import combinations
from time import monotonic

from pysat.solvers import Cadical195, Minisat22

_PAIRWISE = 6
_CONFLICTS = 2000


class Gates:
    """A growing set of clauses, and literals that stand for and, or and one-of-many."""

    def __init__(self, solver: type[Cadical195 | Minisat22] = Cadical195) -> None:
        self.solver = solver()
        self.count = 1
        self.yes = 1
        self.solver.add_clause([self.yes])
        self.made: dict[tuple[int, ...], int] = {}
        self.inputs: dict[int, tuple[int, ...]] = {}  # all of them older than the gate

    def new(self) -> int:
        """Return a literal that may be either."""
        self.count += 1
        return self.count

    def require(self, *literals: int) -> None:
        """Require that any of the literals holds."""
        self.solver.add_clause(list(literals))

    def any_of(self, literals: Iterable[int]) -> int:
        """Return the literal that holds if any of these does."""
        found = set(literals)
        found.discard(-self.yes)
        if self.yes in found or not found.isdisjoint([-each for each in found]):
            return self.yes
        if len(found) <= 1:
            return found.pop() if found else -self.yes
        key = tuple(sorted(found))
        known = self.made.get(key)
        if known is None:
            known = self.made[key] = self.new()
            self.inputs[known] = key
            add = self.solver.add_clause
            add([-known, *key])
            for each in key:
                add([-each, known])
        return known

    def all_of(self, literals: Iterable[int]) -> int:
        """Return the literal that holds if all of these do."""
        return -self.any_of(-each for each in literals)

    def differ(self, one: int, other: int) -> int:
        """Return the literal that exactly one of the two holds."""
        return self.any_of((self.all_of((one, -other)), self.all_of((-one, other))))

    def at_most_one(self, literals: Iterable[int]) -> int:
        """Return a literal under which no two of these literals hold, the same one given twice."""
        alone = self.new()
        before = -self.yes
        for each in literals:
            self.require(-alone, -before, -each)
            before = self.any_of((before, each))
        return alone

    def one_of(self, count: int) -> tuple[int, ...]:
        """Return literals of which exactly one holds."""
        if count == 1:
            return (self.yes,)
        found = tuple(self.new() for _ in range(count))
        self.solver.add_clause(list(found))
        if count <= _PAIRWISE:
            for one, other in combinations(found, 2):
                self.solver.add_clause([-one, -other])
            return found
        before = -self.yes
        for each in found:  # `seen` holds from the one that holds on
            seen = self.new()
            self.solver.add_clause([-each, seen])
            self.solver.add_clause([-before, seen])
            self.solver.add_clause([-before, -each])
            before = seen
        return found

    def ask(self, *assumed: int, seconds: float) -> bool | None:
        """Return whether the assumptions can hold together; none if there was no time to say.

        CaDiCaL cannot be interrupted from Python, and so is given leave conflict by conflict.
        """
        ends = monotonic() + seconds
        found: bool | None = None
        while found is None and monotonic() < ends:
            self.solver.conf_budget(_CONFLICTS)
            found = self.solver.solve_limited(assumptions=list(assumed))
        return found

    def possible(self, assumed: Iterable[int]) -> bool:
        """Return whether the assumptions can hold together, of a question known to be easy."""
        return bool(self.solver.solve(assumptions=list(assumed)))

    def model(self) -> frozenset[int]:
        """Return the literals that hold in the answer just found."""
        return frozenset(self.solver.get_model() or ())

    def core(self) -> frozenset[int]:
        """Return assumptions that already cannot hold together."""
        return frozenset(self.solver.get_core() or ())


def light() -> Gates:
    """Return gates for a small question, which MiniSat answers before CaDiCaL would have begun."""
    return Gates(Minisat22)
