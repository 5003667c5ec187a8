"""The worked examples in the modules run."""

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

from sayso import record

MODULES = sorted(each.name for each in iter_modules(record.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_the_worked_example_of_a_module_runs(name: str) -> None:
    module = import_module(f"sayso.record.{name}")
    done = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert done.attempted > 0
    assert done.failed == 0
