"""What workflow files mean to GitHub: pure knowledge, no policy in it."""
