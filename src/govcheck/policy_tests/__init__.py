"""Tests of policies, as people write them in YAML: what a repository is, and what the policies have to say of it. Pure.

`model` has the words of a test, `comparing` holds what was found against what was expected. A policy that brings
examples of its own says by `Exemplary` how each of them comes out.
"""
