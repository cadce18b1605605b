"""For all tests: hypothesis does not time them, and what they count is printed."""

import pytest
from hypothesis import settings

# Two cores are shared with real servers; an example that was slow once proves nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have counted, as `record_property` was told."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")
