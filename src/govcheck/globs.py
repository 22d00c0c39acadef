"""Path globs: anchored, whole, case-sensitive."""
