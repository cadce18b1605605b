# syntax=docker/dockerfile:1
# One image for worker, beat and Flower; compose.yaml says which it is.

FROM python:3.13-slim-trixie AS build
COPY --from=ghcr.io/astral-sh/uv:0.13.8 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /build
# The dependencies first: this layer is rebuilt only when the lock changes.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    uv sync --locked --no-dev --no-install-project --extra worker --extra flower --extra web --extra otel
# Then `s3mover`, the only folder that is a package.
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY s3mover s3mover
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable --extra worker --extra flower --extra web --extra otel

FROM python:3.13-slim-trixie
RUN groupadd --gid 10001 s3mover \
    && useradd --uid 10001 --gid s3mover --no-create-home --shell /usr/sbin/nologin s3mover
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY config config
COPY driver driver
COPY tasks tasks
COPY worker worker
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
CMD ["celery", "-A", "worker", "worker", "--loglevel=INFO", "-E"]
