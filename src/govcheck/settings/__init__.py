"""What live settings mean: effective protection and strength. Pure knowledge, no policy in it."""
