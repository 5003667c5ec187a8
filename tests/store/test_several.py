"""Several processes act on one record at once: one at a time appends, and nobody is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.acting import Ack, Office, acks

PROCESSES = 5
ACTS = 12


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    url = str(tmp_path / "record.db")
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("database")
        url = make()
    return Office.founded(url, tmp_path)


def test_all_who_act_at_once_get_in_and_the_sizes_have_no_gap(office: Office) -> None:
    acting = [office.acting(f"p{number}", count=ACTS) for number in range(PROCESSES)]
    seen: list[Ack] = []
    for each in acting:
        out, err = each.communicate(timeout=120)
        assert each.returncode == 0, err
        assert len(acks(out)) == ACTS
        seen += acks(out)
    assert sorted(ack.entry for ack in seen) == list(range(1, PROCESSES * ACTS + 1))
    assert office.check(seen) == PROCESSES * ACTS + 1
