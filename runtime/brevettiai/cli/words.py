"""The words of a command line: which are flags, what belongs to them, what names mean.

Settings classes, hand-written modules and jobs each know other flags; how words are read is one
thing for all of them:

- A flag's value follows `=`, or is the next word, unless that starts with `--` or is `-h`; so
  negative numbers are values.
- Dashes may stand for underscores and the reverse; the exact name wins. Nothing is abbreviated.
- `--no-` before the first or the last part of a name turns a flag off that can be turned off.
- `--` ends the flags.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Flags of every settings class.
GENERAL = frozenset({"help", "settings-file", "settings_file", "preset"})


class Words:
    """The words of a command line, taken from the left.

    Iterating gives each word that is no value: the word, the name of the flag that it begins or
    None, and the text behind `=` or None. `-h` has the name `help`. It ends before `--`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0

    def __iter__(self) -> Iterator[tuple[str, str | None, str | None]]:
        while self._at < len(self._words) and self._words[self._at] != "--":
            word = self._words[self._at]
            self._at += 1
            if word[:2] == "--":
                name, equals, text = word[2:].partition("=")
                yield word, name, text if equals else None
            else:
                yield word, "help" if word == "-h" else None, None

    def next_value(self) -> str | None:
        """The following word, if it can be a value; it is not taken yet."""
        word = self._words[self._at] if self._at < len(self._words) else "--"
        return None if word[:2] == "--" or word == "-h" else word

    def take_value(self) -> str | None:
        """Take the following word, if it can be a value."""
        value = self.next_value()
        self._at += value is not None
        return value

    def rest(self) -> list[str]:
        """What has not been taken: at the end of the iteration `--` and the words behind it."""
        return list(self._words[self._at :])


def meant(name: str, known: Iterable[str]) -> str | None:
    """Which of `known` a typed name is: itself, else the only one with other dashes."""
    dashed = name.replace("_", "-")
    alike = [each for each in known if each.replace("_", "-") == dashed]
    return name if name in alike else alike[0] if len(alike) == 1 else None


def turned_on(name: str) -> Iterator[str]:
    """What a typed name would turn off: `a.flip` of `no-a.flip` and of `a.no-flip`."""
    parts = name.split(".")
    for index in sorted({0, len(parts) - 1}):
        if parts[index][:3] == "no-":
            yield ".".join([*parts[:index], parts[index][3:], *parts[index + 1 :]])


def has_flag(key: str, *, at_root: bool) -> bool:
    """Whether the property `key` can be said by a flag of its own."""
    if at_root and key in GENERAL:
        return False
    return (
        key.isprintable()
        and key[:1] not in ("", "-")
        and not any(char in ".=" or char.isspace() for char in key)
    )
