"""What is raised when Redis does not answer as it should."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kombu.exceptions import OperationalError
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from s3mover.errors import BrokerUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def answering() -> Iterator[None]:
    """Raise BrokerUnavailable for whatever the broker's libraries raise inside."""
    try:
        yield
    except (ResponseError, AuthenticationError) as error:
        msg = (
            f"Redis refuses it ({error}): look at user, password and database number of "
            "S3MOVER_BROKER_URL, and at the user's ACL"
        )
        raise BrokerUnavailable(msg) from error
    except (RedisError, OperationalError) as error:
        msg = f"Redis is not available ({error}): is S3MOVER_BROKER_URL right, and Redis up?"
        raise BrokerUnavailable(msg) from error
