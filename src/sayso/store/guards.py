"""The guards of a PostgreSQL store, as they must be: which they are, when they act, what they do.

A guard that is there by name alone keeps nothing: a trigger may be switched off or act at another
time, and its function may do something else. So each is compared with the migration that made it,
down to the words of its function. Nor may there be another before them, or a rule in their place,
that lets a row vanish unseen.
"""

import re
from collections.abc import Collection

from sayso.store import migrations

KIND = "postgres"

QUERY = r"""
    SELECT c.relname::text, t.tgname::text, n.nspname || '.' || p.proname,
        t.tgtype::int, t.tginitdeferred,
        regexp_replace(coalesce(substring(pg_get_triggerdef(t.oid) FROM ' WHEN (.*) EXECUTE '), ''),
            '[()]', '', 'g'),
        t.tgenabled::text, p.prosrc, array_to_string(p.proconfig, ';'), l.lanname::text
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang
    WHERE t.tgrelid IN (to_regclass('sayso.entry'), to_regclass('sayso.enclosure'))
        AND NOT t.tgisinternal
"""
RULES = """
    SELECT count(*) FROM pg_rewrite
    WHERE ev_class IN (to_regclass('sayso.entry'), to_regclass('sayso.enclosure'))
"""

Row = tuple[object, ...]

_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE, _INSTEAD = (1 << bit for bit in range(7))
_TYPE = 3  # the place of the type in a row
_FOLLOWS = (_ROW | _BEFORE | _INSERT, False, "")  # when it acts, if at the commit, on which rows
_STAYS = (_BEFORE | _DELETE | _UPDATE | _TRUNCATE, False, "")
_KEPT = (_BEFORE | _UPDATE | _TRUNCATE, False, "")
_ENDS = (_ROW | _INSERT, True, "new.checkpoint IS NULL")
_TRIGGERS = (  # since which format, of which table, its name, its function, and when it acts
    (1, "entry", "entry_follows", "sayso.entry_follows", _FOLLOWS),
    (1, "entry", "entry_stays", "sayso.stays", _STAYS),
    (3, "enclosure", "enclosure_stays", "sayso.enclosure_stays", _KEPT),
    (5, "entry", "entry_ends", "sayso.entry_ends", _ENDS),
)
_FUNCTION = re.compile(
    r"CREATE FUNCTION (sayso\.\w+)\(\) RETURNS trigger LANGUAGE plpgsql[^$]*AS \$\$(.*?)\$\$",
    re.DOTALL,
)
_WITH_PATH = 2  # the format since which functions look nowhere but in the catalogue
_PATH = "search_path=pg_catalog, pg_temp"


def stand(found: Collection[Row], *, form: int) -> bool:
    """Return whether the triggers that were `found` are those of a store of this format."""
    wanted = _wanted(form)
    others = [row for row in found if row not in wanted]
    return wanted <= set(found) and not any(_may_hide(row[_TYPE]) for row in others)


def _may_hide(kind: object) -> bool:
    """Return whether a trigger can let a row vanish, or change it, before it is kept."""
    return not isinstance(kind, int) or bool(kind & (_BEFORE | _INSTEAD))


def _wanted(form: int) -> frozenset[Row]:
    bodies = dict(_FUNCTION.findall("".join(migrations.steps(KIND)[:form])))
    path = _PATH if form >= _WITH_PATH else None
    return frozenset(
        (table, name, does, *when, "O", bodies[does], path, "plpgsql")
        for since, table, name, does, when in _TRIGGERS
        if form >= since
    )
