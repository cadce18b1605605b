"""One copy operation of a client: lean where it can be, boto3's else."""

from __future__ import annotations

import logging
from functools import cached_property
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError
from urllib3 import HTTPHeaderDict, HTTPResponse

from driver.lean.answers import Reading
from driver.lean.errors import NotPlain
from driver.lean.form import Form
from driver.lean.learning import learn, prepare
from driver.lean.listeners import Listeners
from driver.lean.plain import Reply
from driver.lean.stand_in import StandIn
from driver.lean.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.awsrequest import AWSPreparedRequest
    from botocore.credentials import ReadOnlyCredentials
    from types_boto3_s3 import S3Client

    from driver.lean.form import Filled
    from driver.lean.routes import Route

logger = logging.getLogger(__name__)


class LeanCopy:
    """Takes the place of boto3's method; safe to share between threads."""

    def __init__(self, client: S3Client, operation: str, by_boto3: Callable[..., Any]) -> None:
        self._client: Any = client
        self._operation = operation
        self._by_boto3 = by_boto3
        self._stand_in = StandIn(client, operation)
        self._listeners = Listeners(client, operation)
        self._wire = Wire(client)
        self._routes: dict[tuple[str, ...], Route | None] = {}

    def __call__(self, **params: Any) -> Any:
        """Copy; returns and raises what boto3 does, after as many attempts."""
        if not self._listeners.are_known():
            return self._by_boto3(**params)
        try:
            kind, given = self._given(params)
            filled = self._form.fill(given)
            credentials = self._credentials()
            route = self._route(kind, params, filled, credentials)
        except NotPlain:
            return self._by_boto3(**params)
        met = self._wire.send(route, route.build(filled, credentials))
        if isinstance(met, Reply):
            try:
                return self._succeeded(met)
            except NotPlain:
                pass
        return self._handed_over(kind, params, met)

    @cached_property
    def _model(self) -> Any:
        return self._client.meta.service_model.operation_model(self._operation)

    @cached_property
    def _form(self) -> Form:
        return Form(self._model)

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self._model)

    def _given(self, params: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Return the kind of the request, and all parameters: owners and keys are added here."""
        given = dict(params)
        for handler in self._listeners.of_parameters:
            handler(params=given, model=self._model, context={})
        bucket = given.get("Bucket")
        if not isinstance(bucket, str):
            raise NotPlain("Bucket")
        return (bucket, *given), given

    def _credentials(self) -> ReadOnlyCredentials:
        found = self._client._request_signer._credentials  # noqa: SLF001
        if found is None:
            raise NotPlain("credentials")
        try:
            frozen: ReadOnlyCredentials = found.get_frozen_credentials()
        except BotoCoreError as error:  # boto3 says so in its own way
            raise NotPlain("credentials") from error
        return frozen

    def _route(
        self,
        kind: tuple[str, ...],
        params: Mapping[str, Any],
        filled: Filled,
        credentials: ReadOnlyCredentials,
    ) -> Route:
        try:
            route = self._routes[kind]
        except KeyError:
            request = prepare(self._by_boto3, self._stand_in, params)
            if request is None or self._credentials() != credentials:
                raise NotPlain("not prepared") from None  # this time
            is_direct = self._wire.is_direct(request.url)
            route = learn(request, filled, credentials) if is_direct else None
            self._routes[kind] = route
        if route is None:
            raise NotPlain("kind")
        return route

    def _succeeded(self, reply: Reply) -> dict[str, Any]:
        answer = self._reading.read(reply)
        for handler in self._listeners.of_success:  # botocore's quota of retries grows again
            handler(http_response=reply, parsed=answer, model=self._model, context={})
        return answer

    def _handed_over(
        self, kind: tuple[str, ...], params: Mapping[str, Any], met: Reply | Exception
    ) -> Any:
        """Have boto3 go on from what its first attempt has met."""

        def answer(request: AWSPreparedRequest) -> AWSResponse:
            if isinstance(met, Exception):
                raise met
            return _response(request.url, met)

        if isinstance(met, Reply) and _may_redirect(met.status_code):
            self._routes.pop(kind, None)  # boto3 finds the bucket's region, and knows it then
        with self._stand_in.answering(answer):
            answered = self._by_boto3(**params)
        if isinstance(met, Reply) and answered["ResponseMetadata"]["RetryAttempts"] == 0:
            logger.info("boto3 makes these copies: only it can read their answers")
            self._routes[kind] = None
        return answered


def _may_redirect(status: int) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= status <= HTTPStatus.BAD_REQUEST


def _response(url: str, reply: Reply) -> AWSResponse:
    headers: Any = HTTPHeaderDict(reply.headers)
    raw = HTTPResponse(
        BytesIO(reply.body),
        headers,
        reply.status_code,
        preload_content=False,
        decode_content=False,
        enforce_content_length=False,
    )
    return AWSResponse(url, reply.status_code, headers, raw)
