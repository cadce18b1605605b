"""How the tasks run: `celery -A worker worker` finds the application here."""

from worker.app import app

__all__ = ["app"]
