"""CEL's own conformance cases: those that this language accepts must give what CEL gives.

The cases are read from the npm package `@bufbuild/cel-spec`, installed once into pytest's cache.
A case is outside the profile if the checker refuses it. It prints how many passed, failed and were
outside; `pytest -s` shows it.
"""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sayso.dates import Instant
from sayso.policy.checker import check
from sayso.policy.evaluate import function
from sayso.policy.names import Known
from sayso.policy.parser import parse
from sayso.policy.schema import BUILT_IN
from sayso.policy.scope import Scope
from sayso.policy.source import Faults
from sayso.policy.terms import Term, Var, term, type_of
from sayso.policy.types import SECOND, Bool, Int, Span, Text, Time, Type, kind

PACKAGE = "@bufbuild/cel-spec@0.6.1"
READ = """
import(process.argv[1]).then(m => process.stdout.write(JSON.stringify(m.tests,
  (_, v) => typeof v === "bigint" ? v.toString() : v instanceof Uint8Array ? {bytes: 1} : v)))
"""
TYPES: dict[str, Type] = {
    "BOOL": Bool(),
    "INT64": Int(),
    "STRING": Text(),
    "TIMESTAMP": Time(),
    "DURATION": Span(),
}
UNKNOWN = object()


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm and node are needed to fetch CEL's conformance cases")
    folder = request.config.cache.mkdir("cel-spec")
    file = folder / "node_modules/@bufbuild/cel-spec/dist/esm/testdata/conformance.js"
    if not file.exists():
        asked = [npm, "install", "--prefix", str(folder), "--silent", "--no-audit", PACKAGE]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            pytest.skip(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[:200]}")
    return [each["original"] for each in flat(read(node, file))]


def read(node: str, file: Path) -> dict[str, Any]:
    asked = [node, "--input-type=module", "-e", READ, file.as_uri()]
    done = subprocess.run(asked, capture_output=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def flat(suite: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from suite.get("tests", ())
    for inner in suite.get("suites", ()):
        yield from flat(inner)


def variables(case: dict[str, Any]) -> tuple[dict[str, Var], dict[str, Any]]:
    """Return the variables of a case as items at hand, and their values."""
    items: dict[str, Var] = {}
    values: dict[str, Any] = {}
    for place, declared in enumerate(case.get("typeEnv", ())):
        shape = declared.get("ident", {}).get("type", {})
        known = TYPES.get(shape.get("primitive") or shape.get("wellKnown") or "")
        if known is None:
            raise KeyError(declared["name"])
        items[declared["name"]] = term(Var, declared["name"], place, known)
        bound = case.get("bindings", {}).get(declared["name"])
        if bound is not None:
            values[f"#{place}"] = plain(bound["value"])
    return items, values


def plain(value: dict[str, Any]) -> Any:
    ((shape, found),) = value.items()
    match shape:
        case "int64Value":
            return int(found)
        case "stringValue" | "boolValue":
            return found
        case "listValue":
            return tuple(plain(each) for each in found.get("values", ()))
        case "objectValue" if found["@type"].endswith("Timestamp"):
            return Instant.parse(found["value"]).micros
        case "objectValue" if found["@type"].endswith("Duration"):
            whole, _, rest = found["value"].removesuffix("s").partition(".")
            sign = -1 if whole.startswith("-") else 1
            return int(whole) * SECOND + sign * int(rest.ljust(6, "0")[:6] or 0)
        case _:
            return UNKNOWN


def meant(case: dict[str, Any]) -> tuple[Term, dict[str, Any]] | None:
    """Return what a case means, or none if it is outside the profile."""
    try:
        items, values = variables(case)
        found = check(parse(case["expr"]), Scope(BUILT_IN, Known(), items))
    except (Faults, KeyError):
        return None
    return found, values


def judged(case: dict[str, Any]) -> str:
    accepted = meant(case)
    if accepted is None:
        return "outside the profile"
    found, values = accepted
    got = function(found)(values)
    if "evalError" in case or "anyEvalErrors" in case:
        return "passed" if got is None else "failed"
    wanted = plain(case["value"]) if "value" in case else True
    alike = wanted == got and (isinstance(wanted, bool) == isinstance(got, bool))
    return "passed" if alike else "failed"


def test_no_case_within_the_profile_fails(cases: list[dict[str, Any]]) -> None:
    counts: Counter[str] = Counter()
    failed: list[str] = []
    for case in cases:
        if case.get("disableCheck") or case.get("container") or "typedResult" in case:
            counts["not asked: unchecked, in a container, or of a type only"] += 1
            continue
        said = judged(case)
        counts[said] += 1
        if said == "failed":
            accepted = meant(case)
            assert accepted is not None
            shown = f"{kind(type_of(accepted[0]))} {function(accepted[0])(accepted[1])!r}"
            failed.append(f"{case['name']}: {case['expr']!r} is {shown}, not {case.get('value')}")
    print(f"\nCEL conformance, {len(cases)} cases: {dict(counts)}")
    assert not failed, "\n".join(failed)
    assert counts["passed"] > 150
