"""A notice as one JSON line: the contract's keys first, then what else is useful; the same bytes every time."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from schemas.alert import Evidence, Notice

UNSAFE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that JSON allows and that break a line, a terminal or an encoder; they are written as escapes."""


def notice_line(notice: Notice, **more: Any) -> str:
    """The line of `backtest`, `replay --json`, the console and JSON lines; without the line break."""
    return json_line(notice_fields(notice) | more)


def json_line(data: dict[str, Any]) -> str:
    """JSON without spaces on exactly one line, safe to encode and to show, whatever the texts in it hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def notice_fields(notice: Notice) -> dict[str, Any]:
    """The fields of the line as plain JSON data, in their order."""
    data = notice.model_dump(mode="json")
    window = data["window"]
    return {
        "alert": notice.alert,
        "rule": notice.rule,
        "group": notice.group,
        "window": notice.window.key,
        "notice": notice.notice,
        "severity": notice.severity,
        "value": notice.value,
        "threshold": notice.threshold,
        "was": notice.was,
        "at": data["at"],
        "evidence": [_evidence(each) for each in notice.evidence],
        "id": notice.id,
        "revision": notice.revision,
        "title": notice.title,
        "mode": notice.mode,
        "qualifier": notice.qualifier,
        "low": notice.low,
        "high": notice.high,
        "limit": notice.limit,
        "object": notice.object,
        "measure": notice.measure,
        "reason": notice.reason,
        "peak": notice.peak,
        "confidence": notice.confidence,
        "doubts": data["doubts"],
        "places": data["places"],
        "sources": data["sources"],
        "independent": notice.independent,
        "incidents": data["incidents"],
        "start": window["start"],
        "end": window["end"],
        "tz": notice.window.tz,
        "first_seen": data["first_seen"],
        "labels": notice.labels,
        "annotations": notice.annotations,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """One piece of evidence: the contract's keys, then the rest as the model has it."""
    data = evidence.model_dump(mode="json")
    first = {name: data[name] for name in ("article", "source", "url", "quote", "span")}
    return first | data
