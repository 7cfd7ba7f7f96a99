"""The words of a command line: which are flags, what belongs to them, what names mean.

Settings classes, hand-written modules and jobs each know other flags; how words are read is one
thing for all of them:

- A flag's value follows `=`, or is the next word, unless that starts with `--` or is `-h`; so
  negative numbers are values. A list's flag takes the words after that one too, up to the first
  that looks like a flag.
- Dashes may stand for underscores and the reverse; the exact name wins. Nothing is abbreviated.
- `--no-` before the first or the last part of a name turns a flag off that can be turned off.
- `--` ends the flags.
- Of a process that is a notebook's kernel or runs tests, the words that it was started with
  belong to that program, and to nobody here.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = tuple[str | int, ...]
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any


#: Flags of every settings class.
GENERAL = frozenset(
    "help settings-file settings_file preset show-settings show_settings completion unset".split()
)
#: What `--show-settings` takes.
SHOWN_AS = ("table", "json", "toml", "yaml")

#: Shells that `--completion` knows.
SHELLS = ("bash", "zsh", "fish")

#: The key by which a config says its version, which is for who stores it to say.
VERSION = "$version"

#: Between the words that the scripts of these shells ask `--completion` about.
ASKED = "\x1f"

#: Stands where words were taken out, so that those around it do not meet. No process can have it.
GAP = "\0"

_HOSTS = (
    *("/ipykernel_launcher", "/ipykernel", "/colab_kernel_launcher", "/spyder_kernels/console"),
    *("/ipython", "/ipython3", "/pytest", "/py/test", "/unittest"),
)


def words_of_process() -> list[str]:
    """The words with which this process was started, or that code has added to them since."""
    program, *words = sys.argv or [""]
    if not _is_host(program):
        return words
    for index, word in enumerate(sys.orig_argv, 1):
        if _is_host(word):
            own = sys.orig_argv[index:]
            return words[len(own) :] if words[: len(own)] == own else words
    return []  # Worker processes of a host have its words, but another command line.


def is_hosted() -> bool:
    """Whether this process is a notebook's kernel, or runs tests: it is no program of its own."""
    return bool(sys.argv) and _is_host(sys.argv[0])


def _is_host(program: str) -> bool:
    path = program.replace("\\", "/").removesuffix(".py").removesuffix(".exe")
    path = path.removesuffix("/__main__").replace(".", "/").replace(" ", "/")
    return f"/{path.lower()}".endswith(_HOSTS)


