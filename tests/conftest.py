"""For all tests: hypothesis does not time them."""

from hypothesis import settings

# Two cores are shared with real servers; an example that was slow once proves nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
