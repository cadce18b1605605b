"""
Archives films with s3mover, and hears of the end by a Celery task; see ../README.md.

All in one file: the settings, a model, the views, the task and `manage.py`.
"""

import os
import sys
from pathlib import Path
from typing import Any

import django
from celery import Celery
from django.conf import settings

BROKER = os.environ["S3MOVER_BROKER_URL"]
BUCKET = os.environ["BUCKET"]

if not settings.configured:
    database = os.environ.get("DATABASE", str(Path(__file__).with_name("films.sqlite3")))
    settings.configure(
        # No middleware: add sessions, a login and CsrfViewMiddleware for browsers.
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        ROOT_URLCONF=__name__,
        SECRET_KEY=os.environ.get("SECRET_KEY", os.urandom(32).hex()),
        USE_TZ=True,
    )
    django.setup()

from django.core.management import execute_from_command_line
from django.db import connection, models, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from s3mover import Mover, UnknownMove
from s3mover.django import enqueue_on_commit

mover = Mover(BROKER)
# The workers of this app: they know nothing of S3, and run no moves.
celery = Celery("films", broker=BROKER, set_as_current=False)


class Film(models.Model):  # type: ignore[misc]  # Django has no types
    """A film, and the move that archives it."""

    name = models.CharField(max_length=200, unique=True)
    move = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "films"

    def __str__(self) -> str:
        return str(self.name)


@celery.task(name="films.on_moved", ignore_result=True)
def on_moved(record: dict[str, Any], film: int) -> None:
    """Take note of the end of a move; it may be told more than once, and then changes nothing."""
    Film.objects.filter(pk=film, move=record["id"]).update(state=record["state"])


@require_POST  # type: ignore[untyped-decorator]
def archive(_: HttpRequest, name: str) -> JsonResponse:
    """Write down the film and its move in one transaction: there is never one without the other."""
    with transaction.atomic():
        film, _ = Film.objects.get_or_create(name=name)
        film.move = enqueue_on_commit(
            mover,
            f"s3://{BUCKET}/inbox/{name}",
            f"s3://{BUCKET}/archive/{name}",
            idempotency_key=f"archive {name}",
            on_end={"task": "films.on_moved", "queue": "films", "kwargs": {"film": film.pk}},
        )
        film.save()
    return JsonResponse({"move": film.move}, status=202)


@require_http_methods(["GET", "DELETE"])  # type: ignore[untyped-decorator]
def move(request: HttpRequest, move: str) -> JsonResponse:
    """Show a move, or cancel it."""
    try:
        record = mover.cancel(move) if request.method == "DELETE" else mover.status(move)
    except UnknownMove:
        return JsonResponse({"error": "no such move"}, status=404)
    return JsonResponse(record.model_dump(mode="json"))


def films(_: HttpRequest) -> JsonResponse:
    return JsonResponse(dict(Film.objects.exclude(state="").values_list("name", "state")))


urlpatterns = [
    path("films", films),
    path("films/<name>", archive),
    path("moves/<move>", move),
]

if Film._meta.db_table not in connection.introspection.table_names():  # instead of migrations
    with connection.schema_editor() as editor:
        editor.create_model(Film)

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
