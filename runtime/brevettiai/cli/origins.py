"""Where the values of settings come from."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from contextlib import contextmanager

from ..config.notices import LOGGER
from ..json_values import UNSET, is_array, is_object
from ..messages.records import NamedTuple
from .files import origin_text
from .inside import value_at
from .layers import Parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any, Generic, TypeVar

    from typing_extensions import NamedTuple as Pair

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


class Origins(Mapping["Path", str]):
    """The origins of all values of `config`, which was made of `parsed`."""

    def __init__(self, parsed: Parsed, config: Mapping[str, Any]) -> None:
        # The paths of values whose parts have origins of their own.
        split = {path[:length] for path in parsed.origins for length in range(len(path))}
        with quiet():  # Its old names were told before.
            stored = Parsed(parsed.cls, parsed.given).config
        self._known = {path: _origin(parsed, stored, path) for path in _leaves(config, split)}

    def __getitem__(self, path: Path) -> str:
        return origin_text(self._known[path], path)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return repr(dict(self))


def _origin(parsed: Parsed, stored: dict[str, Any], path: Path) -> str:
    """The origin of one value: its own, or that of the nearest object around it."""
    if value_at(parsed.config, path) is UNSET:
        return DEFAULT
    for length in range(len(path), -1, -1):
        origin = parsed.origins.get(path[:length])
        if origin is not None:
            return origin
    # What an object's own default says is there too, where a layer gave a part of the object.
    return DEFAULT if value_at(stored, path) is UNSET else STORED


@contextmanager
def quiet() -> Generator[None, None, None]:
    """No word about what was told when the same settings were loaded before."""
    logger = logging.getLogger(LOGGER)
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


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
