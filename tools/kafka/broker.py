"""A real single-node Apache Kafka (KRaft) for tests and trials, from Maven's jars; it ends with who started it.

python tools/kafka/broker.py get     fetch the jars into .cache/kafka (needs Java 17 and Maven, once)
python tools/kafka/broker.py run     run a broker with an empty data folder until Ctrl-C
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
CACHE: Final = HERE.parents[1] / ".cache" / "kafka"
LIB: Final = CACHE / "lib"
COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
READY: Final = "Kafka Server started"
START: Final = 240.0
"""Seconds that a start may take on a machine that is busy with much else; a broker that ends is noticed at once."""
STOP: Final = 20.0
PORTS: Final = range(20_000, 32_000)
"""Below those that systems give to outgoing connections."""
DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
SMALL: Final = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A broker for tests: little memory, and a compiler that is quick rather than thorough."""

PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
"""

LOGGING: Final = """\
log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d %p %m (%c)%n
"""


class BrokerAbsent(Exception):
    """No broker can be had here; the message says what is missing."""


def get_jars() -> Path:
    """The folder of the jars, fetched through Maven where they are not yet there; raises BrokerAbsent."""
    if shutil.which("java") is None:
        raise BrokerAbsent("java is not installed; install a Java 17 runtime")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:  # two test processes may want the jars at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, there = (HERE / "pom.xml").read_text(), LIB / ".complete"
        if not there.exists() or there.read_text() != wanted:
            _fetch_jars()
            there.write_text(wanted)
    return LIB


def _fetch_jars() -> None:
    if shutil.which("mvn") is None:
        raise BrokerAbsent("mvn is not installed; install Maven, which fetches the broker's jars")
    command = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        COPY,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={LIB}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise BrokerAbsent(f"Maven could not fetch the broker: {lines[0] if lines else 'it said nothing'}")


def free_ports(number: int) -> list[int]:
    """Ports of loopback that nobody uses, and no outgoing connection will take before the broker binds them."""
    found: set[int] = set()
    while len(found) < number:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return list(found)


class Broker:
    """One broker on a folder of its own; it may be stopped, killed and started again on the same data and port."""

    def __init__(self, folder: Path, port: int | None = None, properties: str = PROPERTIES) -> None:
        ports = free_ports(2)
        self.port = port or ports[0]
        self.address = f"127.0.0.1:{self.port}"
        self.log = folder / "broker.log"
        self._folder = folder
        self._properties = properties
        self._controller = ports[1]
        self._begun = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it serves; raises BrokerAbsent with the last words of its log."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting; it ends with the *thread* that calls this, as the kernel's death signal goes."""
        jars = get_jars()
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "server.properties"
        if not config.exists():
            self._format(jars, config)
        self._begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                self._java(jars, *SMALL, "kafka.Kafka", str(config)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,
            )

    def _format(self, jars: Path, config: Path) -> None:
        (self._folder / "log4j.properties").write_text(LOGGING)
        config.write_text(
            self._properties.format(port=self.port, controller=self._controller, data=self._folder / "data")
        )
        identity = "bmlnaHR3aXJlLXRlc3RzIQ"  # any 16 bytes in base64url
        command = ["kafka.tools.StorageTool", "format", "--cluster-id", identity, "--config", str(config)]
        words = self._java(jars, *SMALL, *command)
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            config.unlink()
            raise BrokerAbsent(f"the broker's folder cannot be prepared: {done.stderr.strip() or done.stdout.strip()}")

    def _java(self, jars: Path, *words: str) -> list[str]:
        log4j = f"-Dlog4j.configuration=file:{self._folder / 'log4j.properties'}"
        return ["java", "-cp", f"{jars}/*", log4j, *words]

    def wait(self) -> None:
        """Return when it serves; raises BrokerAbsent with the last words of its log."""
        assert self._process
        end = time.monotonic() + START
        while READY not in self.log.read_bytes()[self._begun :].decode("utf-8", "replace"):
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                words = self.log.read_text(errors="replace").splitlines()[-5:]
                raise BrokerAbsent("the broker did not start: " + " | ".join(words))
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal, for example SIGSTOP to freeze it."""
        assert self._process
        self._process.send_signal(number)

    def stop(self, patience: float = STOP) -> None:
        """Stop cleanly; killed when that takes longer than `patience` seconds."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)


@contextlib.contextmanager
def running(folder: Path | None = None, port: int | None = None, properties: str = PROPERTIES) -> Iterator[Broker]:
    """A broker with an empty data folder for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="nightwire-kafka-", dir=folder) as data:
        broker = Broker(Path(data) / "broker", port, properties)
        try:
            broker.start()
            yield broker
        finally:
            broker.stop(patience=3.0)  # its data goes with it


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["get", "run"])
    parser.add_argument("--port", type=int, default=9092)
    arguments = parser.parse_args()
    try:
        if arguments.what == "get":
            print(get_jars())
            return 0
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with running(port=arguments.port) as broker:
            print(f"Kafka is on {broker.address}, empty; Ctrl-C stops it and removes its data", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    except BrokerAbsent as absent:
        print(f"no broker: {absent}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    sys.exit(main())
