"""What to say about flags that do not exist. Loaded only when there is one."""

from __future__ import annotations

from functools import lru_cache

from ..messages.words import MOST_GUESSES, close_match, listed
from .inside import item_of, kinds_of, value_of
from .names import find_flag
from .tree import listed_flags
from .words import GENERAL, MOST_STEPS, has_flag, is_dashed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..settings import Settings
    from .words import Words

MAX_NAMES = 1900
"""How many names a suggestion is sought among; comparing takes time."""


def about_foreign(words: Words, about_flag: Callable[[str], str]) -> list[str]:
    """The messages about all words that were left; `about_flag` has the one about a flag."""
    told: list[str] = []
    for turn, word in enumerate(words.foreign):
        flag = word.partition("=")[0]
        if not is_dashed(word) or word in words.hidden:
            told.append(_about_word(word, words))
        else:
            told.append(about_flag(flag) if turn < MOST_GUESSES else f"unknown flag {flag}")
    return told + [f"unexpected word {word!r} after --" for word in words.rest()[1:]]


def _about_word(word: str, words: Words) -> str:
    if word in words.hidden:
        hint = "not shown, as it may be part of a secret: a value with spaces takes quotes"
        return f"unexpected word behind {words.hidden[word]} ({hint})"
    flag = words.refused.get(word)
    hint = f"; {flag} takes true or false, also as yes or no, on or off, 1 or 0" if flag else ""
    name, equals, _ = word.partition("=")
    if not flag and equals and name.replace(".", "").replace("-", "").isidentifier():
        hint = f", did you mean --{word}?"  # as Hydra and make have it
    return f"unexpected word {word!r}{hint}"


def unknown_flag(cls: type[Settings], typed: str, others: Iterable[str] = ()) -> str:
    """The message about a flag that `cls` lacks, with a way to say what was probably meant.

    That may be one of the `others`, which the program has as well.
    """
    hint = _inside_hint(cls, typed[2:]) if typed.startswith("--") else ""
    if hint:
        return f"unknown flag {typed}{hint}"
    flags = dict.fromkeys([*sorted(GENERAL), *others], False)
    # A class can be hashed, though its objects cannot.
    told = suggestion(typed, flags | _flags_of(cls))  # type: ignore[arg-type]
    return told.replace("; --help lists all", _entry_hint(cls, typed))


def _entry_hint(cls: type[Settings], typed: str) -> str:
    """What to do where nothing looks like a flag, which may be a key with flags inside it."""
    entry = find_flag(cls, typed[2:], entries=True) if typed[:2] == "--" else None
    for kind in (kind for row in entry.fields for kind in kinds_of(row).kinds) if entry else ():
        for field in kind.cls.__brevetti__.fields():
            if has_flag(field.key):
                return f"; only what is inside has flags, such as {typed}.{field.key}"
    return "; --help lists all"


@lru_cache(maxsize=1)
def _flags_of(cls: type[Settings]) -> dict[str, bool]:
    """The flags of a class, and which of them can be turned off."""
    known = [flag for flag in listed_flags(cls) if flag.name and not flag.is_pattern]
    return {flag.name: "boolean" in flag.field.kinds for flag in known[:MAX_NAMES]}


def suggestion(typed: str, flags: Mapping[str, bool]) -> str:
    """The message about an unknown flag among `flags`, of which some can be turned off.

    It names at most three: of the same last part, or else of similar spelling.
    """
    name = typed.lstrip("-")
    no = "no-" if name.startswith("no-") and name not in flags else ""
    pool = [known for known, is_boolean in flags.items() if is_boolean or not no]
    close = " or ".join(f"--{no}{known}" for known in similar(name[len(no) :], pool))
    return f"unknown flag {typed}" + (f", did you mean {close}?" if close else "; --help lists all")


def similar(wanted: str, known: list[str]) -> list[str]:
    """The names that were probably meant: of the same last part, or else of similar spelling."""
    same = [each for each in known if _last(each) == _last(wanted)][:3]
    return same or [*filter(None, [close_match(wanted, known, 0.7)])]


def _last(name: str) -> str:
    return name.rpartition(".")[2].replace("_", "-")


def _inside_hint(cls: type[Settings], name: str) -> str:
    """What is inside the setting that a name begins with; "" where the list of flags tells."""
    steps = name.split(".", MOST_STEPS)
    flag, depth = None, len(steps) - 1
    while depth and (flag := find_flag(cls, ".".join(steps[:depth]), entries=True)) is None:
        depth -= 1
    above, rest = ".".join(steps[:depth]), ".".join(steps[depth:])
    rows = flag.fields if flag is not None else ()
    kinds = [kind.cls for row in rows for kind in kinds_of(row).kinds] if flag else [cls]
    keys = dict.fromkeys(row.key for each in kinds for row in each.__brevetti__.fields())
    as_json = f": give it as JSON of its object, --{above or '.'} '{{\"{rest}\": …}}'"
    if rest in keys and not has_flag(rest, at_root=not depth):
        return as_json
    if flag is None or (flag.field is not None and flag.field.cls and not flag.is_inside):
        return ""
    if steps[depth - 1] == "+":
        return f": --{above} takes a whole item, as JSON"
    if keys:
        close = close_match(steps[depth], filter(has_flag, keys))
        if close is None:
            return f": inside --{above} are {listed(keys)}"
        meant = ".".join([above, close, *steps[depth + 1 :]])
        return f", did you mean --{meant if find_flag(cls, meant) else f'{above}.{close}'}?"
    if any(item_of(row, 0) for row in rows):
        return f": the items of --{above} are numbered from 0, and --{above}.+ appends one"
    if any(value_of(row, rest) for row in rows):
        return as_json
    return f": --{above} has nothing inside"
