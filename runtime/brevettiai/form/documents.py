"""The form of a settings class as one document: parts put together, laid out as its source was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..cli.sources import load_preset
from ..errors import SettingsError
from ..handwritten.builder import SchemaBuilder
from ..json_values import is_array, is_mapping, plain
from ..messages.secrets import public
from .examples import loads
from .fields import ClassForm, FormField, dom_id, give_ids, is_heading, is_same
from .models import class_form, config_of, model_of
from .placing import Placed, placed_fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


class FormDocument(SchemaBuilder):
    """The form of a generated class. Its `schema` is the document that `brevetti-gen form` writes.

    Args:
        fields: all entries in order, of groups too.
        presets: the presets as the form has them; None for a form that has none.
        outline: how the source of an imported form was laid out: its document, in which the
            number of their entries stands for lists of fields. None for the usual layout.
        namespace: as of `SchemaBuilder`.
    """

    def __init__(
        self,
        fields: Sequence[Any],
        presets: Mapping[str, Any],
        outline: Mapping[str, Any] | None,
        namespace: str | None = None,
    ) -> None:
        super().__init__(fields, presets, namespace=namespace)
        self._outline = outline
        self._planned = len(self.fields)

    @property
    def schema(self) -> dict[str, Any]:
        """The form document; laid out as its source was, unless it was changed or is a part."""
        outline = self._outline
        if outline is None or self.namespace or len(self.fields) != self._planned:
            return super().schema
        return _filled_outline(outline, self.fields, self.presets)


def form_of_class(cls: type[Settings], namespace: str | None = None) -> FormDocument:
    """The form of `cls`, its models and headings below `namespace` where that is given.

    It is the caller's own to change: nothing in it is shared with the class.

    Raises:
        FormTooLarge: it would have more than `MAX_FIELDS` fields.
    """
    form = class_form(cls)
    runs = _runs(form)
    fields = plain([field for run in runs for field in run])
    document = plain(form.layout.get("document"))
    original = document.get("presets") if is_mapping(document) else None
    presets = form_presets(form, _whole_presets(cls, form), original)
    if namespace:
        fields = [field for field in fields if is_mapping(field)]
    outline = _resized(document, [len(run) for run in runs]) if is_mapping(document) else None
    return FormDocument(fields, presets, outline, namespace)


def form_fields(form: ClassForm) -> list[Any]:
    """All entries of a form, in order: fields, headings and what else its source had."""
    return [field for run in _runs(form) for field in run]


def _runs(form: ClassForm) -> list[list[Any]]:
    """The entries of the form, each with what came into the schema behind it since."""
    placed = placed_fields_of(form)
    entries = form.layout.get("entries")
    if entries is None:
        give_ids([field for _, field in placed], set())
        return [[field] for _, field in placed]
    listed = {entry for entry in entries if isinstance(entry, str)}
    taken = {dom_id(field) for path, field in placed if ".".join(path) in listed}
    give_ids([field for path, field in placed if ".".join(path) not in listed], taken)
    return _laid_out(placed, entries)


def _laid_out(placed: Sequence[Placed], entries: Sequence[Any]) -> list[list[Any]]:
    """The fields of each of `entries`, which are paths, or entries of no property.

    A field that no entry names comes behind the one before it.
    """
    by_path = {".".join(path): field for path, field in placed}
    listed = {entry for entry in entries if isinstance(entry, str)}
    above = {entry[:at] for entry in listed for at, char in enumerate(entry) if char == "."}
    following: dict[str, list[FormField]] = {}
    before = ""
    for path, field in placed:
        name = ".".join(path)
        if name in listed:
            before = name
        # An object has no heading in the source where fields of it are listed, but it is not.
        elif not is_heading(field) or name not in above:
            following.setdefault(before, []).append(field)
    runs: list[list[Any]] = []
    for entry in entries:
        if not isinstance(entry, str):
            runs.append([entry["raw"] if is_mapping(entry) and "raw" in entry else entry])
        else:
            own = [by_path[entry]] if entry in by_path else []
            runs.append([*own, *following.get(entry, ())])
    first: list[Any] = [*following.get("", ())]
    return [[*first, *runs[0]], *runs[1:]] if runs else [first]


# Presets


def form_presets(form: ClassForm, presets: Mapping[str, Any], original: Any) -> dict[str, Any]:
    """The presets as the form has them, in the spelling of `original` where it says the same.

    In `original`, what could not be imported stands in a list of one.
    """
    found: dict[str, Any] = {}
    for name, preset in original.items() if is_mapping(original) else ():
        if name in presets:
            read = config_of(form, preset).config
            kept = is_same(read, presets[name])
            found[name] = preset if kept else _preset(form, presets[name])
        elif is_array(preset):
            found[name] = preset[0]
    rest = {name: _preset(form, presets[name]) for name in presets if name not in found}
    return {**found, **rest}


def _whole_presets(cls: type[Settings], form: ClassForm) -> dict[str, Any]:
    """The presets of a class, with all that unions are in them: a form keeps what it has else."""
    found = cls.presets()
    for name in found if loads(cls) else ():
        with suppress(SettingsError):
            found[name] = _with_unions(
                form, found[name], load_preset(cls, found[name], {}).get_config()
            )
    return found


def _with_unions(form: ClassForm, preset: Any, whole: Any) -> Any:
    if not is_mapping(preset) or not is_mapping(whole):
        return preset
    found = dict(preset)
    for key, value in preset.items():
        entry = form.entries.get(key)
        if key in form.nested:
            found[key] = _with_unions(form.nested[key].form(), value, whole.get(key))
        elif entry is not None and entry.branches is not None:
            found[key] = whole.get(key, value)
    return found


def _preset(form: ClassForm, preset: Any) -> Any:
    return model_of(form, public(preset, secrets=form.secrets))


# Outlines: how the document of an imported form was laid out


def with_lists(outline: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """An outline with every list of fields, or what stands for it, changed in reading order."""
    found: dict[str, Any] = {}
    # The fields outside of groups come first, wherever they stand.
    for key, value in sorted(outline.items(), key=lambda item: item[0] != "fields"):
        if key == "fields":
            found[key] = change(value)
        elif key == "groups" and is_array(value):
            found[key] = [
                {**group, "fields": change(group["fields"])}
                if is_mapping(group) and "fields" in group
                else group
                for group in value
            ]
        else:
            found[key] = value
    return {key: found[key] for key in outline}


def _resized(outline: Mapping[str, Any], sizes: Sequence[int]) -> dict[str, Any]:
    """An outline that counts fields, of one that counts entries with these numbers of fields."""
    rest = list(sizes)

    def resized(count: Any) -> Any:
        if not isinstance(count, int):
            return count
        size = sum(rest[:count])
        del rest[:count]
        return size

    return with_lists(outline, resized)


def _filled_outline(
    outline: Mapping[str, Any], fields: Sequence[Any], presets: Mapping[str, Any]
) -> dict[str, Any]:
    """The form document of an outline; entries beyond its counts come behind its last list."""
    rest = list(fields)
    lists: list[list[Any]] = []

    def taken(count: Any) -> Any:
        if not isinstance(count, int):
            return count[0]
        lists.append(rest[:count])
        del rest[:count]
        return lists[-1]

    document = with_lists(outline, taken)
    if rest:
        (lists[-1] if lists else document.setdefault("fields", [])).extend(rest)
    if presets or is_mapping(document.get("presets")):
        document["presets"] = dict(presets)
    return document
