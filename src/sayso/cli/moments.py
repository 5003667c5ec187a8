"""The two times of a question, which every command that reads the record takes (law 14)."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import click

from sayso import app
from sayso.casework.state import State
from sayso.cli.rim import INSTANT, Rim
from sayso.dates import Instant
from sayso.queries import moment
from sayso.queries.moment import Stood, When
from sayso.queries.recall import recall


@dataclass(frozen=True, slots=True)
class Moments:
    """As of when somebody asks, and as known when, as they gave it on the command line."""

    when: When

    def stood(self, rim: Rim) -> Stood:
        """Return what stood then, with what was due."""
        with rim.opened() as store:
            present = recall(store)
            now = rim.now(present)
            return moment.stood(store, self.when, present=present, now=now, atlas=app.atlas())

    def unmarked(self, rim: Rim) -> tuple[State, Instant]:
        """Return what stood then, to tell of its compartments, and which moment that was."""
        with rim.opened() as store:
            present = recall(store)
            now = rim.now(present)
            found = moment.unmarked(store, self.when, present=present, now=now)
            return found, self.when.moment(now)

    def words(self, at: Instant) -> str:
        """Return the two times in words: `at`, and as known when, if that was asked."""
        known_at = self.when.known_at
        return f"As of {at}" if known_at is None else f"As of {at}, as known at {known_at}"

    def headed(self, text: str, at: Instant) -> str:
        """Return a text under the two times; one that is of now needs none."""
        return text if self.when == When() else f"{self.words(at)}:\n{text}"


def moments(function: Callable[..., None]) -> Callable[..., None]:
    """Give a question its two times, as `when`."""

    @click.option("--at", type=INSTANT, help="As of when; --known-at or now if not given.")
    @click.option("--known-at", type=INSTANT, help="By what was on the record then.")
    @functools.wraps(function)
    def run(*args: object, at: Instant | None, known_at: Instant | None, **kwargs: object) -> None:
        function(*args, when=Moments(When(at, known_at)), **kwargs)

    return run
