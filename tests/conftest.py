"""What holds of every test."""

from hypothesis import settings

# How long an example takes says how busy the machine is. Each run draws other examples, so that few go far.
settings.register_profile("govcheck", deadline=None, max_examples=40)
settings.load_profile("govcheck")
