"""The wiring: load policies, plan, gather, judge, report."""
