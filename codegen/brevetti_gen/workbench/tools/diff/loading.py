"""Whether configs load, of old versions too: their classes rewrite them before they are judged."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from brevettiai.config.changes import changes_in
from brevettiai.config.notices import LOGGER
from brevettiai.errors import Problem
from brevettiai.settings import Settings, SettingsError

from ....json_values import is_object
from ....load import load_package
from ....model.types import Module
from ....problems import GenerationError
from ....schema.documents import Schema
from .failures import fits
from .sides import Side


class Loading:
    """Loads configs of one module of a version."""

    def __init__(self, side: Side, module: Module) -> None:
        self._side, self._module = side, module
        cls = module.root_class
        self._is_rewriting = cls is not None and cls.renames
        self._class: type[Settings] | None = None
        self._is_lost = False

    def takes(self, config: Any) -> bool | None:
        """Whether a config loads; None where that cannot be told."""
        if not self._is_rewriting:
            return fits(self._side.judge, self._module.root, config)
        found = self._problems(config)
        return None if found is None else not found

    def faults(self, config: Any) -> Sequence[Problem]:
        """Why a config does not load."""
        if self._is_rewriting:
            return self._problems(config) or ()
        return self._side.judge.problems([self._module.root], config)

    def rewritten(self, config: Any) -> Any:
        """A config, a partial one perhaps, in the names, places and values of this version."""
        cls = self._loaded() if self._is_rewriting else None
        config = deepcopy(config)
        if cls is not None and is_object(config):
            changes_in(cls, config)
        return config

    def _problems(self, config: Any) -> Sequence[Problem] | None:
        """What the class says of a config, () if it takes it; None where there is no class."""
        cls = self._loaded()
        if cls is None or not is_object(config):
            return None
        logger = logging.getLogger(LOGGER)
        was_disabled, logger.disabled = logger.disabled, True
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cls.from_config(config)
        except SettingsError as error:
            return error.problems
        finally:
            logger.disabled = was_disabled
        return ()

    def _loaded(self) -> type[Settings] | None:
        document = self._module.root.document
        if self._class is None and not self._is_lost and isinstance(document, Schema):
            self._is_lost = True
            top = document.source.path.parents[document.source.uri_path.count("/")]
            for source in (document.source.path, top):
                self._class = self._class or self._found(source, document)
        return self._class

    def _found(self, source: Path, document: Schema) -> type[Settings] | None:
        asserts_formats = self._side.judge.asserts_formats
        try:
            classes = load_package([source], assert_formats=asserts_formats).classes
        except GenerationError:
            return None
        path = document.source.path.resolve()
        return next((each.cls for each in classes if each.source.path.resolve() == path), None)
