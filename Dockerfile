# One image for every role; the default command polls the shipped feeds on the embedded server.
# Faust has no wheels for arm64: there, build without Kafka by --build-arg CONSTRAINTS=constraints.txt
FROM python:3.11-slim AS build
ARG CONSTRAINTS=constraints-kafka.txt
WORKDIR /src
RUN python -m venv /opt/nightwire
COPY ${CONSTRAINTS} ./
RUN /opt/nightwire/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r ${CONSTRAINTS}
COPY pyproject.toml README.md ./
COPY schemas schemas
COPY workers workers
COPY streams streams
COPY seeds seeds
RUN /opt/nightwire/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim
LABEL org.opencontainers.image.title="nightwire" \
      org.opencontainers.image.description="Alerts when what the news reports crosses a threshold"
RUN useradd --uid 10001 --create-home --home-dir /var/lib/nightwire nightwire
COPY --from=build /opt/nightwire /opt/nightwire
ENV PATH=/opt/nightwire/bin:$PATH PYTHONUNBUFFERED=1 NIGHTWIRE_DATA_DIR=/var/lib/nightwire/data
USER 10001
VOLUME /var/lib/nightwire
EXPOSE 8750
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8750/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["nightwire"]
CMD ["run", "--listen", "0.0.0.0:8750"]
