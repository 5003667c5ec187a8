"""GeoPackage (OGC 12-128r18): the polygons of every feature table, in WGS 84.

A GeoPackage is an SQLite database, and may come from anybody. Only tables are read: a view or a
virtual table is a program of its author's. What SQLite does is counted, and what it may hold at
once is bounded. A geometry is a header (clause 2.1.3) before ISO well-known binary, which is read
here, two levels deep and no deeper: a library that follows nested geometries runs out of stack.

    "GP", version, flags, int32 reference, 0 to 64 bytes of envelope
    byte order, uint32 kind, uint32 count, and as many rings of an area, or areas of a multi-area
    a ring:     uint32 count, and as many positions of 2 to 4 doubles, longitude first
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import shapely

from sayso.errors import MalformedPlace
from sayso.place.ellipsoid import Floats
from sayso.place.shape import MOST_VERTICES

_SQLITE = b"SQLite format 3\x00"
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the envelope in a header, by its code."""
_WGS84 = 4326
_POLYGON, _MULTIPOLYGON = 3, 6
_DIMENSIONS = {0: 2, 1: 3, 2: 3, 3: 4}
"""Doubles of a position, by the thousands of its kind: with a height, a measure, or both."""
_LARGEST = 16 * 2**20
"""Bytes of the largest value that SQLite may make."""
_STEPS, _ROUNDS = 10_000, 1_000
"""After so many rounds of so many steps SQLite is stopped: a second or so."""
_TABLES = """
    SELECT table_name, column_name FROM gpkg_geometry_columns WHERE EXISTS (
        SELECT 1 FROM sqlite_schema
        WHERE type = 'table' AND name = table_name AND sql NOT LIKE 'CREATE VIRTUAL%')
"""


def areas(data: bytes) -> list[shapely.Geometry]:
    """Return the polygons and multi-polygons of a GeoPackage's feature tables."""
    if not data.startswith(_SQLITE):
        raise MalformedPlace("the overlay is not a GeoPackage")
    drawn: list[shapely.Geometry] = []
    with closing(sqlite3.connect(":memory:")) as base:
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
        base.set_progress_handler(_countdown(_ROUNDS), _STEPS)
        try:
            base.deserialize(data)
            base.execute("PRAGMA trusted_schema = OFF")
            vertices = 0
            for blob in _blobs(base):
                drawn.append(geometry(blob))
                vertices += max(int(shapely.get_num_coordinates(drawn[-1])), 1)
                refuse_many(vertices)
        except (sqlite3.Error, MemoryError):
            raise MalformedPlace(
                "the overlay is not a GeoPackage that can be read",
                hint="write it anew, with its features in plain tables",
            ) from None
    return drawn


def refuse_many(vertices: int) -> None:
    """Raise if an overlay has more vertices than can be laid in reasonable time."""
    if vertices > MOST_VERTICES:
        raise MalformedPlace(
            f"the overlay has more than {MOST_VERTICES} vertices", hint="simplify it first"
        )


def _countdown(rounds: int) -> Callable[[], bool]:
    """Return what says, when asked so many times, that it is enough."""
    left = iter(range(rounds))
    return lambda: next(left, None) is None


def _blobs(base: sqlite3.Connection) -> Iterator[object]:
    is_table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'gpkg_geometry_columns'"
    if base.execute(is_table).fetchone() is None:
        raise MalformedPlace("the overlay is a database, and not a GeoPackage")
    for table, column in base.execute(_TABLES).fetchall():
        quoted = [str(name).replace('"', '""') for name in (column, table)]
        rows = base.execute('SELECT "{}" FROM "{}"'.format(*quoted))  # noqa: S608  # quoted: a name cannot be a parameter
        yield from (blob for (blob,) in rows)


def geometry(blob: object) -> shapely.Geometry:
    """Return the polygon or multi-polygon of a geometry as a GeoPackage holds it."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP":
        raise MalformedPlace("a geometry of the GeoPackage has no header")
    try:
        flags = blob[3]
        (reference,) = struct.unpack("<i" if flags & 1 else ">i", blob[4:8])
        if reference != _WGS84:
            raise MalformedPlace("the GeoPackage is not in WGS 84", hint="write it in EPSG:4326")
        return _Binary(blob, 8 + _ENVELOPES[flags >> 1 & 7]).whole()
    except (KeyError, IndexError, ValueError, struct.error):
        raise MalformedPlace("a geometry of the GeoPackage cannot be read") from None


class _Binary:
    """Reads well-known binary from one place on; `struct.error` or `ValueError` at what is none."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at, self._order = data, at, "<"

    def whole(self) -> shapely.Geometry:
        kind, dimensions = self._head()
        if kind == _POLYGON:
            return self._polygon(dimensions)
        if kind != _MULTIPOLYGON:
            raise MalformedPlace(_NO_AREA, hint="give polygons")
        return shapely.MultiPolygon([self._member() for _ in range(self._number())])

    def _member(self) -> shapely.Polygon:
        kind, dimensions = self._head()
        if kind != _POLYGON:
            raise MalformedPlace(_NO_AREA, hint="give polygons")
        return self._polygon(dimensions)

    def _head(self) -> tuple[int, int]:
        """Return the kind, and how many numbers a position has."""
        self._order = "<" if self._data[self._at] else ">"
        self._at += 1
        thousands, kind = divmod(self._number(), 1000)
        return kind, _DIMENSIONS[thousands]

    def _number(self) -> int:
        (number,) = struct.unpack_from(f"{self._order}I", self._data, self._at)
        self._at += 4
        return int(number)

    def _polygon(self, dimensions: int) -> shapely.Polygon:
        outer, *holes = [self._ring(dimensions) for _ in range(self._number())]
        return shapely.Polygon(outer, holes)

    def _ring(self, dimensions: int) -> Floats:
        count = self._number()
        refuse_many(count)
        numbers = np.frombuffer(self._data, f"{self._order}f8", count * dimensions, self._at)
        self._at += numbers.nbytes
        ring = numbers.reshape(count, dimensions)[:, :2].astype(np.float64)
        if count < 4 or not np.isfinite(ring).all() or (ring[0] != ring[-1]).any():  # noqa: PLR2004  # a triangle, closed
            raise MalformedPlace(
                "a ring of the GeoPackage is not closed, or a position of it is no number"
            )
        return ring


_NO_AREA = "the overlay draws no area, or not only areas"
