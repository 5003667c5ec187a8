"""What `docs/place.md` shows is run."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "place.md"


def test_the_example_of_the_page_runs_as_it_stands() -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 1
    exec(compile(blocks[0], str(PAGE), "exec"), {})  # noqa: S102  # the page is ours
