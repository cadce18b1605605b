"""What a cursor of a listing says: which keys its pages may hold, and where they go on."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Span:
    """Keys that are listed one page after the other; what is empty bounds nothing."""

    below: str = ""
    """The prefix that is asked for; empty: the listing's own."""

    after: str = ""
    """A key that comes before all of them, by its bytes."""

    until: str = ""
    """The last key that may be one of them, by its bytes."""

    more: dict[str, Any] = field(default_factory=dict)
    """The parameters by which S3 is asked for the next page."""

    at: str = ""
    """The last key that was seen."""

    pages: int = 0
    """How many were listed."""

    @classmethod
    def read(cls, cursor: str) -> Self:
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """Return it as text, which is never empty."""
        told = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(told, separators=(",", ":"), ensure_ascii=False)

    def holds(self, key: str) -> bool:
        # Python compares strings by code points: the same order as that of their UTF-8 bytes.
        return self.after < key and (not self.until or key <= self.until)

    def following(self, last: str, more: dict[str, str]) -> str:
        """Return the cursor after a page that ends with this key; empty: there is nothing more."""
        if not more or (self.until and last >= self.until):
            return ""
        at = last or self.at
        return replace(self, more=more, at=at, pages=self.pages + 1).cursor
