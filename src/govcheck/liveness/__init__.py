"""Whether a gate can go red, and whether it can go green: pure knowledge, no policy in it."""
