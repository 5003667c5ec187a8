"""From a request to the facts a policy is asked about.

The names are the policy schema's. A place is given as it was typed; an *atlas* turns it into the
territories it touches, under the record's viewpoint. Casework only knows that there is an atlas, so
that whoever replays a record can bring the same one, or another to compare.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from sayso.casework.asked import Asked
from sayso.casework.state import State
from sayso.errors import MalformedValue
from sayso.policy.facts import Facts
from sayso.policy.schema import BUILT_IN, Schema
from sayso.wire import Value

Lookup = Callable[[Mapping[str, Value]], Facts]


class Located(Protocol):
    """A resolved place."""

    @property
    def facts(self) -> Value:
        """Return the facts `place.*` of the schema."""

    @property
    def basis(self) -> Value:
        """Return how they were found: boundary data, viewpoint, tolerance, distances."""


class Atlas(Protocol):
    """What turns a place into the territories it touches."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> Located:
        """Return `place` resolved; `MalformedPlace` or `Unknown` if it names no place."""


def facts_of(state: State, asked: Asked, located: Located) -> Value:
    """Return the facts of what is asked, named as in the policy schema."""
    end = asked.window.end
    return {
        "article": article_facts(state, asked.article),
        "place": located.facts,
        "partner": {"id": asked.partner},
        **({} if asked.end_user is None else {"end_user": _unit(asked, asked.end_user)}),
        "agreement": {"id": asked.agreement},
        "use": {
            "purpose": asked.purpose,
            "count": asked.uses,
            "since": str(asked.window.start),
            **({"until": str(end)} if end is not None else {}),
        },
        **({"circumstances": dict(state.circumstances.facts)} if state.vocabularies else {}),
    }


def _unit(asked: Asked, name: str) -> Value:
    return {"id": name, "partner": asked.partner}


def article_facts(state: State, name: str) -> Value:
    """Return the facts `article.*` of the article called `name`."""
    return {"id": name, **state.article(name).facts}


def lookup(state: State, atlas: Atlas) -> Lookup:
    """Return what completes the facts of a policy's example.

    There `article: NAME` stands for an article on the record and `place: TEXT` for a place.
    """

    def complete(given: Mapping[str, Value]) -> Facts:
        facts = dict(given)
        if isinstance(facts.get("article"), str):
            facts["article"] = article_facts(state, str(facts["article"]))
        if isinstance(facts.get("place"), str):
            located = atlas.locate(str(facts["place"]), within_m=None, viewpoint=state.viewpoint)
            facts["place"] = located.facts
        return Facts.read(facts, state.schema)

    return complete


def check_article(facts: Mapping[str, Value], schema: Schema = BUILT_IN) -> None:
    """Raise `MalformedValue` unless `facts` are facts `article.*` of the schema."""
    if "id" in facts:
        raise MalformedValue("`article.id` is the article's name, and not given again")
    Facts.read({"article": dict(facts)}, schema)
