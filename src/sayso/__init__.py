"""Sayso: who has the say-so over the use of a supplied article, and the proof that they said so."""

__version__ = "0.1.0"
