"""Canonical URLs: one spelling for all the addresses under which an outlet serves one article.

The canonical form is an identity, not an address to fetch: scheme, `www.`, mobile and AMP hosts and
tracking parameters are gone although a server may care about some of them.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

TRACKING: Final = re.compile(
    r"(?:utm_|mtm_|pk_|piwik_|matomo_|hsa_|at_|ns_|ito_|__hs|_hs|oly_|vero_|wt_|cm_|mc_|fb_|hmb_)\w*"
    r"|(?:fb|g|ms|tw|dc|y|wb|gb|tt|irc)clid|li_fat_id|gclsrc|igshid|igsh|yclid|_openstat|ymclid|erid|srsltid"
    r"|ref|ref_src|ref_url|referer|referrer|rss|rssfeed|feed|ftag|ncid|cmpid?|cid_source|campaign|icid|smid|smtyp"
    r"|soc_src|soc_trk|share|shared|sharetype|from_rss|fromrss|partner|taid|traffic_source|via|xtor|spm|guccounter"
    r"|guce_referrer(?:_sig)?|outputtype|amp|ampmode|amp_js_v|amp_gsa|usqp|_ga|_gl|cmd_source|source_rss|ocid|s_cid",
    re.IGNORECASE,
)
"""Names of query parameters that tell how a reader came, not what is read."""

DOORS: Final = frozenset({"www", "www2", "www3", "m", "mobile", "mob", "touch", "wap", "amp", "pda", "lite"})
"""First labels of host names that are other doors to the same site."""

DEFAULT_PORTS: Final = frozenset({None, 80, 443})
SAFE: Final = "/:@!$&'()*+,;=-._~%"
INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
AMP_END: Final = re.compile(r"(?:/amp|\.amp|/amp\.html?|\.amp(?=\.html?$))$|\.amp(?=\.html?$)", re.IGNORECASE)
AMP_START: Final = re.compile(r"^/amp(?=/.)", re.IGNORECASE)
AMP_CACHE: Final = re.compile(r"^/(?:amp|[civ])/(?:s/)?(?P<rest>[^/]+\.[^/]+/.+)$", re.IGNORECASE)
UNRESERVED: Final = re.compile(r"%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)", re.IGNORECASE)
ROUNDS: Final = 8
"""Wrappings of one URL in another that are undone; nobody honest needs more than two."""


def canonical_url(url: str | None) -> str | None:
    """The canonical form of a http(s) URL, or None for anything else; applying it twice changes nothing."""
    form = _once(url.strip()) if url else None
    for _ in range(ROUNDS):
        again = _once(form) if form else None
        if again == form:
            break
        form = again
    return form


def identifies(canonical: str) -> bool:
    """Whether a canonical URL can name one article: a bare home page cannot."""
    parts = urlsplit(canonical)
    return bool(parts.path.strip("/") or parts.query)


def _once(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    cached = _unwrap(host, parts.path)
    if cached:
        return f"https://{cached}{'?' + parts.query if parts.query else ''}"
    place = host if port in DEFAULT_PORTS else f"{host}:{port}"
    query = _query(parts.query)
    return f"https://{place}{_path(parts.path)}{'?' + query if query else ''}{_fragment(parts)}"


def _host(host: str) -> str:
    name = host.lower().strip(".")
    if ":" in name:
        return f"[{name}]"
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        name = quote(name, safe="-._~")
    first, _, rest = name.partition(".")
    while first in DOORS and "." in rest:
        name = rest
        first, _, rest = name.partition(".")
    return name


def _unwrap(host: str, path: str) -> str | None:
    """The address inside an AMP cache's address."""
    if host.endswith(".ampproject.org") or host.startswith("google."):
        match = AMP_CACHE.match(path)
        return match["rest"] if match else None
    return None


def _path(path: str) -> str:
    plain = UNRESERVED.sub(lambda match: unquote(match[0]), quote(path, safe=SAFE))
    plain = re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), plain, flags=re.IGNORECASE)
    plain = re.sub(r"/{2,}", "/", plain)
    return AMP_START.sub("", AMP_END.sub("", INDEX.sub("/", plain).rstrip("/"))).rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not TRACKING.fullmatch(pair[0])))


def _fragment(parts: SplitResult) -> str:
    """A fragment is dropped unless it is a page of a script-driven site (`#!/page`)."""
    return f"#{quote(parts.fragment, safe=SAFE + '?#')}" if parts.fragment.startswith("!/") else ""
