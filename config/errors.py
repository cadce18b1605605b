"""What is wrong with the settings."""


class SettingsError(Exception):
    """All faults of the settings at once: one readable line a fault, never a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(self.faults)
