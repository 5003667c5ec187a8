"""Tokens → syntax, by precedence climbing, in the grammar of CEL.

From loosest to tightest: `? :`, `||`, `&&`, comparisons and `in`, `+ -`, `* / %`, `! -`, then
selection and calls. What CEL's grammar has beyond that (indexing, maps, messages) is refused by
name. Nesting ends at `DEEPEST`, so that no reading of the tree can run out of stack.

>>> parse('article.range_km > 300').mark
'>'
"""

from sayso.policy.lexer import Kind, Token, tokens
from sayso.policy.source import Fault, Faults
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
)
from sayso.policy.types import INT64

DEEPEST = 60
_TIGHT = {"||": 1, "&&": 2}
_TIGHT |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3)
_TIGHT |= dict.fromkeys("+-", 4) | dict.fromkeys("*/%", 5)
_ENDS = {"(": ")", "[": "]"}
_SIGNS = frozenset("!-")
_STEPS = frozenset(".[")


def parse(text: str) -> Node:
    """Return the syntax of a condition; `Faults` where it is none."""
    parser = _Parser(tokens(text))
    node = parser.expression()
    parser.expect(Kind.END, "", "the condition should end")
    return node


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.ahead = found[0]
        self.depth = 0

    def take(self) -> Token:
        token = self.ahead
        if token.kind is not Kind.END:
            self.place += 1
            self.ahead = self.tokens[self.place]
        return token

    def at(self, mark: str) -> bool:
        return self.ahead.mark == mark

    def expect(self, kind: Kind, text: str, else_say: str) -> Token:
        token = self.ahead
        if token.kind is not kind or (text and token.text != text):
            seen = f"not `{token.text[:30]}`" if token.text else "not the end"
            end = max(token.end, token.start + 1)
            raise Faults(Fault(token.start, end, f"{else_say} here, {seen}"))
        return self.take()

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            start = self.ahead.start
            hint = "split the clause into several"
            raise Faults(Fault(start, start + 1, f"nested deeper than {DEEPEST}", hint))
        test = self.infix(1)
        if self.at("?"):
            self.take()
            then = self.infix(1)
            self.expect(Kind.MARK, ":", "`:` is wanted")
            otherwise = self.expression()
            test = Choice(test, then, otherwise, test.start, otherwise.end)
        self.depth -= 1
        return test

    def infix(self, tight: int) -> Node:
        left = self.prefix()
        links = 0
        while (found := self.binding()) >= tight:
            mark = self.take().text
            if found <= _TIGHT["&&"]:
                left = self.joined(mark, left)
                continue
            links += 1
            if links > DEEPEST:
                raise Faults(Fault(left.end, left.end + 1, f"more than {DEEPEST} steps in a row"))
            right = self.infix(found + 1)
            left = Infix(mark, left, right, left.start, right.end)
        return left

    def binding(self) -> int:
        return _TIGHT.get(self.ahead.mark, 0)

    def joined(self, mark: str, first: Node) -> Joined:
        parts = [first, self.infix(_TIGHT[mark] + 1)]
        while self.at(mark):
            self.take()
            parts.append(self.infix(_TIGHT[mark] + 1))
        return Joined(mark, tuple(parts), first.start, parts[-1].end)

    def prefix(self) -> Node:
        if self.ahead.mark in _SIGNS:
            return self.signed()
        node = self.postfix(self.primary())
        self.fits(node)
        return node

    def signed(self) -> Node:
        marks: list[Token] = []
        while self.ahead.mark in _SIGNS:
            marks.append(self.take())
        if len(marks) > DEEPEST:
            raise Faults(Fault(marks[0].start, marks[-1].end, "too many signs in a row"))
        negative = marks[-1].text == "-" and self.ahead.kind is Kind.NUMBER
        node = self.postfix(self.number() if negative else self.primary())
        if negative and isinstance(node, Literal):
            node = Literal(-int(node.value), marks.pop().start, node.end)
        self.fits(node)
        for mark in reversed(marks):
            node = Prefix(mark.text, node, mark.start, node.end)
        return node

    def fits(self, node: Node) -> None:
        if isinstance(node, Literal) and not isinstance(node.value, str) and node.value > INT64:
            raise Faults(Fault(node.start, node.end, "the number does not fit into 64 bits"))

    def number(self) -> Literal:
        token = self.take()
        return Literal(token.value, token.start, token.end)

    def postfix(self, node: Node) -> Node:
        links = 0
        while self.ahead.mark in _STEPS:
            links += 1
            mark = self.take()
            if mark.text == "[":
                hint = "use `in`, exists() or all()"
                raise Faults(Fault(mark.start, mark.end, "lists are not read by index", hint))
            if links > DEEPEST:
                raise Faults(Fault(mark.start, mark.end, f"more than {DEEPEST} steps in a row"))
            node = self.selected(node)
        return node

    def selected(self, node: Node) -> Node:
        name = self.expect(Kind.WORD, "", "a name is wanted")
        if not self.at("("):
            return Select(node, name.text, node.start, name.end)
        arguments, end = self.several("(")
        return Call(name.text, node, arguments, node.start, end)

    def several(self, opening: str) -> tuple[tuple[Node, ...], int]:
        self.take()
        closing = _ENDS[opening]
        items: list[Node] = []
        while not self.at(closing):
            items.append(self.item(closing))
            if not self.at(","):
                break
            self.take()
        end = self.expect(Kind.MARK, closing, f"`,` or `{closing}` is wanted").end
        return tuple(items), end

    def item(self, closing: str) -> Node:
        """Return what stands up to a comma; most lists are of texts, which need no more looks."""
        if self.ahead.kind is Kind.TEXT and self.tokens[self.place + 1].mark in {",", closing}:
            return self.number()
        return self.expression()

    def primary(self) -> Node:
        token = self.ahead
        match token.kind, token.text:
            case ((Kind.NUMBER | Kind.TEXT), _):
                return self.number()
            case Kind.WORD, name if name != "in":
                return self.word()
            case Kind.MARK, "(":
                self.take()
                inner = self.expression()
                self.expect(Kind.MARK, ")", "`)` is wanted")
                return inner
            case Kind.MARK, "[":
                items, end = self.several("[")
                return Brackets(items, token.start, end)
            case _:
                raise Faults(self.nothing(token))

    def word(self) -> Node:
        token = self.take()
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", token.start, token.end)
        if not self.at("("):
            return Word(token.text, token.start, token.end)
        arguments, end = self.several("(")
        return Call(token.text, None, arguments, token.start, end)

    def nothing(self, token: Token) -> Fault:
        end = max(token.end, token.start + 1)
        if token.kind is Kind.END:
            return Fault(token.start, end, "the condition ends too early")
        if token.text == "{":
            return Fault(token.start, end, "maps and messages are not part of the language")
        return Fault(token.start, end, f"a value is wanted here, not `{token.text}`")
