"""The schemas that a preview was started for, compiled when one is looked at or was changed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from brevettiai.cli.help import format_help
from brevettiai.settings import Settings

from ..forms.field_values import FormRanges
from ..load import LoadedClass, load_package
from ..problems import GenerationError, Problem
from ..read.find import Source, find
from ..workbench.telling.excerpts import Excerpts
from .public_texts import public_schema, without_values
from .related import Related, related
from .verdict import PACKAGE

#: Device, inode, size and time of last change of a file, by its path; None for one not there.
Stamps = tuple[tuple[str, tuple[int, ...] | None], ...]


#: Columns of `--help`, those of most terminals.
_HELP_WIDTH = 80


@dataclass(frozen=True)
class View:
    """What there is to see of one schema.

    Attributes:
        source: its file.
        cls: the generated class; None if there is none, for the reasons in `errors`, or because
            the schema's root is no object.
        form: the form document of `cls`; None without one.
        json_schema: the JSON Schema of `cls`, without values of secrets; None without a class.
        class_text: the generated module, without values where the schema's
            files mark secrets.
        help: what `--help` of the class prints; "" without one.
        title: the schema's title, else the class's name, else the module's.
        description: the schema's description, else "".
        errors: why the schema cannot be compiled as it is now. `cls` is then of the last version
            that could.
        warnings: what lint says.
    """

    source: Source
    cls: type[Settings] | None = None
    form: dict[str, Any] | None = None
    json_schema: dict[str, Any] | None = None
    class_text: str = ""
    help: str = ""
    title: str = ""
    description: str = ""
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def module(self) -> str:
        """The name of the schema's module in a package."""
        return ".".join(self.source.module)


@dataclass
class _Known:
    """A view with the files that it was made of, as they were then."""

    view: View
    files: tuple[Path, ...]
    stamps: Stamps = field(default=())


class Catalog:
    """Schemas by module name, always as their files are now. Several threads may use it."""

    def __init__(
        self,
        sources: Sequence[str | Path],
        *,
        maps: Mapping[str, str | Path] | None = None,
        exclude: Sequence[str] = (),
        allow_slow_patterns: bool = False,
        assert_formats: bool = False,
        form_ranges: FormRanges = "limits",
    ) -> None:
        """Take the files and folders `sources`; nothing is compiled yet.

        Raises:
            GenerationError: there are no schema files there.
        """
        self._given = tuple(Path(source) for source in sources)
        self._maps = dict(maps or {})
        self._exclude = tuple(exclude)
        self._allow_slow_patterns = allow_slow_patterns
        self._assert_formats = assert_formats
        self._form_ranges: FormRanges = form_ranges
        self._known: dict[str, _Known] = {}
        self._lock = threading.RLock()
        found, problems = find(self._given, patterns=self._exclude)
        if problems:
            raise GenerationError(problems)
        self._found = tuple(found)

    def sources(self) -> tuple[Source, ...]:
        """The schema files, those of today; of before where a folder cannot be searched now."""
        with self._lock:
            found, _ = find(self._given, patterns=self._exclude)
            # A file that is being saved may be away for a moment; it stays in the list.
            missing = [source for source in self._found if source.path in self._given]
            paths = {source.path for source in found}
            found += [source for source in missing if source.path not in paths]
            if found:
                self._found = tuple(sorted(found, key=lambda source: source.module))
            return self._found

    def view(self, module: str) -> View | None:
        """What there is to see of the schema with this module name; None if there is no such."""
        with self._lock:
            sources = {".".join(source.module): source for source in self.sources()}
            source = sources.get(module)
            if source is None:
                return None
            known = self._known.get(module)
            if known is None or known.stamps != stamps(known.files):
                known = self._known[module] = self._compiled(source, known)
            return known.view

    def watched(self) -> Stamps:
        """The state of all files that what was looked at depends on: another one, another view."""
        with self._lock:
            files = [source.path for source in self.sources()]
            for known in self._known.values():
                files += known.files
            return stamps(dict.fromkeys(files))

    def _compiled(self, source: Source, before: _Known | None) -> _Known:
        family = related(source, _folder_of(source))
        files = (*family.files, *family.missing, *self._mapped_files())
        if not family.is_closed:
            files += tuple(other.path for other in self._found)
        # Stamped before they are read: a change in between is a change still to come.
        taken = stamps(files)
        try:
            view = self._loaded(source, family)
        except GenerationError as error:
            view = _failed(source, error.problems, before)
        except Exception as error:
            # A mistake in the generator must not end the preview either.
            message = f"the generator failed: {type(error).__name__}: {error}"
            view = _failed(source, (Problem(message, source.name, code="internal"),), before)
        return _Known(view, files, taken)

    def _loaded(self, source: Source, family: Related) -> View:
        """The view of a schema that compiles.

        A schema is compiled with the files that it refers to and no others, so that a mistake in
        one of many does not hide the rest; with all if it may need others.
        """
        files: Sequence[Path] = family.files
        if (not family.is_closed and len(self._found) > 1) or find(files)[1]:
            files = (*self._given, *family.files)
        loaded = load_package(
            files,
            maps=self._maps,
            exclude=self._exclude,
            allow_slow_patterns=self._allow_slow_patterns,
            assert_formats=self._assert_formats,
            form_ranges=self._form_ranges,
        )
        place = source.path.resolve()
        own = next(entry for entry in loaded.classes if entry.source.path.resolve() == place)
        excerpts = Excerpts(find(files)[0], has_others=bool(self._maps))
        text = without_values(own.text) if excerpts.has_secrets else own.text
        return _view(source, own._replace(text=text), loaded.warnings)

    def _mapped_files(self) -> tuple[Path, ...]:
        files: list[Path] = []
        for target in map(Path, self._maps.values()):
            is_folder = os.path.isdir(target)
            files += [source.path for source in find([target])[0]] if is_folder else [target]
        return tuple(files)


def stamps(files: Iterable[Path]) -> Stamps:
    """What `os.stat` says of files, as much of it as changes with them."""
    return tuple((str(file), _stamp(file)) for file in files)


def _stamp(file: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _folder_of(source: Source) -> Path:
    """The folder that was given, or that of the file that was given."""
    return source.path.parents[len(PurePosixPath(source.uri_path).parts) - 1]


def _view(source: Source, loaded: LoadedClass, warnings: tuple[Problem, ...]) -> View:
    if loaded.cls is None:
        title = ".".join(source.module)
        return View(source, class_text=loaded.text, title=title, warnings=warnings)
    schema = public_schema(loaded.cls)
    return View(
        source,
        loaded.cls,
        loaded.cls.get_schema().schema,
        schema,
        loaded.text,
        format_help(loaded.cls, f"python -m {PACKAGE}.{'.'.join(source.module)}", _HELP_WIDTH),
        _text(schema.get("title")) or loaded.cls.__name__,
        _text(schema.get("description")),
        warnings=warnings,
    )


def _failed(source: Source, problems: tuple[Problem, ...], before: _Known | None) -> View:
    """The view before the schema was broken, with what broke it."""
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if before is None:
        return View(source, title=".".join(source.module), errors=errors)
    return replace(before.view, source=source, errors=errors)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
