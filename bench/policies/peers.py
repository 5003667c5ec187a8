"""The peers: how each is told the same clauses, and which of them it fires on a request."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from policies.made import AT, OPTIONAL, RANKS, SCHEMA, Clause, Condition, cel, policy

from sayso.policy.decide import Prepared, Verdict, verdict
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy


def cedar(of: Condition) -> str:
    """Return a condition in Cedar."""
    name, value = f"context.deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            text = f"[{', '.join(map(json.dumps, of.values))}].contains({name})"
        case "above" | "below":
            text = f"{name} {'>' if of.mark == 'above' else '<='} {value}"
        case "holds":
            text = f"{name}.contains({json.dumps(value)})"
        case _:
            text = f'{name} like "{value}*"'
    return f"context.deal has {of.field} && {text}" if of.field in OPTIONAL else text


def rego(of: Condition) -> str:
    """Return a condition in Rego."""
    name, value = f"input.deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            return f"{name} in {{{', '.join(map(json.dumps, of.values))}}}"
        case "above" | "below":
            return f"{name} {'>' if of.mark == 'above' else '<='} {value}"
        case "holds":
            return f"{json.dumps(value)} in {name}"
        case _:
            return f"startswith({name}, {json.dumps(value)})"


def zen(of: Condition) -> str:
    """Return a condition in the language of zen-engine."""
    name, value = f"deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            return f"{name} in [{', '.join(map(json.dumps, of.values))}]"
        case "above" | "below":
            return f"({name} != null and {name} {'>' if of.mark == 'above' else '<='} {value})"
        case "holds":
            return f"{json.dumps(value)} in {name}"
        case _:
            return f"startsWith({name}, {json.dumps(value)})"


Fired = Callable[[dict[str, Any]], list[str]]


def by_sayso(of: Sequence[Clause]) -> Callable[[dict[str, Any]], Any]:
    """Return how Sayso judges a request, the policies made ready as those of the peers are."""
    prepared = Prepared((policy(of),), ranks=RANKS, schema=SCHEMA)
    return lambda given: prepared.verdict(given, at=AT)


def unprepared(policies: tuple[Policy, ...], given: dict[str, Any]) -> Verdict:
    """Return the verdict on a request by itself, its facts read first."""
    return verdict(policies, Facts.read(given, SCHEMA), at=AT, ranks=RANKS)


def by_cedar(of: Sequence[Clause]) -> Fired:
    """Return how cedarpy does."""
    import cedarpy  # noqa: PLC0415  # a peer that may be missing

    text = "\n".join(
        f"permit(principal, action, resource) when {{ {' && '.join(map(cedar, c.conditions))} }};"
        for c in of
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    who = {"principal": 'U::"u"', "action": 'A::"use"', "resource": 'R::"a"'}
    names = {f"policy{place}": clause.id for place, clause in enumerate(of)}

    def fired(given: dict[str, Any]) -> list[str]:
        found = cedarpy.is_authorized({**who, "context": given}, policies, entities)
        return [names[each] for each in found.diagnostics.reasons]

    return fired


def by_zen(of: Sequence[Clause]) -> Fired:
    """Return how zen-engine does."""
    import zen as engine  # noqa: PLC0415  # a peer that may be missing

    each = (" and ".join(zen(condition) for condition in clause.conditions) for clause in of)
    compiled = engine.compile_expression(f"[{', '.join(each)}]")
    names = [clause.id for clause in of]
    return lambda given: [
        name for name, true in zip(names, compiled.evaluate(given), strict=True) if true
    ]


def by_google(of: Sequence[Clause]) -> Fired:
    """Return how cel-expr-python does."""
    from cel_expr_python import cel as engine  # noqa: PLC0415  # a peer that may be missing

    kind = engine.Type.Map(engine.Type.STRING, engine.Type.DYN)
    environment = engine.NewEnv(variables={"deal": kind})
    compiled = [
        (clause.id, environment.compile(" && ".join(cel(each) for each in clause.conditions)))
        for clause in of
    ]

    def fired(given: dict[str, Any]) -> list[str]:
        bound = environment.Activation(given)
        return [name for name, each in compiled if each.eval(bound).value() is True]

    return fired


def by_rego(of: Sequence[Clause]) -> Fired:
    """Return how regopy does."""
    import regopy  # noqa: PLC0415  # a peer that may be missing

    lines = [
        f'fired contains "{clause.id}" if {{ {"; ".join(map(rego, clause.conditions))} }}'
        for clause in of
    ]
    interpreter = regopy.Interpreter()
    interpreter.add_module("bench", "package bench\nimport rego.v1\n" + "\n".join(lines))
    bundle = interpreter.build("x = data.bench.fired")

    def fired(given: dict[str, Any]) -> list[str]:
        interpreter.set_input(given)
        output = interpreter.query_bundle(bundle)  # its parts do not keep it alive
        named: list[str] = json.loads(str(output.binding("x")))
        return named

    return fired


PEERS = {"zen-engine": by_zen, "cel-expr-python": by_google, "cedarpy": by_cedar, "regopy": by_rego}
