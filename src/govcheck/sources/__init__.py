"""All input and output that gathers facts, and nothing else."""
