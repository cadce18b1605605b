"""How the owners of buckets are written."""

import re
from collections.abc import Iterable, Mapping

from config.pairs import read_pairs
from config.values import ParameterError

_ACCOUNT = re.compile("[0-9]{12}")


def read_owners(value: object) -> dict[str, str]:
    """Accept bucket=account pairs separated by commas, a JSON object, or a mapping."""
    return dict(_checked(read_pairs(value, "bucket_owners", "bucket=account")))


def check_known(owners: Mapping[str, str], buckets: Iterable[str]) -> None:
    """Refuse an owner of a bucket that no move may touch: it is a slip of the pen."""
    for bucket in sorted(owners.keys() - set(buckets)):
        raise ParameterError(
            f"The bucket {bucket} in bucket_owners is not among the buckets "
            f"{', '.join(sorted(buckets))}"
        )


def _checked(pairs: Iterable[tuple[object, object]]) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for bucket, account in pairs:
        # A number would have lost the zeros at its beginning.
        if not isinstance(bucket, str) or not isinstance(account, str):
            raise ParameterError("The bucket_owners parameter should have texts: quote the account")
        if not _ACCOUNT.fullmatch(account):
            raise ParameterError(
                f"The owner of {bucket} in bucket_owners should be an account of 12 digits"
            )
        if bucket in seen:
            raise ParameterError(f"The bucket {bucket} in bucket_owners is given twice")
        seen.add(bucket)
        yield bucket, account
