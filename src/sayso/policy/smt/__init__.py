"""Conditions and questions for z3; the only place that knows it."""
