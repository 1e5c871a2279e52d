# Two images from one build, each for an ordinary user:
#   web     the site, and everything else that is manage.py: keeper, periodic work, backups
#   front   nginx, with the site's static files and the settings of deploy/nginx
# docs/deploy.md has the lines that build and publish both.

ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS packages
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: \
    --require-hashes -r requirements.txt


FROM python:${PYTHON} AS site
# pg_dump and pg_restore of the database's own major, as in docker-compose.yml: older ones refuse
# it. From PostgreSQL's own archive, which has every major for every Debian.
ARG POSTGRES=18
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends "postgresql-client-${POSTGRES}" \
    && rm -rf /var/lib/apt/lists/*

ARG UID=1000
ARG GID=1000
# Volumes are made with the owner that their folder has here. nginx and the keeper share pages.
RUN groupadd --gid "${GID}" podcast \
    && useradd --uid "${UID}" --gid podcast --no-create-home --shell /usr/sbin/nologin podcast \
    && install --directory --owner=podcast --group=podcast \
       /media /backups /logs /kept /kept/pages

ARG RELEASE=dev
ENV PATH=/venv/bin:/usr/lib/postgresql/${POSTGRES}/bin:$PATH \
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


FROM nginx:1.30 AS front
ARG UID=1000
ARG GID=1000
# An empty volume takes the owner of each image it is mounted in: /media belongs to root elsewhere.
RUN groupadd --gid "${GID}" podcast \
    && useradd --uid "${UID}" --gid podcast --no-create-home --shell /usr/sbin/nologin podcast \
    && install --directory --owner=podcast --group=podcast \
       /static /media /logs /kept /kept/pages /etc/nginx/conf.d \
    && rm -f /etc/nginx/conf.d/*
# What nginx's own image reads: templates are filled in from the environment, scripts run first.
COPY deploy/nginx/podcast.conf.template /etc/nginx/templates/podcast.conf.template
COPY deploy/compose/nginx.conf deploy/nginx/behind_tls.conf /etc/nginx/
COPY --chmod=755 deploy/add-static.sh /docker-entrypoint.d/40-add-static.sh
COPY --chmod=755 deploy/compose/new-log.sh /docker-entrypoint.d/50-new-log.sh
COPY templates/maintenance.html /pages/maintenance.html
COPY --from=site /app/staticfiles /app/staticfiles
ENV NGINX_ENVSUBST_FILTER=^FRONT_ \
    FRONT_LISTEN=8080 \
    FRONT_DOOR=8081 \
    FRONT_HOST=_ \
    FRONT_SCHEME=\$front_scheme \
    FRONT_CACHE=/kept/pages \
    FRONT_STATIC=/static \
    FRONT_MEDIA=/media \
    FRONT_PAGES=/pages \
    FRONT_OWN=/etc/nginx/own/*.conf \
    FRONT_LOG=/logs/access.log \
    FRONT_QUESTIONS=10
USER ${UID}:${GID}
EXPOSE 8080
# Whether nginx answers, whatever it says: that the site is well is asked of the site.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \
    CMD ["curl", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/metrics"]


FROM site AS web
USER ${UID}:${GID}
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s CMD ["python", "-m", "ops.probe"]

# WEB_CONCURRENCY is gunicorn's own variable; the shell fills in the others and steps aside.
CMD ["sh", "-c", "exec gunicorn podcast.wsgi --bind 0.0.0.0:${PORT} --threads ${GUNICORN_THREADS} --worker-tmp-dir /dev/shm --no-control-socket --graceful-timeout 10 --log-level warning"]
