"""A line of callers goes on, whoever is interrupted in it."""

import signal
from collections.abc import Callable, Sequence
from threading import Event, Thread, get_ident
from time import monotonic, sleep

import pytest

from sayso.errors import StoreError
from sayso.store.line import Line, Waiting

SECONDS = 30


class Room:
    """A line whose groups are served when they may be, and those who come to it."""

    def __init__(self) -> None:
        """Let nobody be served yet."""
        self.line: Line[str, str] = Line(self._serve)
        self.may = Event()
        self.groups: list[list[str]] = []
        self.told: dict[str, str | Exception] = {}
        self.threads: list[Thread] = []

    def _serve(self, group: Sequence[Waiting[str, str]]) -> None:
        self.groups.append([each.job for each in group])
        assert self.may.wait(SECONDS)
        for each in group:
            each.result = each.job.upper()

    def comes(self, name: str, *, waits: bool = True) -> None:
        """Let somebody come, who then leads, or waits."""
        self.threads.append(Thread(target=self._ask, args=(name,), daemon=True))
        self.threads[-1].start()
        if waits:
            until(lambda: any(each.job == name for each in self.line._line))
        else:
            until(lambda: self.groups == [[name]])

    def _ask(self, name: str) -> None:
        try:
            self.told[name] = self.line.ask(name)
        except StoreError as error:
            self.told[name] = error

    def ends(self) -> None:
        """Let all be served who are there."""
        self.may.set()
        for each in self.threads:
            each.join(SECONDS)
            assert not each.is_alive()


def until(ask: Callable[[], bool]) -> None:
    """Wait until it is so."""
    end = monotonic() + SECONDS
    while not ask():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.001)


class Interrupted(Waiting[str, str]):
    """A caller who is interrupted in the very moment in which it is told to lead."""

    class _Woken:
        def __init__(self) -> None:
            self.told = Event()

        def acquire(self) -> bool:
            assert self.told.wait(SECONDS)
            raise KeyboardInterrupt

        def release(self) -> None:
            self.told.set()

    def __init__(self, job: str) -> None:
        super().__init__(job)
        self.woken = self._Woken()  # type: ignore[assignment]  # as far as a line uses it


def test_who_is_interrupted_while_waiting_leaves_and_the_others_are_served() -> None:
    room = Room()
    room.comes("first", waits=False)
    room.comes("second")
    main = get_ident()

    def interrupt() -> None:
        until(lambda: len(room.line) == 2)
        sleep(0.05)
        signal.pthread_kill(main, signal.SIGINT)

    Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        room.line.ask("interrupted")
    room.comes("third")
    room.ends()
    assert room.groups == [["first"], ["second", "third"]]
    assert room.told == {"first": "FIRST", "second": "SECOND", "third": "THIRD"}
    assert room.line.ask("later") == "LATER"


@pytest.mark.parametrize("behind", [[], ["second", "third"]])
def test_who_is_interrupted_when_it_is_to_lead_has_the_next_lead(
    behind: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room()
    room.comes("first", waits=False)
    stopped: list[BaseException] = []

    def comes() -> None:
        try:
            room.line.ask("interrupted")
        except KeyboardInterrupt as error:
            stopped.append(error)

    with monkeypatch.context() as patched:
        patched.setattr("sayso.store.line.Waiting", Interrupted)
        room.threads.append(Thread(target=comes, daemon=True))
        room.threads[-1].start()
        until(lambda: len(room.line) == 1)
    for name in behind:
        room.comes(name)
    room.ends()
    assert len(stopped) == 1
    assert room.groups == [["first"], *([behind] if behind else [])]
    assert room.line.ask("later") == "LATER"


def test_what_one_caller_brings_together_is_served_in_order_and_nobody_comes_between() -> None:
    room = Room()
    room.comes("first", waits=False)
    answers: list[str | Exception] = []
    several = Thread(target=lambda: answers.extend(room.line.ask_all(("a", "b", "c"))))
    several.start()
    until(lambda: len(room.line) == 3)
    room.comes("last")
    room.ends()
    several.join(SECONDS)
    assert room.groups == [["first"], ["a", "b", "c", "last"]]
    assert answers == ["A", "B", "C"]
    assert list(room.line.ask_all(())) == []


def test_what_one_caller_brings_together_may_take_several_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sayso.store.line.MOST_AT_ONCE", 2)
    room = Room()
    room.may.set()
    assert list(room.line.ask_all("abcde")) == list("ABCDE")
    assert room.groups == [["a", "b"], ["c", "d"], ["e"]]


def test_who_stops_taking_what_it_brought_holds_nobody_up() -> None:
    room = Room()
    room.may.set()
    some = room.line.ask_all(("a", "b"))
    assert next(some) == "A"
    some.close()  # type: ignore[attr-defined]  # it is a generator
    assert room.line.ask("later") == "LATER"
    assert room.groups == [["a", "b"], ["later"]]


def test_who_is_interrupted_while_leading_leaves_nobody_waiting() -> None:
    room = Room()

    def interrupted(group: Sequence[Waiting[str, str]]) -> None:
        room.line._serve = room._serve
        room.groups.append([each.job for each in group])
        room.comes("second")
        raise KeyboardInterrupt

    room.line._serve = interrupted
    with pytest.raises(KeyboardInterrupt):
        room.line.ask("interrupted")
    room.ends()
    assert room.told == {"second": "SECOND"}
    assert room.groups == [["interrupted"], ["second"]]
