"""From a place to the territories it touches. Knows only values.

The centre is `resolve`: a place (`shape`, `parse`), a boundary pack (`pack`) and a viewpoint
(`viewpoint`) in, a resolution out. This module imports nothing, so that a program that asks no
such question loads neither numpy nor shapely.
"""
