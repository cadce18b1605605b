"""HTTP and a page: a Starlette application, alone (`s3mover web`) or mounted in another one."""

try:
    from s3mover.web.access import anyone
    from s3mover.web.app import create_app
except ModuleNotFoundError as error:
    if error.name in {"starlette", "sse_starlette", "anyio", "prometheus_client"}:
        error.add_note("s3mover.web needs its extra: pip install 's3mover[web]'")
    raise

__all__ = ["anyone", "create_app"]
