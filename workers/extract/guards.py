"""Numbers that are no counts: dates, clock times, ages, money, shares, distances, model numbers, ranks, scores."""

from __future__ import annotations

from typing import Final

from workers.extract.lexicon import Lexicon
from workers.extract.numerals import Number
from workers.extract.tokens import NUMBER, WORD, Tokens

_RANKS: Final = frozenset(
    {"no", "nos", "number", "article", "order", "decree", "resolution", "chapter", "section", "page", "flight", "route"}
    | {"highway", "channel", "unit", "apartment", "room", "block", "phase", "top", "#", "act", "brigade", "regiment"}
    | {"division", "battalion", "id", "version", "series", "tel", "day", "level", "category", "mach"}
)
_BEFORE_YEAR: Final = frozenset(
    {"in", "since", "of", "from", "until", "year", "early", "late", "during", "summer", "spring", "autumn", "winter"}
    | {"by", "before", "after"}
)
_AFTER_YEAR: Final = frozenset({"and", "that", "which", "when", "was", "the", "saw"})
_AGED: Final = frozenset(
    {"age", "man", "woman", "boy", "girl", "child", "teenager", "lady", "pensioner", "daughter", "son"}
)
_PEOPLE: Final = _AGED | frozenset(
    {"men", "women", "boys", "girls", "brother", "sister", "brothers", "sisters", "wife", "husband", "mother", "father"}
    | {"grandmother", "grandfather", "driver", "resident", "residents", "civilian", "pensioners", "soldier", "sons"}
    | {"daughters", "teenagers", "girlfriend", "boyfriend", "fiance", "student", "students", "worker", "victim"}
)
_ROUGHLY: Final = frozenset({"about", "around", "some", "nearly", "almost", "over", "under", "roughly", "maybe"})
_OLDEST: Final = 110
_ODDS: Final = frozenset({"three", "four", "five", "six", "seven", "eight", "ten", "20", "100", "twenty", "hundred"})
_WHOLES: Final = frozenset({"family", "household", "roof", "night", "day", "time", "point", "crew", "vehicle"})
"""What "one" names and does not count: "four members of one family"."""
_BEFORE_RATIO: Final = frozenset({"of", "in", "by", "every"})
_IN_RATIO: Final = frozenset({"after", "than", "in", "every"})
"""Without one of these in front of a number, or of those within three words behind it, it is no ratio."""
_STRETCH: Final = frozenset({"last", "past", "previous", "next", "first", "final"})
_WHOSE: Final = frozenset({"its", "their", "his", "her", "our", "my", "the"})
_CLOSING: Final = frozenset({"and", "or", "but", "while", "with", "in", "at", "on", "against", "since", "as", "after"})
"""Words behind "their past 10" that begin something else, so that it counts the games of a team."""
_YEARS: Final = range(1900, 2100)
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th"})
_RISING: Final = frozenset(
    {
        "up",
        "down",
        "rose",
        "risen",
        "rises",
        "rise",
        "increased",
        "increase",
        "grew",
        "grown",
        "climbed",
        "jumped",
        "fell",
    }
    | {"fallen", "dropped", "shrunk", "shrank", "swelled", "swollen", "decreased", "raised", "lowered"}
)
"""Before "by three" these tell how much a figure changed."""
_SIGNS: Final = frozenset({"/", ":", "_", "#", "@", "=", "&", "+", "°", "~", "."})


