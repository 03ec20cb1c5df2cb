"""The record accounting as lines for a terminal: what came in, what went on, what ended where and why."""

from __future__ import annotations

from collections.abc import Mapping

from streams.runtimes.base import Count
from streams.web.accounting import RoomBalance, balances


def tally(counts: Mapping[Count, int]) -> str:
    """One line for every room that counted anything, reasons included."""
    rows = [_row(balance) for balance in balances(counts, {}) if balance.taken]
    return "\n".join([f"{'room':<10}{'in':>6}{'out':>6}  dropped and put aside", *rows])


def _row(balance: RoomBalance) -> str:
    ended = balance.dropped | {
        f"{kind}: {reason}": number
        for kind, counted in (("quarantined", balance.quarantined), ("forgotten", balance.forgotten))
        for reason, number in counted.items()
    }
    reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(ended.items()))
    alarm = "" if balance.balanced else "  !! in is not out + dropped + quarantined"
    return f"{balance.room:<10}{balance.taken:>6}{sum(balance.out.values()):>6}  {reasons or '-'}{alarm}"
