"""A form with a secret goes out over TLS, and is not led from there to plain http."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.clock import ManualClock
from streams.sources.faults import FetchFailed
from streams.sources.http import Fetcher

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
FORM = {"hub.secret": "s3cret"}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A key and a certificate for 127.0.0.1 that only this test believes."""
    key, public = tmp_path / "key.pem", tmp_path / "cert.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(public)]
    subprocess.run(["openssl", "req", "-x509", *curve, *name, *files], check=True, capture_output=True)
    return key, public


class SecureHub:
    """A server over TLS that sends every form on to where a test says, and what was posted to it."""

    def __init__(self, key: Path, public: Path) -> None:
        self.target = ""
        self.forms: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_post("/{path:.*}", self._serve)
        self.server = TestServer(app, host="127.0.0.1", scheme="https")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(public, key)
        self.trust = ssl.create_default_context(cafile=str(public))

    async def _serve(self, request: web.Request) -> web.Response:
        self.forms.append(dict(await request.post()))
        if request.path == "/final":
            return web.Response(status=202)
        return web.Response(status=307, headers={"Location": self.target})


@pytest.fixture
async def hub(certificate: tuple[Path, Path]) -> AsyncIterator[SecureHub]:
    made = SecureHub(*certificate)
    await made.server.start_server(ssl=made.context)
    yield made
    await made.server.close()


@pytest.fixture
async def sender(hub: SecureHub, publisher: Any, clock: ManualClock) -> AsyncIterator[Fetcher]:
    assert hub.server.port
    async with Fetcher(clock, allow=[("127.0.0.1", hub.server.port), publisher.address], tls=hub.trust) as made:
        yield made


async def test_a_form_is_not_led_from_https_to_http(hub: SecureHub, sender: Fetcher, publisher: Any) -> None:
    hub.target = publisher.at("/hub", web.Response(status=202))
    with pytest.raises(FetchFailed) as caught:
        await sender.submit(str(hub.server.make_url("/start")), FORM)
    assert caught.value.reason == "bad-redirect"
    assert "from https to http://127.0.0.1" in str(caught.value)
    assert publisher.requests == []


async def test_a_form_follows_a_hub_that_stays_on_https(hub: SecureHub, sender: Fetcher) -> None:
    hub.target = "/final"
    await sender.submit(str(hub.server.make_url("/start")), FORM)
    assert hub.forms == [FORM, FORM]
