"""Syntax → terms: what a condition means, or why it cannot be meant.

The checker knows every fact's type, the names in each domain and the range of every number. It
refuses comparisons that could never hold, names that nobody bears, arithmetic that could overflow,
and an optional fact read where nothing shows it to be there. All faults of a chain of `&&` or `||`
are found together; elsewhere the first one.
"""

from functools import lru_cache

from sayso.policy import calls
from sayso.policy.names import Known
from sayso.policy.parser import parse
from sayso.policy.ranges import Unfit, arithmetic, negated, widened
from sayso.policy.schema import Schema
from sayso.policy.scope import Scope, fail, shown
from sayso.policy.source import Fault, Faults, nearest
from sayso.policy.syntax import (
    Brackets,
    Call,
    Choice,
    Infix,
    Joined,
    Literal,
    Node,
    Prefix,
    Select,
    Word,
    dotted,
)
from sayso.policy.terms import (
    Arith,
    Choose,
    Compare,
    Const,
    Fact,
    In,
    Items,
    Term,
    both,
    either,
    negation,
    term,
    type_of,
)
from sayso.policy.types import (
    Bool,
    Enum,
    Int,
    Listed,
    Name,
    Span,
    Text,
    Time,
    Type,
    kind,
    said,
)

_ORDER = frozenset({"<", "<=", ">", ">="})


def condition(text: str, *, schema: Schema, known: Known | None = None) -> Term:
    """Return the term of a condition, true or false in type; `Faults` if it cannot be meant."""
    node = parse(text)
    scope = Scope(schema, known or Known())
    return truth(node, scope)


def truth(node: Node, scope: Scope) -> Term:
    """Return the term of something that must be true or false."""
    found = check(node, scope)
    if not isinstance(type_of(found), Bool):
        raise fail(node, f"this must be true or false, and it is {said(type_of(found))}")
    return found


def check(node: Node, scope: Scope) -> Term:  # noqa: C901, PLR0911  # one way out a shape
    """Return the term of a node."""
    match node:
        case Literal(value):
            return _constant(value)
        case Word() | Select():
            return _fact(node, scope)
        case Call():
            return calls.meaning(node, scope, check)
        case Brackets():
            return _items(node, scope)
        case Prefix():
            return _prefixed(node, scope)
        case Infix():
            return _infixed(node, scope)
        case Joined():
            return _joined(node, scope)
        case Choice():
            return _chosen(node, scope)


@lru_cache(maxsize=65536, typed=True)
def _constant(value: bool | int | str) -> Term:  # noqa: FBT001  # a literal of the language
    match value:
        case bool():
            return term(Const, value, Bool())
        case int():
            return term(Const, value, Int(value, value))
        case str():
            return term(Const, value, Text())


# --- facts and the items at hand ---------------------------------------------------------------


def _fact(node: Word | Select, scope: Scope) -> Term:
    if isinstance(node, Word) and node.name in scope.items:
        return scope.items[node.name]
    found = named_fact(node, scope)
    if found.optional and found.path not in scope.shown:
        hint = f"write `has({found.path}) && …`"
        raise fail(node, f"`{found.path}` may be lacking, and nothing here shows it is there", hint)
    return found


def named_fact(node: Node, scope: Scope) -> Fact:
    """Return the fact that a node names; `Faults` if there is none."""
    path = dotted(node)
    if path is None:
        raise fail(node, "only facts have fields")
    if isinstance(node, Word) and f"verdict.{path}" in scope.schema.fields:
        path = f"verdict.{path}"
    field = scope.schema.field(path)
    if field is None:
        raise _no_fact(node, path, scope)
    return term(Fact, path, field.type, field.optional)


def _no_fact(node: Node, path: str, scope: Scope) -> Faults:
    fields = scope.schema.fields
    if path in fields:
        return fail(node, f"`{path}` needs a key, as in `{path}.RU`")
    if path in scope.schema.groups:
        return fail(node, f"`{path}` is a group of facts", f"choose one, as in `{path}.…`")
    return fail(node, f"no fact is named `{path}`", nearest(path, [*fields, *scope.items]))


def _items(node: Brackets, scope: Scope) -> Term:
    items = tuple(check(each, scope) for each in node.items)
    if not items:
        return term(Items, (), Listed(Bool()))
    first = type_of(items[0])
    if all(isinstance(type_of(each), Text) for each in items):
        return term(Items, items, Listed(first))
    for each, item in zip(node.items, items, strict=True):
        if isinstance(type_of(item), Listed):
            raise fail(each, "lists of lists are not part of the language")
        if kind(type_of(item)) != kind(first):
            raise fail(each, f"the list holds {said(first)}; this is {said(type_of(item))}")
        first = widened(first, type_of(item))
    return term(Items, items, Listed(first))


# --- operators ---------------------------------------------------------------------------------


def _prefixed(node: Prefix, scope: Scope) -> Term:
    if node.mark == "!":
        return negation(truth(node.of, scope))
    of = check(node.of, scope)
    try:
        found = negated(type_of(of))
    except Unfit as unfit:
        raise fail(node, unfit.message, unfit.hint) from None
    if found is None:
        raise fail(node, f"`-` needs a number, and this is {said(type_of(of))}")
    zero = term(Const, 0, type(found)(0, 0))
    return term(Arith, "-", zero, of, found)