class Words:
    """The words of a command line, taken from the left.

    Iterating gives each word that is no value: the word, the name of the flag that it begins or
    None, and the text behind `=` or None. `-h` has the name `help`. It ends before `--`.

    Attributes:
        foreign: the words of nobody, without what is most likely the value of one.
        left: the same with the values, in order.
        refused: flags by the word behind them that can be no value of theirs.
        hidden: flags of secrets by the words behind them, which may be parts of these.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0
        self.foreign: list[str] = []
        self.left: list[str] = []
        self.refused: dict[str, str] = {}
        self.hidden: dict[str, str] = {}

    def __iter__(self) -> Iterator[tuple[str, str | None, str | None]]:
        while self._at < len(self._words) and self._words[self._at] != "--":
            word = self._words[self._at]
            self._at += 1
            if word == GAP:
                continue
            if word[:2] == "--":
                name, equals, text = word[2:].partition("=")
                yield word, name, text if equals else None
            else:
                yield word, "help" if word == "-h" else None, None

    def next_value(self) -> str | None:
        """The following word, if it can be a value; it is not taken yet."""
        word = self._words[self._at] if self._at < len(self._words) else "--"
        return None if word[:2] == "--" or word in ("-h", GAP) else word

    def take_value(self) -> str | None:
        """Take the following word, if it can be a value."""
        value = self.next_value()
        self._at += value is not None
        return value

    def take_others(self) -> list[str]:
        """Take all following words up to the first that looks like a flag."""
        values: list[str] = []
        while (value := self.next_value()) is not None and not is_dashed(value):
            values.append(value)
            self._at += 1
        return values

    def take_topic(self) -> str:
        """Take the following word, a flag too, as what help is asked about; "" if there is none."""
        word = self._words[self._at] if self._at < len(self._words) else "--"
        if word in ("--", GAP):
            return ""
        self._at += 1
        return word

    def leave(self, word: str, secret: str = "") -> None:
        """Note that `word`, the last one taken, belongs to nobody; `secret` is the flag before it
        where that is one of a secret."""
        if secret:
            self.hidden[word] = secret
        self.foreign.append(word)
        self.left.append(word)
        following = self.next_value()
        if (
            is_dashed(word)
            and "=" not in word
            and following is not None
            and not is_dashed(following)
        ):
            self.left.append(following)
            self._at += 1

    def rest(self) -> list[str]:
        """What has not been taken: at the end of the iteration `--` and the words behind it."""
        return list(self._words[self._at :])


def is_dashed(word: str) -> bool:
    """Whether `word` looks like a flag, long or short, rather than a negative number or text."""
    return word[:1] == "-" and word != "-" and not word[1:2].isdigit()


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


def has_flag(key: str, *, at_root: bool = False) -> bool:
    """Whether the property `key` can be said by a flag of its own."""
    if key == VERSION or (at_root and key in GENERAL):
        return False
    return (
        key.isprintable()
        and key[:1] not in ("", "-")
        and not any(char in ".=" or char.isspace() for char in key)
    )


def is_index(text: str) -> bool:
    """Whether `text` is the index of an item; no list has so many that it takes 19 digits."""
    is_whole = text.isascii() and text.isdecimal() and len(text) < 19
    return is_whole and (text == "0" or text[0] != "0")


#: The index of an item that is appended to a list, in the path of a flag.
APPENDED = -1


def variable_of(prefix: str, path: Iterable[str | int]) -> str:
    """The variable of a setting, with a dollar: `$TRAIN__TRAINING__EPOCHS`."""
    return f"${'__'.join([prefix, *(folded(str(step)) for step in path)])}"


def folded(key: str) -> str:
    """A key as the name of a variable has it."""
    return "".join(char if char.isalnum() else "_" for char in key.upper())


#: Megabytes of a file that are read, as devices may have no end; steps that a name can have.
MOST_READ, MOST_STEPS = 256, 1000

#: Spaces and joiners.
_HARMLESS = "\n\t\xa0\u3000\u200c\u200d"


def contents_behind(word: str) -> str:
    """What `values.contents` gives for a word that begins with `@`.

    Raises:
        ValueError: the file cannot be read.
    """
    if word[:2] == "@@":
        return word[1:]
    try:
        text = text_in(word[1:])
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        hint = f"; @{word} is the text {word}"
        raise ValueError(f"cannot be read from the file {word[1:]!r}: {reason}{hint}") from None
    return text.removesuffix("\n").removesuffix("\r")


def text_in(name: str) -> str:
    """What a file holds, UTF-8; an OSError or a ValueError says why it cannot be read."""
    from functools import partial
    from itertools import islice
    from os.path import expanduser

    with open(expanduser(name), "rb") as file:
        parts = [*islice(iter(partial(file.read, 1 << 20), b""), MOST_READ + 1)]
    if len(parts) > MOST_READ:
        raise OSError(0, f"it holds more than {MOST_READ} MB")
    return b"".join(parts).decode("utf-8-sig")


def write_json(value: Any) -> str:
    """Compact JSON text of `value` that any operating system can pass as an argument."""
    is_short = type(value) is int and value.bit_length() < 64
    if is_short or (type(value) is float and value - value == 0):
        return repr(value)
    from ..config.json_text import json_text

    text = json_text(value, compact=True)
    if not is_word(text):
        text = json_text(value, compact=True, ascii=True).replace("\x7f", "\\u007f")
    return text


def is_word(text: str) -> bool:
    """Whether `text` can be an argument of a process, and stand in a terminal as it is."""
    return text.isprintable() or all(c.isprintable() or c in _HARMLESS for c in text)
