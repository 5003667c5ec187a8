"""A slow machine is no fault of a parser: no deadline for one example."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
