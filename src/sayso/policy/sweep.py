"""What becomes of a literal for every class of a fact at once, all else staying as it is.

A model is one request. Putting each class of one fact in turn in its place is worked out for all
of them together: a literal is then a whole number with a bit for each class, and a gate the `or` of
its inputs. Only gates that come out otherwise than in the model are followed further.
"""

from collections.abc import Sequence

from sayso.policy.sat import Gates


class Sweep:
    """A literal, and the gates between it and what it depends on, inputs first."""

    def __init__(self, gates: Gates, literal: int) -> None:
        self.literal = literal
        inputs = gates.inputs
        self.inputs: dict[int, tuple[int, ...]] = {}
        self.users: dict[int, list[int]] = {}
        waiting = [abs(literal)]
        while waiting:
            gate = waiting.pop()
            if gate in self.inputs or gate not in inputs:
                continue
            self.inputs[gate] = inputs[gate]
            for each in map(abs, inputs[gate]):
                self.users.setdefault(each, []).append(gate)
                waiting.append(each)
        self.order = sorted(self.inputs)

    def holds(self, choice: Sequence[int], model: frozenset[int]) -> frozenset[int]:
        """Return those of a choice, of which one literal at a time holds, that serve."""
        every = (1 << len(choice)) - 1
        found = {each: 1 << place for place, each in enumerate(choice)}
        touched = {gate for each in choice for gate in self.users.get(each, ())}
        for gate in self.order:
            if gate not in touched:
                continue
            bits = self.either(self.inputs[gate], found, model, every)
            if bits != (every if gate in model else 0):
                found[gate] = bits
                touched.update(self.users.get(gate, ()))
        bits = self.either((self.literal,), found, model, every)
        return frozenset(each for place, each in enumerate(choice) if bits >> place & 1)

    @staticmethod
    def either(
        inputs: Sequence[int], found: dict[int, int], model: frozenset[int], every: int
    ) -> int:
        """Return for which choices any of the inputs holds."""
        bits = 0
        for each in inputs:
            known = found.get(abs(each))
            if known is None:
                if each in model:
                    return every
            else:
                bits |= known if each > 0 else every ^ known
        return bits
