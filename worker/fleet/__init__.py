"""A one-machine fleet for demo, tests and bench; it imports neither Celery nor settings."""

from worker.fleet.child import StartError
from worker.fleet.fleet import Fleet
from worker.fleet.seaweedfs import SeaweedFS
from worker.fleet.server import BinaryNotFoundError
from worker.fleet.valkey import Valkey
from worker.fleet.workers import Beat, Worker

__all__ = ["Beat", "BinaryNotFoundError", "Fleet", "SeaweedFS", "StartError", "Valkey", "Worker"]
