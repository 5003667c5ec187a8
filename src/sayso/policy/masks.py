"""What the conditions on one fact say of its values, for all clauses at once.

A set of clauses is a whole number with a bit for each. The masks of a value are two such sets: the
clauses whose conditions on the fact are all true of it, and those of which none is false.

Most conditions ask whether the fact is one of some constants, or whether a list holds a constant.
These are turned inside out, into the clauses that each constant meets or rules out: so the masks of
a value are found in a few steps, however many clauses there are. All others are asked one by one.
"""

from collections.abc import Callable, Iterable, Mapping

from sayso.policy.atoms import choices
from sayso.policy.evaluate import LACKING, Compiler, Function, Given, Plain
from sayso.policy.terms import Const, Fact, In, Not, Term

Masks = tuple[int, int]
Look = Callable[[Given | None], Masks]


class Answers:
    """The masks of each value of a fact; `terms` are the conditions on it, with their clauses.

    The two masks are the same object where no clause is unknown, which spares most of the work.
    `met` are the clauses among `choosy` that a value meets, `barred` those that one rules out;
    `held` are those that a list rules out which lacks an item, `unheld` those one that has it does.
    """

    def __init__(self, fact: Fact, terms: Mapping[Term, int], whole: int) -> None:
        self.path, self.whole = fact.path, whole
        self.choosy = self.turned = 0
        self.met: dict[Plain, int] = {}
        self.barred: dict[Plain, int] = {}
        self.held: dict[Plain, int] = {}
        self.unheld: dict[Plain, int] = {}
        self.others: list[tuple[Function, int]] = []
        compiler = Compiler()
        for term, bits in terms.items():
            if self._turn(term, fact, bits):
                self.turned |= bits
            else:
                self.others.append((compiler.function(term), bits))

    def _turn(self, term: Term, fact: Fact, bits: int) -> bool:
        """Return whether the condition could be turned inside out, having done so."""
        inner = term.of if isinstance(term, Not) else term
        plain = inner is term
        match inner:
            case In(Const(item), within) if within is fact:
                _add(self.held if plain else self.unheld, (item,), bits)
                return True
        constants = choices(inner, fact)
        # A clause that twice asks for one of some constants must meet both: one of them is asked.
        if constants is None or (plain and bits & self.choosy):
            return False
        _add(self.met if plain else self.barred, constants, bits)
        self.choosy |= bits if plain else 0
        return True

    def __call__(self, value: Given | None) -> Masks:
        """Return the masks of a value, or of there being none."""
        if value is None or value is LACKING:
            false, open_ = 0, self.turned
        else:
            false, open_ = self._ruled_out(value), 0
        facts: dict[str, Given] = {} if value is None else {self.path: value}
        for function, bits in self.others:
            found = function(facts)
            if found is None:
                open_ |= bits
            elif not found:
                false |= bits
        possible = self.whole & ~false
        true = possible & ~open_
        return (true, possible) if true != possible else (true, true)

    def _ruled_out(self, value: Plain | tuple[Plain, ...]) -> int:
        if not isinstance(value, tuple):
            return self.choosy & ~self.met.get(value, 0) | self.barred.get(value, 0)
        false = 0
        for item, bits in self.held.items():
            if item not in value:
                false |= bits
        for item in value:
            false |= self.unheld.get(item, 0)
        return false


def _add(to: dict[Plain, int], items: Iterable[Plain], bits: int) -> None:
    for item in items:
        to[item] = to.get(item, 0) | bits