def _joined(node: Joined, scope: Scope) -> Term:
    faults: list[Fault] = []
    parts: list[Term] = []
    for each in node.parts:
        try:
            part = truth(each, scope)
        except Faults as found:
            faults.extend(found.faults)
            continue
        parts.append(part)
        scope = scope.showing(shown(part, when=node.mark == "&&"))
    if faults:
        raise Faults(*faults)
    return both(*parts) if node.mark == "&&" else either(*parts)


def _chosen(node: Choice, scope: Scope) -> Term:
    test = truth(node.test, scope)
    then = check(node.then, scope.showing(shown(test, when=True)))
    otherwise = check(node.otherwise, scope.showing(shown(test, when=False)))
    one, other = type_of(then), type_of(otherwise)
    if kind(one) != kind(other):
        message = f"one branch is {said(one)}, the other {said(other)}"
        raise fail(node.otherwise, message)
    return term(Choose, test, then, otherwise, _common(one, other))


def _common(one: Type, other: Type) -> Type:
    if isinstance(one, Enum | Name) and one != other:
        return Text()
    return widened(one, other)


def _infixed(node: Infix, scope: Scope) -> Term:
    left, right = check(node.left, scope), check(node.right, scope)
    if node.mark == "in":
        return _membership(node, scope, left, right)
    if node.mark in "+-*/%":
        return _arithmetic(node, left, right)
    _comparable(node, type_of(left), type_of(right))
    _agree(node, scope, left, right)
    return term(Compare, node.mark, left, right)


def _arithmetic(node: Infix, left: Term, right: Term) -> Term:
    try:
        found = arithmetic(node.mark, type_of(left), type_of(right))
    except Unfit as unfit:
        raise fail(node, unfit.message, unfit.hint) from None
    if found is None:
        message = f"`{node.mark}` cannot join {said(type_of(left))} and {said(type_of(right))}"
        raise fail(node, message)
    return term(Arith, node.mark, left, right, found)


def _comparable(node: Infix, left: Type, right: Type) -> None:
    if kind(left) != kind(right):
        hint = 'a moment is written timestamp("…"), a duration duration("…")'
        timed = any(isinstance(each, Time | Span) for each in (left, right))
        message = f"{said(left)} cannot be compared with {said(right)}"
        raise fail(node, message, hint if timed else "")
    if isinstance(left, Listed):
        raise fail(node, "lists are not compared", "use `in`, exists() or all()")
    if node.mark in _ORDER and any(isinstance(each, Bool | Enum | Name) for each in (left, right)):
        raise fail(node, f"{said(left)} has no order", "compare with == or !=")


def _membership(node: Infix, scope: Scope, item: Term, within: Term) -> Term:
    held = type_of(within)
    if not isinstance(held, Listed):
        raise fail(node.right, f"`in` needs a list, and this is {said(held)}")
    if isinstance(within, Items):
        if _surely(type_of(item), within, scope):
            return term(In, item, within)
        for each, found in zip(_written(node.right), within.items, strict=False):
            _comparable(Infix("==", node.left, each, node.start, node.end), *_types(item, found))
            _agree(Infix("==", node.left, each, each.start, each.end), scope, item, found)
        return term(In, item, within)
    if kind(held.item) != kind(type_of(item)):
        message = f"the list holds {said(held.item)}; this is {said(type_of(item))}"
        raise fail(node.left, message)
    agree(node.left, scope, item, held.item)
    return term(In, item, within)


def _surely(of: Type, within: Items, scope: Scope) -> bool:
    """Return whether a list is of texts each of which a value of a type may equal."""
    if not isinstance(within.type, Listed) or not isinstance(within.type.item, Text):
        return False
    names = _names(of, scope.known)
    found = (each.value for each in within.items if isinstance(each, Const))
    return names is not None and len(within.items) == sum(each in names for each in found)


@lru_cache(maxsize=1024)
def _names(of: Type, known: Known) -> frozenset[str] | None:
    """Return the texts that a value may be, if they are some and known."""
    match of:
        case Enum(values):
            return frozenset(values)
        case Name(domain):
            return known.among(domain)
        case _:
            return None


def _written(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Brackets) else ()


def _types(one: Term, other: Term) -> tuple[Type, Type]:
    return type_of(one), type_of(other)


def _agree(node: Infix, scope: Scope, left: Term, right: Term) -> None:
    agree(node.right, scope, right, type_of(left))
    agree(node.left, scope, left, type_of(right))


def agree(node: Node, scope: Scope, value: Term, wanted: Type) -> None:
    """Refuse a value that nothing of the `wanted` type could ever equal."""
    match wanted, value:
        case Enum(values), Const(str(text)) if text not in values:
            raise fail(node, f"`{text}` is none of its values", nearest(text, values))
        case Name(domain), Const(str(text)):
            doubt = scope.known.doubt(domain, text)
            if doubt is not None:
                raise fail(node, *doubt)
        case Name() | Enum(), _:
            found = type_of(value)
            if isinstance(found, Name | Enum) and _apart(found, wanted):
                raise fail(node, f"this is {said(found)}, and never {said(wanted)}")
        case _:
            pass  # any text may equal a text


def _apart(one: Name | Enum, other: Type) -> bool:
    match one, other:
        case Name(domain), Name(another):
            return domain != another
        case Enum(values), Enum(others):
            return not set(values) & set(others)
        case _:
            return False
