from collections.abc import Iterator

import pytest

from tests.house import House


@pytest.fixture
def house() -> Iterator[House]:
    """Yield a furnished record, and verify the whole of it after the test."""
    made = House.furnished()
    yield made
    made.verified()
