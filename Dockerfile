# The site and all it needs but PostgreSQL, for an ordinary user without a shell of its own.
#   docker build --build-arg RELEASE="$(git rev-parse --short HEAD)" -t podcast .

FROM python:3.13-slim AS packages
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: \
    --require-hashes -r requirements.txt


FROM python:3.13-slim
ARG UID=1000
ARG GID=1000
ARG RELEASE=dev
RUN groupadd --gid "${GID}" podcast \
    && useradd --uid "${UID}" --gid podcast --no-create-home --shell /usr/sbin/nologin podcast \
    && install --directory --owner=podcast --group=podcast /media

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/media \
    PORT=8000 \
    WEB_CONCURRENCY=2 \
    GUNICORN_THREADS=4 \
    RELEASE=${RELEASE}

WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Settings demand these four; collecting files uses none of them, and the image keeps none.
RUN SECRET_KEY=build DATABASE_URL=postgres://build ALLOWED_HOSTS=build SITE_URL=https://build \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .

USER ${UID}:${GID}
EXPOSE 8000
VOLUME /media
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s CMD ["python", "-m", "ops.probe"]

# WEB_CONCURRENCY is gunicorn's own variable; the shell fills in the others and steps aside.
CMD ["sh", "-c", "exec gunicorn podcast.wsgi --bind 0.0.0.0:${PORT} --threads ${GUNICORN_THREADS} --worker-tmp-dir /dev/shm --no-control-socket --graceful-timeout 10 --log-level warning"]
