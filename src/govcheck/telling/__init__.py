"""What a sweep has to tell to whom: items, what is news of them, who may be told. Pure."""
