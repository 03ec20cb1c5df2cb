"""What can go wrong with a feed, by name, and what an operator does about it."""

from __future__ import annotations

from typing import Final

REMEDIES: Final[dict[str, str]] = {
    "timeout": "try again later, or raise poll.timeout if the site is always this slow",
    "too-large": "the feed is over the size limit; ask the publisher for a shorter one, or raise poll.max_bytes",
    "bomb": "the body unpacks to far more than it should; do not trust this address",
    "redirect-loop": "the site sends every visitor in circles; look for the feed's new address on the site",
    "too-many-redirects": "look for the feed's present address on the site and configure that",
    "bad-redirect": "the site points to something that is no http address; look for the feed's new address",
    "bad-url": "write the whole address, for example https://example.org/feed.xml",
    "refused-address": "inner addresses are never fetched; list the exact ip:port under allow_addresses if you mean it",
    "dns": "check the host name and this machine's name server",
    "connect": "the server does not answer; check the address, or try again later",
    "tls": "the server's certificate cannot be trusted; check the address and the date of this machine",
    "disconnected": "the server hung up in the middle of its answer; it is tried again",
    "bad-http": "the server does not speak proper HTTP; tell the publisher",
    "bad-encoding": "the compressed body is damaged; it is tried again",
    "http-401": "the feed needs a login; remove it, or use the public address",
    "http-403": "the site refuses us; ask the publisher to allow this reader, or remove the feed",
    "http-404": "the feed is not there; look for its new address on the site",
    "http-410": "the feed is gone for good and was disabled; remove it from the configuration",
    "http-429": "the site asks for fewer requests; they are being spaced out",
    "http-503": "the site is overloaded and asks for patience; it is tried again later",
    "http-4xx": "the site refuses this address; look at it in a browser",
    "http-5xx": "the site has a fault of its own; it is tried again",
    "http-other": "the site gave an answer that no feed gives; look at the address in a browser",
    "empty-body": "look at the address in a browser, or remove the feed",
    "html": "`nightwire feeds add URL` finds the feed that it advertises",
    "not-xml": "the document is neither XML nor JSON; look at the address in a browser",
    "not-a-feed": "the document holds no feed; look for the feed's address on the site",
    "too-deep": "the document nests too deep to be a feed; do not trust this address",
    "attributes": "an element has too many attributes to be a feed; do not trust this address",
    "entities": "the document's entities unfold without end; do not trust this address",
    "too-many-entries": "the document has too many entries; ask the publisher for a shorter one",
    "unreadable": "the document is too damaged to be read; tell the publisher",
    "no-article": "the page holds no article that can be made out; the feed's own text is used",
    "parser-timeout": "the document is damaged and takes too long to read; tell the publisher",
}
"""What to do, by reason; `http-4xx` and `http-5xx` serve every status without a row of its own."""


def remedy(reason: str) -> str:
    """What to do about a reason; a status without a row of its own takes that of its class."""
    if reason not in REMEDIES and reason.startswith("http-"):
        return REMEDIES.get(f"{reason[:6]}xx", REMEDIES["http-other"])
    return REMEDIES.get(reason, "look at the address in a browser")


class FeedFault(Exception):
    """A feed that cannot be had or read: a named reason, what was seen, and in one line what to do."""

    def __init__(
        self, reason: str, detail: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(reason, detail, status, retry_after)
        self.reason = reason
        self.detail = detail.encode("utf-8", "replace").decode()  # headers may hold bytes that are no text
        self.status = status
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""

    def __str__(self) -> str:
        seen = f"{self.reason}: {self.detail}" if self.detail else self.reason
        return f"{seen}; {remedy(self.reason)}"


class FetchFailed(FeedFault):
    """The document could not be had."""


class NotAFeed(FeedFault):
    """The document could not be read as a feed."""
