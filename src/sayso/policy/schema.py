"""The facts a policy may speak of: groups of typed fields.

A fact's path is `group.field`, as in `article.range_km`; a keyed field has one fact for each key,
as in `place.distance_km.RU`. In the facts of a request the path is the nesting of the JSON.

Absence: a field that is not optional always holds of a thing, so its absence means that it is not
known. An optional field may be lacking, and its absence, when the group is there, says so; a
condition may read one only where `has` has shown it to be there.

`BUILT_IN` is what the rest of Sayso supplies. A deployment adds to it in YAML:

    circumstances:
      talks_under_way: {type: bool, description: talks with the other side are being held}
      stock_on_hand: {type: int, min: 0, max: 100000}
      alliance: {type: enum, values: [member, partner, none], optional: true}
      alerted: {type: list, of: territory}
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from sayso.policy.outline import Outline, Reader, Scalar, outline
from sayso.policy.source import FaultyPolicy, nearest
from sayso.policy.types import (
    Bool,
    Enum,
    Field,
    Int,
    Listed,
    Name,
    Span,
    Text,
    Time,
    Type,
)
from sayso.wire import GREATEST

_KILOMETRES = Int(0, 41_000)
_TERRITORY = Name("territory")


@dataclass(frozen=True, eq=False)
class Schema:
    """Groups of fields by name."""

    groups: Mapping[str, Mapping[str, Field]]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Return every field by its path, `group.field`."""
        return MappingProxyType(
            {
                f"{group}.{name}": field
                for group, fields in self.groups.items()
                for name, field in fields.items()
            }
        )

    def field(self, path: str) -> Field | None:
        """Return the field that a path names, that of a keyed one without its key."""
        found = self.fields.get(path)
        if found is not None:
            return None if found.keyed else found
        stem, _, key = path.rpartition(".")
        found = self.fields.get(stem)
        return replace(found, keyed="") if found is not None and found.keyed and key else None

    def extended(self, text: str, *, source: str = "facts.yaml") -> "Schema":
        """Return this schema with the groups and fields that a YAML text adds."""
        root = outline(text, source=source)
        reader = Reader(root)
        added = _groups(reader, root.top)
        for group, fields in added.items():
            for name in fields.keys() & self.groups.get(group, {}).keys():
                reader.fault(root.top, f"`{group}.{name}` is there already")
        if reader.findings:
            raise FaultyPolicy(reader.findings)
        merged = {group: dict(fields) for group, fields in self.groups.items()}
        for group, fields in added.items():
            merged.setdefault(group, {}).update(fields)
        return Schema(merged)


def _groups(reader: Reader, top: Outline) -> dict[str, dict[str, Field]]:
    found: dict[str, dict[str, Field]] = {}
    for group, body in reader.entries(top):
        found[group.text] = {}
        for name, described in reader.entries(body):
            _plain_name(reader, group)
            _plain_name(reader, name)
            field = _field(reader, described)
            if field is not None:
                found[group.text][name.text] = field
    return found


def _plain_name(reader: Reader, name: Scalar) -> None:
    plain = name.text.replace("_", "a")
    if not (plain.isascii() and plain.isalnum() and not plain[0].isdigit()):
        reader.fault(name, f"`{name.text}` is not a plain name", "use letters, digits and _")


_KEYS = ("type", "of", "values", "min", "max", "optional", "description")
_TYPES: dict[str, Type] = {
    "bool": Bool(),
    "int": Int(),
    "string": Text(),
    "timestamp": Time(),
    "duration": Span(),
    **{
        domain: Name(domain)
        for domain in ("article", "office", "partner", "territory", "end_user", "purpose")
    },
}


def _field(reader: Reader, described: Outline) -> Field | None:
    parts = reader.keys(described, known=_KEYS, needed=("type",))
    if parts is None:
        return None
    found = _type(reader, parts, parts["type"])
    if found is None:
        return None
    optional = reader.flag(parts.get("optional"))
    return Field(found, reader.text(parts.get("description")) or "", optional)


def _type(reader: Reader, parts: Mapping[str, Outline], named: Outline) -> Type | None:
    name = reader.text(named)
    match name:
        case "int":
            return _range(reader, parts, named)
        case "enum":
            values = reader.texts(parts.get("values"))
            if not values or len(set(values)) < len(values):
                reader.fault(named, "an enum needs its `values`, each once")
            return Enum(values)
        case "list":
            item = _type(reader, parts, parts["of"]) if "of" in parts else None
            if item is None or isinstance(item, Listed):
                reader.fault(named, "a list needs `of`: what each of its items is")
                return None
            return Listed(item)
        case _:
            if name is not None and name not in _TYPES:
                hint = nearest(name, [*_TYPES, "enum", "list"])
                reader.fault(named, f"`{name}` is no type of facts", hint)
            return _TYPES.get(name or "")


def _range(reader: Reader, parts: Mapping[str, Outline], named: Outline) -> Type:
    low = reader.number(parts.get("min"), default=-GREATEST)
    high = reader.number(parts.get("max"), default=GREATEST)
    if not -GREATEST <= low <= high <= GREATEST:
        reader.fault(named, "the range is empty, or beyond ±(2^53 - 1)")
    return Int(low, high)


def _listed(item: Type, meaning: str) -> Field:
    return Field(Listed(item), meaning)


BUILT_IN = Schema(
    {
        "article": {
            "id": Field(Name("article"), "the article asked for"),
            "category": Field(Text(), "what sort of article it is"),
            "range_km": Field(_KILOMETRES, "how far it reaches; 0 if it reaches nowhere"),
            "payload_kg": Field(Int(0, 10**6), "what it carries", optional=True),
            "suppliers": _listed(_TERRITORY, "whose consent its transfer rests on"),
            "dependencies": _listed(Name("article"), "the components and data it depends on"),
            "dependency_suppliers": _listed(_TERRITORY, "who supplies what it depends on"),
            "stock": Field(Int(0, 10**9), "how many the supplier has left", optional=True),
        },
        "place": {
            "touches": _listed(_TERRITORY, "the territories it may touch"),
            "certainly_in": _listed(_TERRITORY, "the territories it certainly lies in"),
            "zones": _listed(Text(), "the named zones it may touch"),
            "radius_km": Field(_KILOMETRES, "how large it is, uncertainty included"),
            "distance_km": Field(
                Int(0, 21_000), "the least possible distance to a territory", keyed="territory"
            ),
        },
        "partner": {
            "id": Field(Name("partner"), "who received the article"),
            "territory": Field(_TERRITORY, "the partner's state"),
        },
        "end_user": {
            "id": Field(Name("end_user"), "the unit that would use it"),
            "partner": Field(Name("partner"), "whose unit it is"),
            "kind": Field(Text(), "what sort of unit it is"),
        },
        "agreement": {
            "id": Field(Text(), "the instrument of transfer"),
            "tranche": Field(Text(), "the delivery under it", optional=True),
            "since": Field(Time(), "when it came into force"),
            "until": Field(Time(), "when it ends", optional=True),
        },
        "use": {
            "purpose": Field(Name("purpose"), "the category of purpose"),
            "since": Field(Time(), "when the use may begin"),
            "until": Field(Time(), "when the use must have ended", optional=True),
            "count": Field(Int(0, 10**6), "how many uses"),
        },
        "request": {
            "id": Field(Text(), "the request's name"),
            "filed": Field(Time(), "when it was filed"),
            "office": Field(Name("office"), "the office that filed it"),
            "urgent": Field(Bool(), "whether it was filed as urgent"),
        },
        "circumstances": {},
    }
)
