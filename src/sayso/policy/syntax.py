"""The tree a condition is read into: what was written, and where.

Nothing here is checked: `syntax` is what the parser saw, `terms` is what the checker understood.
`&&` and `||` hold all their parts side by side, because both are associative and commutative.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true or false."""

    value: bool | int | str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A name that stands alone."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Select:
    """`of.field`."""

    of: "Node"
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`, or `target.function(arguments)`."""

    function: str
    target: "Node | None"
    arguments: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Brackets:
    """`[items]`."""

    items: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """`!of` or `-of`."""

    mark: str
    of: "Node"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Infix:
    """`left mark right`: a comparison, `in`, or arithmetic."""

    mark: str
    left: "Node"
    right: "Node"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts between `&&`, or between `||`."""

    mark: str
    parts: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`test ? then : otherwise`."""

    test: "Node"
    then: "Node"
    otherwise: "Node"
    start: int
    end: int


Node = Literal | Word | Select | Call | Brackets | Prefix | Infix | Joined | Choice


def dotted(node: Node) -> str | None:
    """Return `a.b.c` for a chain of selections that starts with a word, or none."""
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.of
    return ".".join([node.name, *reversed(fields)]) if isinstance(node, Word) else None
