from collections.abc import Callable

import pytest

from sayso.place import nearby, pack, viewpoint
from sayso.place.pack import Pack
from sayso.place.parse import parse
from sayso.place.resolve import Resolution, Tolerance, resolve

Asked = Callable[..., Resolution]


@pytest.fixture(scope="session")
def world() -> Pack:
    shipped = pack.shipped()
    nearby.index(shipped)
    return shipped


@pytest.fixture(scope="session")
def asked(world: Pack) -> Asked:
    views = {name: viewpoint.shipped(name) for name in viewpoint.SHIPPED}

    def ask(text: str, view: str = "us", *, within_m: int | None = None) -> Resolution:
        place = parse(text, within_m=within_m)
        return resolve(place, viewpoint=views[view], pack=world, tolerance=Tolerance())

    return ask