class Guards:
    """Says why a number is no count; the reasons are names that an abstention can carry."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.units = lexicon.cues["units"]
        self.money = lexicon.cues["money"]
        self.months = lexicon.cues["months"]
        self._checks = (
            self._money,
            self._share,
            self._glued,
            self._date,
            self._age,
            self._unit,
            self._rank,
            self._ratio,
            self._stretch,
        )

    def reason(self, tok: Tokens, number: Number) -> str | None:
        """The named reason why this number counts nothing, or None."""
        if number.kind in ("ordinal", "article"):
            return None
        before, after = tok.word(number.i - 1), tok.word(number.j)
        for check in self._checks:
            if why := check(tok, number, before, after):
                return why
        return "decimal" if number.value != int(number.value) else None

    def _money(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        if before in self.money and before:
            return "money"
        if before == "at" and after in ("apiece", "each"):
            return "money"  # "missiles at a million apiece"
        return None

    def _ratio(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        """ "nine out of every ten drones", "300 more than in the week before"."""
        ahead = tok.words[n.j : n.j + 3]
        if before not in _BEFORE_RATIO and _IN_RATIO.isdisjoint(ahead):
            return None
        if n.value == 1 and ahead[1:] == ["after", "another"]:
            return "ratio"  # "one interception after another"
        if ahead[:2] in (["more", "than"], ["fewer", "than"], ["less", "than"]):
            return "comparison"
        if n.value == 1 and before == "of" and after in _WHOLES:
            return "name"
        if "in" in (before, after) and self._odds(tok, n):
            return "ratio"
        if before == "by" and not _RISING.isdisjoint(tok.words[max(0, n.i - 3) : n.i - 1]):
            return "change"  # "has gone up by three to 31"
        every = before == "every" or ahead[-1:] == ["every"] or ahead[:2] == ["in", "every"]
        return "ratio" if every else None

    def _stretch(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        """ "lost nine of their past 10" counts games, "its last 12 drones" counts them."""
        if before not in _STRETCH or tok.word(n.i - 2) not in _WHOSE:
            return None
        return "stretch" if not after[:1].isalpha() or after in _CLOSING else None

    def _odds(self, tok: Tokens, n: Number) -> bool:
        """True for both numbers of "one in five drones"."""
        first, second = (n.i, n.j + 1) if tok.word(n.j) == "in" else (n.i - 2, n.i)
        return tok.word(first) in ("one", "two") and tok.word(second) in _ODDS

    def _share(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        return "share" if after in ("%", "percent", "percentage") else None

    def _glued(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        """Model numbers, ordinals in digits, clock times, scores, and parts of longer signs."""
        if tok.glued(n.i):
            if before in ("-", "\u2013") and n.i > 1 and tok.glued(n.i - 1) and tok.kinds[n.i - 2] in (WORD, NUMBER):
                return "model" if tok.kinds[n.i - 2] == WORD else "score"
            if tok.kinds[n.i - 1] == WORD and not before.startswith("'"):
                return "model"
            if before in _SIGNS:
                return "sign"
        return self._glued_after(tok, n, after) if tok.glued(n.j) else None

    def _glued_after(self, tok: Tokens, n: Number, after: str) -> str | None:
        if after in _ORDINAL_ENDS:
            return "ordinal"
        if tok.kinds[n.j] == WORD and tok.kinds[n.j - 1] == NUMBER:
            return "unit" if after in self.units else "model"
        if after == ":" and tok.glued(n.j + 1):
            return "clock"
        if after == "/" and tok.glued(n.j + 1):
            return "sign"
        if after == "-" and tok.glued(n.j + 1) and n.j + 1 < len(tok):
            return "compound" if tok.kinds[n.j + 1] == WORD else "score"
        return None

    def _date(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        if n.value <= 31 and self._day(tok, n, before, after):
            return "date"
        if (n.high or n.value) in _YEARS and n.kind == "digits" and tok.word(n.i).isdecimal():
            return self._year(tok, n, before, after)
        return None

    def _day(self, tok: Tokens, n: Number, before: str, after: str) -> bool:
        """True for "May 4", "Oct. 17", "4 May" and the second day of "May 4 and 5"."""
        if before in self.months and tok.capital(n.i - 1):
            return True
        if before == "." and tok.word(n.i - 2) in self.months:
            return True
        if after in self.months and tok.capital(n.j) and n.kind == "digits":
            return True
        return before == "and" and tok.word(n.i - 3) in self.months

    def _year(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        named = before in self.months or before in _BEFORE_YEAR
        if named or tok.word(n.i - 2) in self.months or tok.word(n.i - 3) in self.months:
            return "year"
        closed = not after or not after[0].isalpha() or after in _AFTER_YEAR
        return "year" if closed else None

    def _age(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        k = n.i - 2 if before in _ROUGHLY else n.i - 1  # "a man of about 50"
        if tok.word(k) == "aged" or (tok.word(k) == "of" and tok.word(k - 1) in _AGED):
            return "age"
        if n.value < _OLDEST and self._ages(tok, n):
            return "age"
        if before in ("and", "to") and tok.word(n.i - 3) in ("aged", "between"):
            return "age" if tok.word(n.i - 3) == "aged" else None
        if before != "," or n.value >= 120 or n.kind != "digits":
            return None
        initial = tok.word(n.i - 2) == "." and len(tok.word(n.i - 3)) == 1  # "Vasyl M., 51,"
        named = tok.capital(n.i - 3 if initial else n.i - 2)
        full = after in ("-", "\u2013") and not tok.glued(n.j) and tok.capital(n.i - 3)  # "Asif Ali, 29 - died"
        return "age" if named and (after == "," or full) else None

    def _ages(self, tok: Tokens, n: Number) -> bool:
        """True for "a man, 64, was", "two women, 34 and 51, were", "aged 34, 51 and 66", "34 and 51 years old"."""
        first, last = n.i - 1, n.j
        while first > 0 and (tok.kinds[first] == NUMBER or self._joins(tok, first, first - 1)):
            first -= 1
        while last < len(tok) and (tok.kinds[last] == NUMBER or self._joins(tok, last, last + 1)):
            last += 1
        before, after = tok.word(first), tok.word(last)
        if before in ("aged", "ages") or tok.words[last : last + 2] == ["years", "old"]:
            return True
        closed = before == "," and after in (",", ".", ")", "")
        return closed and n.kind == "digits" and tok.word(first - 1) in _PEOPLE

    def _joins(self, tok: Tokens, k: int, beyond: int) -> bool:
        """True for "and", and for a comma with a number beyond."""
        word = tok.words[k]
        return word == "and" or (word == "," and tok.kinds[beyond : beyond + 1] == [NUMBER])

    def _unit(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        if after == "-" and tok.word(n.j + 1) in self.units:
            return "unit"
        if after in ("a", "s", "m", "x", "st", "p"):
            return "clock" if after in ("a", "p") and tok.word(n.j + 1) == "." else None
        if after in ("second", "points", "point", "local", "per"):
            return "unit" if after != "local" else None
        return "unit" if after in self.units else None

    def _rank(self, tok: Tokens, n: Number, before: str, after: str) -> str | None:
        if before in _RANKS and n.kind == "digits" and not (before == "number" and n.value >= 1000):
            return "rank"
        if before == "." and tok.word(n.i - 2) in ("no", "nos"):
            return "rank"
        return None
