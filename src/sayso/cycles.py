"""Work during which Python does not look for things that refer to themselves.

What is judged, folded and written here is never changed, so that each thing refers only to what was
there before it, and is gone as soon as it is let go. Python looks for cycles in it all the same,
the more often the more is made: among 100,000 cases that a change of policy touches, that took
three fifths of the time. What was put off is looked for as soon as the work is over.

>>> with unsought():
...     gc.isenabled()
False
>>> gc.isenabled()
True
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unsought() -> Iterator[None]:
    """Have no cycles looked for meanwhile; of several threads, until the first is through.

    Whoever found them not looked for leaves it so: in the end it is as it was before all of them.
    """
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.enable()
