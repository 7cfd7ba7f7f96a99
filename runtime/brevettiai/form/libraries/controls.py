"""The controls of settings for libraries that edit JSON, from the fields of the platform's form.

Those libraries show lists, maps and unions with rows and branches of their own, where that form
has JSON text. Everything else, what is shown of a setting and what is said of it, is what
`describe` says for the platform's form, and what the schema's author changed by `x-form`.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ...cli.inside import Kinds, alternatives, kinds_of, member, shape_of
from ...json_values import is_array, is_mapping
from ...messages.secrets import Secrets
from ...messages.structure import content_of
from ...messages.values import bounds
from ..describe import without_values
from ..entries import entry_of
from ..fields import Entry, FormField, form_value, is_json_text
from ..models import class_form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...compiled import Field
    from ...settings import Settings

#: What a library draws a form from: the schema of values, and how each is shown.
SchemaAndUI: TypeAlias = "tuple[dict[str, Any], dict[str, Any]]"
#: What has parts.
STRUCTURES = frozenset("object list map union choices".split())
#: What limits numbers.
NUMBERS = frozenset("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split())
#: How many controls a form may have, and a value with parts; classes that are used in many places
#: multiply.
MAX_CONTROLS = 10_000
_MAX_INSIDE = 300


@dataclass(frozen=True)
class Control:
    """How one setting is edited, and what is said of it.

    Attributes:
        how: `text`, `lines`, `json`, `number`, `integer`, `switch`, `choice`, `choices`, `object`,
            `list`, `map` or `union`.
        key: the name of the setting; that of the tag's constant for a branch of a union.
        label, help, hint: texts for people.
        field: the field of the platform's form.
        changes: how the schema's author changed that.
        kinds: the JSON types that the setting admits.
        limits: keywords of JSON Schema that the browser is to check.
        choices: each value that can be chosen, and its name for people.
        parts: the controls of an object, the branches of a union, or what a list or a map holds.
        tag: what tells the branches of a union apart.
        may_be_absent: whether nothing stands for it until somebody says something.
        default: what it begins with where the object around it is new; None for nothing.
        holds_secrets: whether a value of it is not for showing.
    """

    how: str
    key: str
    label: str
    help: str
    hint: str
    field: FormField
    changes: Mapping[str, Any]
    kinds: tuple[str, ...]
    limits: Mapping[str, Any]
    choices: Sequence[tuple[Any, str]] = ()
    parts: Sequence[Control] = ()
    tag: str = ""
    may_be_absent: bool = False
    default: Any = None
    holds_secrets: bool = False

    @property
    def is_nullable(self) -> bool:
        return "null" in self.kinds

    @property
    def is_section(self) -> bool:
        """Whether it is a heading with the controls of an object that is always there."""
        return self.how == "object" and self.field.get("type") == "label"

    @property
    def is_secret(self) -> bool:
        return self.field.get("inputType") == "password"

    @property
    def text_type(self) -> Any:
        """The `type` of what is edited as text, and may be something else."""
        is_text = isinstance(self.field.get("default", ""), str)
        others = ["null"] if self.is_nullable and is_text else self.kinds
        others = [] if self.how == "json" else [kind for kind in others if kind != "string"]
        return ["string", *others] if others else "string"

    @property
    def is_hidden(self) -> bool:
        return self.field.get("visible") is False

    @property
    def is_read_only(self) -> bool:
        return bool(self.field.get("readonly") or self.field.get("disabled"))

    @property
    def is_required(self) -> bool:
        return bool(self.field.get("required"))

    @property
    def placeholder(self) -> str:
        return str(self.field.get("placeholder", ""))


class TooManyControls(ValueError):
    """A form would have more than `MAX_CONTROLS` controls."""


def controls_of(cls: type[Settings]) -> Control:
    """The controls of a class.

    Raises:
        TooManyControls: there would be more than `MAX_CONTROLS`.
    """
    form, compiled = class_form(cls), cls.__brevetti__
    parts = _Reader(form.layout.get("entries", ())).parts(cls, form.secrets, (), ())
    title = compiled.title or cls.__name__
    field: FormField = {"type": "label"}
    return Control(
        "object",
        key="",
        label=title,
        help=compiled.description,
        hint="",
        field=field,
        changes={},
        kinds=("object",),
        limits={},
        parts=parts,
    )


class _Reader:
    def __init__(self, entries: Sequence[Any]) -> None:
        self._entries = entries
        self._count = 0
        self._limit = MAX_CONTROLS

    def parts(
        self,
        cls: type[Settings],
        secrets: Secrets,
        at: tuple[str, ...],
        above: tuple[type[Settings], ...],
        *,
        is_inside: bool = False,
    ) -> list[Control]:
        """The controls of a class below `at`; `is_inside` if it is in a list, a map or a union."""
        form = class_form(cls)
        found: list[Control] = []
        for row in cls.__brevetti__.fields():
            entry = form.entries.get(row.key)
            if entry is None or (row.key in form.nested and row.cls in (*above, cls)):
                continue  # no name for a form; or a class inside itself, and no form is endless
            inner = secrets.at(row.key)
            found.append(
                self._control(row, entry, inner, (*at, row.key), (*above, cls), is_inside=is_inside)
            )
        return found if is_inside else self._in_order(found, at)

    def _in_order(self, parts: list[Control], at: tuple[str, ...]) -> list[Control]:
        """Controls in the order of an imported form, as far as objects stay together in it."""
        prefix = "".join(f"{step}." for step in at)
        listed = [each for each in self._entries if isinstance(each, str)]
        keys = [e[len(prefix) :].partition(".")[0] for e in listed if e.startswith(prefix)]
        places = {key: place for place, key in reversed([*enumerate(keys)])}
        last = -1
        found: list[tuple[int, Control]] = []
        for part in parts:  # what the form does not name comes behind what is before it
            last = places.get(part.key, last)
            found.append((last, part))
        return [part for _, part in sorted(found, key=lambda each: each[0])]

    def _control(
        self,
        row: Field,
        entry: Entry,
        secrets: Secrets,
        at: tuple[str, ...],
        above: tuple[type[Settings], ...],
        *,
        is_inside: bool,
    ) -> Control:
        self._count += 1
        if self._count > self._limit:
            raise TooManyControls(
                f"the form would have more than {MAX_CONTROLS:,} controls; show a class that is "
                'nested in many places as JSON text by "x-form": {"set": {"type": "textArea"}}'
            )
        if secrets and entry.field["type"] != "label":
            hidden = without_values(entry.field, entry.kinds, is_secret=secrets.is_secret)
            entry = replace(entry, field=hidden)
        field = entry.shown
        control = Control(
            _how(field, entry.kinds),
            key=row.key,
            label=_text(field.get("label")),
            help=_text(field.get("help")),
            hint=_text(field.get("hint")),
            field=field,
            changes=entry.changes,
            kinds=entry.kinds,
            limits=_limits(row, field),
            choices=_choices(row, entry, field),
            may_be_absent=not row.filled and "default" not in field,
            default=field.get("default"),
            holds_secrets=bool(secrets) or entry.secret,
        )
        if control.how == "label" and row.cls is not None:
            parts = self.parts(row.cls, secrets, at, above, is_inside=is_inside)
            return replace(control, how="object", parts=parts)
        is_chosen = not {"type", "isJson"}.isdisjoint(entry.changes.get("set", {}))
        if control.how == "json" and not (is_chosen or secrets.is_secret or entry.secret):
            count, limit = self._count, self._limit
            self._limit = limit if is_inside else min(limit, count + _MAX_INSIDE)
            try:
                return self._structured(control, row, secrets, at, above)
            except TooManyControls:
                if is_inside:
                    raise
                self._count = count
            finally:
                self._limit = limit
        return control

    def _structured(
        self,
        control: Control,
        row: Field,
        secrets: Secrets,
        at: tuple[str, ...],
        above: tuple[type[Settings], ...],
    ) -> Control:
        """The control of JSON with rows or branches, where everything in it can have a control."""
        contents = [each for each in alternatives(content_of(row)) if each != "null"]
        kinds = kinds_of(row)
        shape, inner = shape_of(contents[0] if len(contents) == 1 else "any")
        parts: list[Control] = []
        how = ""
        if shape in ("list", "map"):
            step, place = ("N", -1) if shape == "list" else ("KEY", ...)
            item = member(row, step, inner[0], place)
            held = self._control(item, entry_of(item), secrets.at(place), at, above, is_inside=True)
            how, parts = shape, [replace(held, label="", help="", may_be_absent=False)]
        elif len(contents) == len(kinds.kinds) == 1 and kinds.kinds[0].cls not in above:
            how = "object"
            parts = self.parts(kinds.kinds[0].cls, secrets, at, above, is_inside=True)
        elif len(contents) == len(kinds.kinds) and kinds.tag:
            how, parts = "union", self._branches(control, kinds, secrets, at, above)
        if not how or not parts or not all(map(_is_plain, parts)):
            return control
        return replace(control, how=how, hint="", parts=parts, tag=kinds.tag or "")

    def _branches(
        self,
        union: Control,
        kinds: Kinds,
        secrets: Secrets,
        at: tuple[str, ...],
        above: tuple[type[Settings], ...],
    ) -> list[Control]:
        """The objects that a union can be; none where no text chooses each of them."""
        found: list[Control] = []
        for cls, tags in kinds.kinds:
            if cls in above or len(tags) != 1 or not isinstance(tags[0], str):
                return []
            told = cls.__brevetti__
            parts = self.parts(cls, secrets, at, above, is_inside=True)
            label, help = told.title or tags[0], told.description
            branch = replace(union, how="object", key=tags[0], label=label, help=help, hint="")
            found.append(replace(branch, parts=parts, limits={}))
        return found


def _is_plain(control: Control) -> bool:
    """Whether a value in a list, a map or a union is edited as itself, nowhere as text of it."""
    if control.how in ("json", "label") or (is_json_text(control.field) and not control.parts):
        return False
    return all(map(_is_plain, control.parts))


def _text(value: Any) -> str:
    """A text of a form, which it inserts as HTML."""
    return html.unescape(value) if isinstance(value, str) else ""


def _how(field: FormField, kinds: tuple[str, ...]) -> str:
    kind, values = field.get("type"), {*kinds} - {"null"}
    if kind == "label":
        return "label"
    if kind in ("select", "radios") and is_array(field.get("values")):
        return "choice"
    if kind == "checklist":
        return "choices"
    if is_json_text(field):
        return "json"
    if values == {"boolean"}:
        return "choice" if kind in ("select", "radios") or "null" in kinds else "switch"
    if values == {"integer"}:
        return "integer"
    if values and values <= {"integer", "number"}:
        return "number"
    if "string" in values:
        return "lines" if kind == "textArea" else "text"
    return "choice" if "valueOn" in field else "json"


def _choices(row: Field, entry: Entry, field: FormField) -> list[tuple[Any, str]]:
    """What can be chosen, as the form has it, with a name for each."""
    kind = field.get("type")
    if kind in ("select", "radios", "checklist") and is_array(field.get("values")):
        given = [*field["values"]]
        given += [] if is_json_text(field) else [*row.choices, *row.item_choices]
    elif "valueOn" in field:
        given = [field["valueOn"], field.get("valueOff")]
    elif entry.kinds and {"boolean", "null"}.issuperset(entry.kinds):
        given = [True, False]
    else:
        return []
    keys = field.get(f"{kind}Options")
    value_key, name_key = (
        (keys.get("value"), keys.get("name")) if is_mapping(keys) else (None, None)
    )
    found: dict[str, tuple[Any, str]] = {}
    for each in given:
        value, name = each, None
        if is_mapping(each):
            value = each.get(value_key or "id", each.get("value"))
            name = each.get(name_key or "name")
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        chosen = (value, _text(name) if isinstance(name, str) else shown)
        found.setdefault(json.dumps(value), chosen)
    return [each for each in found.values() if each[0] is not None]


def _limits(row: Field, field: FormField) -> dict[str, Any]:
    """What the browser checks of a value, in the words of JSON Schema."""
    limits = row.limits
    found: dict[str, Any] = {}
    low, high = bounds(limits)
    for (limit, is_excluded), closed, opened in (
        (low, "minimum", "exclusiveMinimum"),
        (high, "maximum", "exclusiveMaximum"),
    ):
        if limit is not None:
            found[opened if is_excluded else closed] = limit
    for keyword in ("multipleOf", "minLength", "maxLength", "minItems", "maxItems"):
        if limits.get(keyword) is not None:
            found[keyword] = limits[keyword]
    if "pattern" in field and isinstance(field["pattern"], str):
        found["pattern"] = field["pattern"]
    return found


# Values


def data_of(
    control: Control, config: Any, shown: Callable[[Control, Any], Any] | None = None
) -> Any:
    """A config as a form holds it: JSON as text where it is edited as text, secrets left out.

    `shown` says what a control has for a value; by default, what that of the platform's form has.
    """
    shown = shown or shown_value
    parts = {part.key: part for part in control.parts}
    if not is_mapping(config):
        return config
    data: dict[str, Any] = {}
    for key, value in config.items():
        part = parts.get(key)
        if part is None:
            data[key] = value
        elif part.is_section:
            data[key] = data_of(part, value, shown)
        elif not part.holds_secrets:
            data[key] = shown(part, value)
    return data


def shown_value(control: Control, value: Any) -> Any:
    """A value as its control has it."""
    if control.how == "json" or (is_json_text(control.field) and not control.parts):
        return form_value(Entry({**control.field, "isJson": True}, {}, control.kinds), value)
    return value
