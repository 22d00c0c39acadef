"""The command line: one module a command. No decision is made here."""
