"""Past requests as tables of facts: from files, or from the record, for a rehearsal.

Columns are called like the facts, `article.range_km`; what has no column, or no value, is unknown.

| file | is |
|---|---|
| `.parquet` | columns of integers, texts, booleans, lists of texts; read batch by batch |
| `.csv` | the same as text; the items of a list are separated by `;`, an empty cell is unknown |
| `.jsonl` | a line for each request: its facts as nested JSON, strictly read |

This is the rim: it needs the extra `rehearse` (pyarrow, DuckDB), and loads it when first asked.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso import wire
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Malformed, MalformedValue, SaysoError
from sayso.policy.evaluate import LACKING
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.terms import facts
from sayso.policy.types import Bool, Field, Listed, Ranged, Type

if TYPE_CHECKING:
    from sayso.policy.rehearse import Rehearsal

ROWS = 65_536
"""How many requests are in memory at once, unless a Parquet file groups them."""
MOST_ROWS = 1 << 20
"""How many requests of a Parquet file may be in memory at once, if it groups so many."""


def read(
    path: Path, wanted: Container[str] | None = None, *, schema: Schema = BUILT_IN
) -> Iterator[Any]:
    """Yield the requests in a file as Arrow tables; the file's ending says what it is.

    Of a Parquet file only the columns of the facts that are `wanted` are read, if any are named.
    """
    ending = path.suffix.lower()
    readers = {".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}
    if ending == ".parquet":
        for table in _parquet(path, wanted, schema):
            yield _valued(table, path)
    elif ending in readers:
        for table in readers[ending](path, schema):
            _checked(table.column_names, schema)
            yield _valued(table, path)
    else:
        raise SaysoError(f"`{path}` is no table of requests", hint="give .parquet, .csv or .jsonl")


def mentioned(policies: Iterable[Policy]) -> frozenset[str]:
    """Return the paths of all facts that any clause of these policies reads."""
    conditions = (clause.when for policy in policies for clause in policy.clauses)
    return frozenset(fact.path for condition in conditions for fact in facts(condition))


def _checked(paths: Iterable[str], schema: Schema) -> list[str]:
    """Return the columns of a table, each called like a fact of the schema."""
    found = list(paths)
    for path in found:
        _field(path, schema)
    return found


def _valued(table: Any, path: Path) -> Any:  # noqa: ANN401  # Arrow has no types
    """Return a table, none of whose lists has an item that is NULL: unknown is a whole fact."""
    types = _arrow().types
    for name, column in zip(table.column_names, table.columns, strict=True):
        if types.is_nested(column.type) and any(
            part.flatten().null_count for part in column.chunks
        ):
            raise MalformedValue(f"`{path}`: a list in `{name}` has an item without a value")
    return table


def history(state: State) -> Iterator[Any]:
    """Yield the requests on a record, with the facts each was last judged on."""
    cases = sorted(state.cases.values(), key=lambda each: each.dossier.request.stamp.index)
    schema = state.schema
    known = [
        Facts.read(each.dossier.judgements[-1].said.facts, schema)
        for each in cases
        if each.dossier.judgements
    ]
    yield of_facts(known, schema)


def of_facts(rows: list[Facts], schema: Schema = BUILT_IN) -> Any:  # noqa: ANN401  # Arrow has no types
    """Return facts as one Arrow table."""
    arrow = _arrow()
    paths = sorted({path for row in rows for path in row.values})
    return arrow.table(
        {
            path: arrow.array([_cell(row, path) for row in rows], _type_of(path, schema))
            for path in paths
        }
    )


def _cell(row: Facts, path: str) -> object:
    given = row.values.get(path)
    if given is LACKING:
        return None
    return sorted(given, key=str) if isinstance(given, frozenset | tuple) else given


def _parquet(path: Path, wanted: Container[str] | None, schema: Schema) -> Iterator[Any]:
    """Yield the rows of a Parquet file group by group, its texts as dictionaries.

    A group that is too large, or that Arrow cannot read so, comes in small batches of plain texts.
    """
    arrow = _arrow()
    try:
        with arrow.parquet.ParquetFile(path) as plain:
            names = _checked(plain.schema_arrow.names, schema)
            columns = [name for name in names if wanted is None or name in wanted]
            with arrow.parquet.ParquetFile(path, read_dictionary=_texts(plain)) as coded:
                for group in range(plain.num_row_groups):
                    yield from _row_group(plain, coded, group, columns)
    except arrow.ArrowException as error:
        raise MalformedValue(f"`{path}` is no Parquet file: {_first(error)}") from None


def _texts(file: Any) -> list[str]:  # noqa: ANN401  # Arrow has no types
    """Return where the texts of a Parquet file are, those in lists too."""
    columns = (file.schema.column(place) for place in range(len(file.schema)))
    return [each.path for each in columns if each.logical_type.type == "STRING"]


def _row_group(plain: Any, coded: Any, group: int, columns: list[str]) -> Iterator[Any]:  # noqa: ANN401  # the same
    arrow = _arrow()
    if plain.metadata.row_group(group).num_rows <= MOST_ROWS:
        try:
            table = coded.read_row_group(group, columns=columns)
        except arrow.ArrowNotImplementedError:  # texts in lists, of more than one dictionary
            pass
        else:
            yield table
            return
    for batch in plain.iter_batches(ROWS, row_groups=[group], columns=columns):
        yield arrow.Table.from_batches([batch])


def _csv(path: Path, schema: Schema) -> Iterator[Any]:
    arrow = _arrow()
    try:
        texts = arrow.csv.read_csv(
            path,
            convert_options=arrow.csv.ConvertOptions(
                column_types=dict.fromkeys(_heads(path), arrow.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        columns = {name: _parsed(texts.column(name), name, schema) for name in texts.column_names}
        yield arrow.table(columns)
    except arrow.ArrowException as error:
        raise MalformedValue(f"`{path}` cannot be read as CSV: {_first(error)}") from None


def _heads(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        return [head.strip().strip('"') for head in file.readline().split(",")]


def _parsed(column: Any, name: str, schema: Schema) -> Any:  # noqa: ANN401  # Arrow has no types
    arrow = _arrow()
    wanted = _type_of(name, schema)
    if arrow.types.is_list(wanted):
        column = arrow.compute.split_pattern(column, ";")
    return column.cast(wanted)


def _json_lines(path: Path, schema: Schema) -> Iterator[Any]:
    rows: list[Facts] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                rows.append(Facts.read(wire.load(line), schema))
            except Malformed as error:
                raise MalformedValue(f"`{path}`, line {number}: {error}") from None
            if len(rows) == ROWS:
                yield of_facts(rows, schema)
                rows = []
    if rows:
        yield of_facts(rows, schema)


def _type_of(path: str, schema: Schema) -> Any:  # noqa: ANN401  # Arrow has no types
    return _arrow_type(_field(path, schema).type)


def _field(path: str, schema: Schema) -> Field:
    field = schema.field(path)
    if field is None:
        raise MalformedValue(f"`{path}` is no fact of the schema", hint="see docs/language.md")
    return field


def _arrow_type(of: Type) -> Any:  # noqa: ANN401  # Arrow has no types
    arrow = _arrow()
    match of:
        case Bool():
            return arrow.bool_()
        case Listed(item):
            return arrow.list_(_arrow_type(item))
        case _:
            return arrow.int64() if isinstance(of, Ranged) else arrow.string()


def rehearse(
    new: Iterable[Policy],
    old: Iterable[Policy],
    tables: Iterable[Any],
    *,
    at: Instant,
    ranks: Mapping[str, int],
) -> "Rehearsal":
    """Return what becomes of the requests in `tables`, by the fast reading: masks over columns."""
    _arrow()
    from sayso.policy import rehearse as rehearsals  # noqa: PLC0415  # needs the extra

    return rehearsals.rehearse(new, old, tables, at=at, ranks=ranks)


def sql(policies: Iterable[Policy], *, at: Instant, ranks: Mapping[str, int], dialect: str) -> str:
    """Return the statement that judges a table `requests`, for the database called `dialect`."""
    _arrow()
    from sayso.policy.sql import Dialect, statement  # noqa: PLC0415  # needs the extra

    return statement(policies, at=at, ranks=ranks, dialect=Dialect(dialect))


def by_sql(
    policies: Iterable[Policy],
    tables: Iterable[Any],
    *,
    at: Instant,
    ranks: Mapping[str, int],
    schema: Schema = BUILT_IN,
) -> Counter[str]:
    """Return how many requests have which outcome by the independent reading, SQL on DuckDB."""
    _arrow()
    import duckdb  # noqa: PLC0415  # needs the extra

    judged = sql(policies, at=at, ranks=ranks, dialect="duckdb")
    counts: Counter[str] = Counter()
    with duckdb.connect() as database:
        for table in tables:
            database.register("requests", _widened(table, schema))
            query = f"SELECT outcome, count(*) FROM ({judged}) GROUP BY outcome"  # noqa: S608  # ours
            counts.update(dict(database.execute(query).fetchall()))
    return counts


def _widened(table: Any, schema: Schema) -> Any:  # noqa: ANN401  # Arrow has no types
    """Return a table with a column for every fact that is not keyed, empty where it had none."""
    arrow = _arrow()
    for path, field in schema.fields.items():
        if path not in table.column_names and not field.keyed:
            empty = arrow.nulls(table.num_rows, _arrow_type(field.type))
            table = table.append_column(path, empty)
    return table


@cache
def _arrow() -> Any:  # noqa: ANN401  # Arrow has no types
    try:
        import pyarrow  # noqa: ICN001, PLC0415  # an extra, seldom asked; its submodules follow
        import pyarrow.compute  # noqa: PLC0415  # the same
        import pyarrow.csv  # noqa: PLC0415  # the same
        import pyarrow.parquet  # noqa: PLC0415  # the same
    except ModuleNotFoundError:
        raise SaysoError(
            "rehearsing needs pyarrow and DuckDB, which are not installed",
            hint="install the extra: pip install 'sayso[rehearse]'",
        ) from None
    return pyarrow


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]
