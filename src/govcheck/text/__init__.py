"""What people write around a change: names of branches, messages of commits, texts of pull requests. Pure."""
