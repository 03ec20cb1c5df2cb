"""English inflection, as far as a lexicon of lemmas needs it: plurals, and the five forms of a verb."""

from __future__ import annotations

from typing import Final

_VOWELS: Final = frozenset("aeiou")
_SIBILANTS: Final = ("s", "x", "z", "ch", "sh")


def _suffixed(word: str, end: str) -> str:
    """The word with -s: `city` to `cities`, `blast` to `blasts`, `crash` to `crashes`."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_SIBILANTS) else end)


def plural(noun: str) -> str:
    """The regular plural of a noun phrase: its last word takes the ending."""
    head, _, last = noun.rpartition(" ")
    return f"{head} {_suffixed(last, 's')}".strip()


def _doubles(verb: str) -> bool:
    """True for short verbs that double their last letter: stop, jam, trap."""
    closed = len(verb) >= 3 and verb[-1] not in "aeiouwxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    return closed and sum(letter in _VOWELS for letter in verb) == 1


def _past(verb: str) -> str:
    if _doubles(verb):
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"


def _gerund(verb: str, past: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    if past == verb + verb[-1] + "ed" or _doubles(verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def conjugate(lemma: str, irregular: dict[str, tuple[str, str]]) -> dict[str, frozenset[str]]:
    """All forms of a verb phrase, each with the names of the forms that it may be: base, s, ing, past, part."""
    verb, _, rest = lemma.partition(" ")
    if verb == "be":
        return {rest: frozenset({"part"})}
    past, part = irregular.get(verb, (_past(verb),) * 2)
    forms: dict[str, set[str]] = {}
    for name, word in (
        ("base", verb), ("s", _suffixed(verb, "s")), ("ing", _gerund(verb, past)), ("past", past), ("part", part)
    ):  # fmt: skip
        forms.setdefault(f"{word} {rest}".strip(), set()).add(name)
    return {word: frozenset(names) for word, names in forms.items()}
