# The service in a container: the wheel with everything it needs, api/, schemas/ and web/ beside it.
#   docker build -t argmap . && docker run -p 127.0.0.1:8000:8000 -v argmap:/data --read-only argmap

# Bases are named by digest, so that a build is the same tomorrow; `docker buildx imagetools inspect python:3.13-slim` shows the newest.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /build
COPY requirements/ requirements/
RUN python -m venv /opt/argmap \
    && python -m venv tools \
    && /opt/argmap/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r requirements/runtime.txt \
    && tools/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md CHANGELOG.md ./
COPY argmap/ argmap/
RUN tools/bin/python -m hatchling build -t wheel -d dist \
    && /opt/argmap/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl \
    && /opt/argmap/bin/pip uninstall --yes pip

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
RUN useradd --system --uid 10001 --no-create-home argmap \
    && install -d -o argmap -g argmap /data
COPY --from=build /opt/argmap /opt/argmap
WORKDIR /app
COPY api/ api/
COPY schemas/ schemas/
COPY web/ web/
COPY examples/ examples/
RUN /opt/argmap/bin/python -m compileall -q .
# All that is written goes to the volume, so that the rest may be mounted read-only.
ENV PATH=/opt/argmap/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ARGMAP_HOST=0.0.0.0 \
    ARGMAP_PORT=8000 \
    ARGMAP_DATA=/data \
    ARGMAP_CACHE=/data/cache \
    TMPDIR=/data \
    SQLITE_TMPDIR=/data
USER argmap
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=1s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['ARGMAP_PORT'] + '/readyz', timeout=4)"]
CMD ["argmap", "serve"]
