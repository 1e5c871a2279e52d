# Two images from one build, each for an ordinary user:
#   web     the site and all other manage.py commands: invalidator, periodic work, backups
#   nginx   nginx with the site's static files and the configuration of deploy/nginx
# deploy/images/build builds both; deploy/images/pin pins what they are made of by digest.

ARG PYTHON=3.13-slim-trixie
ARG NGINX=1.30

FROM python:${PYTHON} AS packages
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: \
    --require-hashes -r requirements.txt


FROM python:${PYTHON} AS site
# pg_dump and pg_restore of the major version in docker-compose.yml: older ones refuse its database.
# They come from PostgreSQL's own archive, as each Debian has a single major version.
ARG POSTGRES=18
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends "postgresql-client-${POSTGRES}" \
       openssh-client restic \
    && rm -rf /var/lib/apt/lists/*

ARG UID=1000
ARG GID=1000
# A new volume gets the owner of its mount point here. nginx and the invalidator share the cache.
RUN groupadd --gid "${GID}" podcast \
    && useradd --uid "${UID}" --gid podcast --no-create-home --shell /usr/sbin/nologin podcast \
    && install --directory --owner=podcast --group=podcast \
       /media /backups /logs /cache /cache/pages

ARG RELEASE=dev
ENV PATH=/venv/bin:/usr/lib/postgresql/${POSTGRES}/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/media \
    BACKUP_CACHE=/tmp/backup \
    PORT=8000 \
    WEB_CONCURRENCY=2 \
    GUNICORN_THREADS=4 \
    RELEASE=${RELEASE}

WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The settings require these four. collectstatic doesn't use them, and the image doesn't store them.
RUN SECRET_KEY=build DATABASE_URL=postgres://build ALLOWED_HOSTS=build SITE_URL=https://build \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .


FROM nginx:${NGINX} AS nginx
ARG UID=1000
ARG GID=1000
# nginx only reads /media, but either image may be the first to mount a new volume, and sets its owner.
RUN groupadd --gid "${GID}" podcast \
    && useradd --uid "${UID}" --gid podcast --no-create-home --shell /usr/sbin/nologin podcast \
    && install --directory --owner=podcast --group=podcast \
       /static /media /logs /cache /cache/pages /etc/nginx/conf.d \
    && rm -f /etc/nginx/conf.d/*
# nginx's image runs the scripts in this order; its own 20-… fills in the template.
COPY deploy/nginx/podcast.conf.template /etc/nginx/templates/podcast.conf.template
COPY deploy/compose/nginx.conf deploy/nginx/behind_tls.conf /etc/nginx/
COPY --chmod=755 deploy/nginx/former-names.envsh /docker-entrypoint.d/10-former-names.envsh
COPY --chmod=755 deploy/compose/nginx-defaults.envsh /docker-entrypoint.d/11-nginx-defaults.envsh
COPY --chmod=755 deploy/add-static.sh /docker-entrypoint.d/40-add-static.sh
COPY --chmod=755 deploy/compose/new-log.sh /docker-entrypoint.d/50-new-log.sh
COPY templates/maintenance.html templates/body_refused.html templates/photo_refused.html /pages/
COPY --from=site /app/staticfiles /app/staticfiles
ENV NGINX_ENVSUBST_FILTER=^NGINX_
USER ${UID}:${GID}
EXPOSE 8080
# Any response means that nginx runs; the site's own health check is in the other image.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \
    CMD ["curl", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/metrics"]


FROM site AS web
USER ${UID}:${GID}
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s CMD ["python", "-m", "ops.probe"]

# gunicorn reads WEB_CONCURRENCY itself, gunicorn.conf.py PORT and BIND_ADDRESS; the shell expands the other.
CMD ["sh", "-c", "exec gunicorn podcast.wsgi --threads ${GUNICORN_THREADS} --worker-tmp-dir /dev/shm --no-control-socket --graceful-timeout 10 --log-level warning"]
