"""What a list of moves is asked for: how many, in which states, with which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from s3mover.contract import State
from s3mover.request import faults

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from s3mover import Mover
    from s3mover.contract import MoveRecord
    from s3mover.prefix_contract import PrefixRecord


class Query(BaseModel):
    """The parameters of a list; equal ones are one for all who look."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """How many moves at most, the youngest first."""

    state: tuple[State, ...] = ()
    """Only moves in one of these states; the parameter may be repeated."""

    q: Annotated[str, Field(max_length=1024)] = ""
    """Only moves with this text in their id, source or destination; case does not matter."""


def parse_query(params: QueryParams) -> Query:
    """Return what is asked for, or raise a 400 that says what is wrong."""
    given: dict[str, object] = {name: params[name] for name in params}
    if "state" in params:
        # A form sends the empty text for "any".
        given["state"] = tuple(filter(None, params.getlist("state")))
    try:
        return Query.model_validate(given)
    except ValidationError as error:
        raise HTTPException(400, faults(error).replace("\n", "; ")) from None


def answer(mover: Mover, query: Query) -> list[MoveRecord]:
    return mover.list(query.limit, states=query.state, text=query.q)


def answer_prefixes(mover: Mover, query: Query) -> list[PrefixRecord]:
    """Return the moves of prefixes that are meant, of the youngest."""
    text = query.q.casefold()
    states = {state.value for state in query.state}
    return [
        each
        for each in mover.prefixes.list(query.limit)
        if (not states or each.state.value in states)
        and any(text in name.casefold() for name in (each.id, each.source, each.destination))
    ]
