"""Where values come from: settings files that find the lines of values, and the origin of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..json_values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Generic, TypeVar

    from typing_extensions import NamedTuple as Pair

    from .layers import Parsed
    from .text import Position
    from .words import Path

    S = TypeVar("S")

    class Sourced(Pair, Generic[S]):
        settings: S
        origins: Mapping[Path, str]

else:

    class Sourced(NamedTuple):
        """Settings, and where each of their values came from.

        Attributes:
            settings: the settings.
            origins: by path, of keys and indices, the origin of every value: `train.toml:3`,
                `--preset 'Fine details'`, `$TRAIN__TRAINING__EPOCHS`, `--training.epochs`;
                `stored settings` of what `config=` gave, and `default` of what nobody gave.
                What has parts is there by its parts, but for lists without lists and objects.
        """

        settings: Any
        origins: Mapping[Path, str]


#: The origin of what no layer gave.
DEFAULT = "default"
#: The origin of the lowest layer, which is given as a config.
STORED = "stored settings"


class FileOrigin(str):
    """The name of a settings file, as the origin of what it says; lines are sought when asked for.

    Attributes:
        text: what the file holds.
        suffix: `.json`, `.toml`, `.yaml` or `.yml`.
        inside: the path in the file of the settings that count.
        part: the path of the setting for whose value it was given.
    """

    text: str
    suffix: str
    inside: Path = ()
    part: Path = ()
    _places: Position | None = None

    def at(self, path: Path) -> str:
        """The file and the line of the value at a path of the settings: `train.toml:3`."""
        from .text import Lines, TextError

        try:
            if self._places is None:
                self._places = self._scan()
            offset = self._places.find((*self.inside, *path[len(self.part) :]))
        except TextError:  # Of what is read, the scanners refuse what nests too deeply.
            return str(self)
        return f"{self}:{Lines.of(self.text).position(offset)[0]}"

    def _scan(self) -> Position:
        if self.suffix == ".json":
            from .json_text import scan_json as scan
        elif self.suffix == ".toml":
            from .toml_text import scan_toml as scan
        else:
            from .yaml_text import scan_yaml as scan
        return scan(self.text)


def origin_text(origin: str, path: Path) -> str:
    """An origin as people read it, of the value at `path`: files with the line."""
    return origin.at(path) if isinstance(origin, FileOrigin) else origin


class Origins(Mapping["Path", str]):
    """The origins of all values of `config`, which was made of `parsed`."""

    def __init__(self, parsed: Parsed, config: Mapping[str, Any]) -> None:
        # The paths of values whose parts have origins of their own.
        split = {path[:length] for path in parsed.origins for length in range(len(path))}
        self._known = {path: _origin(parsed, path) for path in _leaves(config, split)}

    def __getitem__(self, path: Path) -> str:
        return origin_text(self._known[path], path)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return repr(dict(self))


def _origin(parsed: Parsed, path: Path) -> str:
    """The origin of one value: its own, or that of the nearest object around it."""
    value: Any = parsed.config
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return DEFAULT
    for length in range(len(path), -1, -1):
        origin = parsed.origins.get(path[:length])
        if origin is not None:
            return origin
    return STORED


def _leaves(value: Any, split: set[Path], path: Path = ()) -> Iterator[Path]:
    """The paths of the values that have no parts, and of lists of such.

    Lists at the paths in `split` are taken apart all the same.
    """
    if is_object(value) and (value or not path):
        for key, item in value.items():
            yield from _leaves(item, split, (*path, key))
    elif is_array(value) and (path in split or any(is_object(i) or is_array(i) for i in value)):
        for index, item in enumerate(value):
            yield from _leaves(item, split, (*path, index))
    else:
        yield path
