"""Constraints that a policy puts on a number or a list: an exact value, or bounds."""
