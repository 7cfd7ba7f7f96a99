"""What is known of one settings class: its fields, how its objects are loaded and saved. Frozen."""

from __future__ import annotations

from .json_values import ATOMS, UNSET, NotJSON, class_of, copy_json, keep_verdicts, refuse_strays

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from .compiled import Notes, Path, Pattern, Renames
    from .settings import Settings


def config_of(value: Any) -> Any:
    """The config of an attribute's value: of a settings object its own, of containers item-wise."""
    kind = class_of(value)
    if kind in ATOMS:
        return value
    if kind is list or kind is tuple:
        return [item if class_of(item) in ATOMS else config_of(item) for item in value]
    if kind is dict:
        return {k: v if class_of(v) in ATOMS else config_of(v) for k, v in value.items()}
    get_config = getattr(value, "get_config", None)
    if get_config is not None:
        return get_config()
    from .formats.python_types import text_of

    return text_of(value, value)


def full_config_of(value: Any) -> Any:
    """As `config_of`, but with all that settings objects hold, whether or not it then fits."""
    kind = class_of(value)
    if kind in ATOMS:
        return value
    if kind is list or kind is tuple:
        return [item if class_of(item) in ATOMS else full_config_of(item) for item in value]
    if kind is dict:
        return {key: full_config_of(item) for key, item in value.items()}
    compiled = getattr(value, "__brevetti__", None)
    return config_of(value) if compiled is None else compiled.save(value)


def unknown_keys(
    config: dict[str, Any],
    settings: Settings,
    known: dict[str, Any] | tuple[str, ...],
    notes: Notes,
    why: str,
    patterns: tuple[Pattern, ...] = (),
    entry: Callable[[str, Any, Notes], Any] | None = None,
) -> None:
    """Keep the keys of `config` that are not `known` in `settings.extra`.

    `why` is `""` where the schema declares them, else the reason that is worth a note for keys
    that match none of `patterns`. `entry` loads the value of a key, if that is not kept plain.
    """
    settings.__extra__ = extra = {}
    names = known if class_of(known) is dict else frozenset(known)
    for key, value in config.items():
        if key not in names:
            if type(key) is not str:
                raise NotJSON
            extra[key] = copy_json(value) if entry is None else entry(key, value, notes)
            if why and not (patterns and [one for one in patterns if one.search(key)]):
                notes.append((config, key, tuple(known)))


class _TextOfClass:
    """A text of a field, which is that of its class where the field was given none."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, field: Any, owner: Any) -> Any:
        cls = None if field is None else field.cls
        return "" if cls is None else getattr(cls.__brevetti__, self._name)


class Field:
    """One property of a settings class: its row in the property table.

    The command line, forms, help and docstrings are derived from it.

    Attributes:
        key: the property's name in configs.
        attribute: its Python attribute; by default the key.
        kinds: the JSON types that its schema admits, of `null boolean integer number string array
            object`; `number` stands for integers too. The constructor takes them as one text.
        cls: the settings class, if values are objects of exactly that class (or null).
        item_kinds: for arrays, the JSON types that items admit; () where unknown or mixed.
        choices: the values of an `enum` or `const`, else ().
        choice_names: their names for people in the same order, None for one without.
        item_choices, item_names: the same of the items of an array.
        limits: by keyword the strongest limit of numbers, and of the sizes of texts and lists.
        patterns, format: of texts, each as its schema has it.
        required: whether the schema requires it.
        default: the value that fills it when absent, as JSON text; None without such a fill.
        proposal: the default of a required one as JSON text: nothing fills it in, forms propose it.
        filled: whether it is never absent: by its default, or by an object of its class.
        examples: the first one of the schema.
        title, description: texts for people.
        content: what it holds: a JSON type or "any"; what text is loaded as, such as `datetime`;
            `("one of", *values)`, `("list", item)`, `("tuple", *items)`, `("map", value)`,
            `("object", *keys)`, `("or", *alternatives)`.
        secret: never shown, nor anything in it.
        secrets: where secrets lie in it, as `messages.secrets` has it; None where nobody asked.
        deprecated, advice: using it is worth a warning; what to do instead, or "".
        read_only, old_keys: forms do not change it; names that configs may still have for it.
        search: how it varies in searches, as `search.said` has it; None where nothing is said.
        x_form: how its form differs: `set`, `omit` and `order`; None keeps it out of forms.
    """

    cls: type[Settings] | None = None
    choices: tuple[Any, ...] = ()
    choice_names: tuple[str | None, ...] = ()
    item_choices: tuple[Any, ...] = ()
    item_names: tuple[str | None, ...] = ()
    limits: Mapping[str, Any] = {}
    patterns: tuple[str, ...] = ()
    format: str = ""
    required: bool = False
    default: str | None = None
    proposal: str | None = None
    examples: tuple[Any, ...] = ()
    if TYPE_CHECKING:
        title: str = ""
        description: str = ""
    else:
        title = _TextOfClass("title")
        description = _TextOfClass("description")
    content: Any = "any"
    secret: bool = False
    secrets: Any = None
    deprecated: bool = False
    advice: str = ""
    read_only: bool = False
    old_keys: tuple[str, ...] = ()
    search: Any = None
    x_form: Mapping[str, Any] | None = {}

    def __init__(
        self,
        key: str,
        kinds: str,
        *,
        attribute: str | None = None,
        item_kinds: str = "",
        filled: bool = False,
        **facts: Any,
    ) -> None:
        """`facts` are the other attributes, those that differ from their defaults."""
        self.__dict__.update(facts)
        self.key = key
        self.attribute = key if attribute is None else attribute
        self.kinds = tuple(kinds.split())
        self.item_kinds = tuple(item_kinds.split())
        self.filled = filled or self.default is not None

    def changed(self, **facts: Any) -> Field:
        """The same row with other attributes."""
        field = object.__new__(Field)
        field.__dict__ = {**self.__dict__, **facts}
        return field

    @property
    def nullable(self) -> bool:
        """Whether null is a value."""
        return "null" in self.kinds

    def __repr__(self) -> str:
        return f"Field({self.key!r}, kinds={self.kinds!r})"


class Properties:
    """How objects of a class whose schema says more than its properties are loaded and saved.

    Attributes:
        defaults: what absent properties start from, by key.
        by_branch: gives what loads, from a config, what is as the branch says that applies.
        attributes: the attributes in the same order; () where they have the names of the keys.
        optional: the keys of properties that are absent where the attribute is `None`.
        unknown: None where the schema refuses all other keys, "" where it declares them, else the
            reason to note those that match no pattern in `others`, beside which is their loader.
        tracks: whether objects remember what was given.
    """

    __slots__ = (
        "_by_branch",
        "_keeps_names",
        "_loads",
        "_make_loads",
        "_names",
        "attributes",
        "defaults",
        "deprecated",
        "optional",
        "others",
        "tracks",
        "unknown",
    )

    def __init__(
        self,
        defaults: dict[str, Any],
        loads: Callable[[], dict[str, Any]] | None = None,
        *,
        by_branch: Callable[[], dict[str, Any]] | None = None,
        attributes: tuple[str, ...] = (),
        optional: tuple[str, ...] = (),
        deprecated: Any = (),
        unknown: str | None = "unknown",
        patterns: tuple[Pattern, ...] = (),
        entry: Callable[[str, Any, Notes], Any] | None = None,
        tracks: bool = False,
    ) -> None:
        self.defaults = defaults
        self._make_loads = loads
        self._loads: tuple[tuple[str, Any], ...] | None = None if loads else ()
        self._by_branch = by_branch
        self.attributes = attributes or tuple(defaults)
        self._names = tuple(zip(defaults, self.attributes, strict=True))
        self._keeps_names = not attributes
        self.optional = optional
        told: Any = dict.fromkeys(deprecated, "deprecated")
        self.deprecated: dict[str, str] = deprecated if type(deprecated) is dict else told
        self.unknown = unknown
        self.others = patterns, entry
        self.tracks = tracks

    def load(self, config: dict[str, Any], settings: Any, notes: Notes) -> None:
        """Give `settings` the attributes that `config`, which fits, says."""
        loads = self._loads
        if loads is None:
            assert self._make_loads is not None
            # They are functions of several modules, which are imported when they are needed.
            loads = self._loads = tuple(self._make_loads().items())
        defaults = self.defaults
        values = {**defaults, **config}
        settings.__extra__ = None
        if len(values) != len(defaults) and self.unknown is not None:
            unknown_keys(config, settings, defaults, notes, self.unknown, *self.others)
            values = {key: values[key] for key in defaults}
        for key, load in loads:
            if key in config:
                values[key] = load(values[key], notes)
            elif type(values[key]) in (dict, list, str):
                values[key] = load(values[key], [])
        if self._by_branch is not None:
            chosen = self._by_branch().items()
            values |= {key: load(config, notes) for key, load in chosen if key in config}
        for key, why in self.deprecated.items():
            if key in config:
                notes.append((config, key, why))
        if not self._keeps_names:
            values = dict(zip(self.attributes, values.values(), strict=True))
        settings.__dict__ = values
        if self.tracks:
            settings.__given__ = frozenset(config)

    def save(self, settings: Any) -> dict[str, Any]:
        """The config of `settings`: all that its attributes hold, fit or not."""
        held = settings.__dict__
        if len(held) != len(self._names):
            refuse_strays(settings, dict.fromkeys(self.attributes))
        inner = full_config_of if self.tracks else config_of
        config: dict[str, Any] = {}
        for key, attribute in self._names:
            value = held[attribute]
            if class_of(value) in ATOMS:
                if value is not None or key not in self.optional:
                    config[key] = value
            elif value is not UNSET:
                config[key] = inner(value)
        if settings.__extra__ and self.unknown is not None:
            config.update(inner(settings.__extra__))
        return config


if TYPE_CHECKING:

    class Tables(Protocol):
        """What is known of a class besides how its objects are loaded and saved."""

        @property
        def title(self) -> str: ...
        @property
        def description(self) -> str: ...
        @property
        def hides(self) -> bool: ...
        def complete(self) -> None: ...
        def fields(self) -> tuple[Field, ...]: ...
        def annotation(self, keyword: str) -> Any: ...


class _Object:
    """Takes attributes that nobody wants to have."""

    __slots__ = ("__dict__", "__extra__", "__given__")


class Compiled:
    """Everything that was compiled for one settings class.

    Attributes:
        tables: what is known of the class besides, imported when it is asked for.
        init: the constructor. Where it was not given, nor what saves, the tables complete them.
        load: checks and loads a config into an object; False if it does not fit.
        save: all that the attributes hold, fit or not.
        check: whether plain JSON fits.
        config: what `get_config` calls; None until the face knows it of a class that tracks.
        rename, growth: what makes of old configs ones of today; rows for `config.growing`.
        ambiguous: whether the fills could make a union take another branch.
        form, secrets: what the form is made of, and where secrets lie (`messages.secrets`); kept
            from their first use on.
    """

    init: Callable[..., None]
    save: Callable[[Any], dict[str, Any]]
    config: Callable[[Any], dict[str, Any]] | None

    def __init__(
        self,
        tables: Tables,
        *,
        init: Callable[..., None] | None = None,
        load: Callable[[Any, Any, Notes], bool] | None = None,
        save: Callable[[Any], dict[str, Any]] | None = None,
        check: Callable[[Any], bool] | None = None,
        properties: Properties | None = None,
        rename: Callable[[Any, Path, Renames], None] | None = None,
        growth: tuple[tuple[Any, ...], ...] = (),
        ambiguous: bool = False,
    ) -> None:
        self.tables = tables
        self.load = load or self._check_and_fill
        self.check = check or self._can_be_loaded
        self.properties = properties
        #: Whether objects remember what was given.
        self.tracks = properties is not None and properties.tracks
        self.rename = rename
        self.growth = growth
        self.ambiguous = ambiguous
        self.form: Any = None
        self.secrets: Any = None
        self._fields: tuple[Field, ...] = ()
        if init is not None:
            self.init = init
        if save is not None:
            self.save = save
        if properties is not None:
            self.save = properties.save
            self.config = None if self.tracks else properties.save

    def __getattr__(self, name: str) -> Any:
        if name not in ("init", "save", "config"):
            raise AttributeError(name)
        self.tables.complete()
        return self.__dict__[name]

    def fields(self) -> tuple[Field, ...]:
        """The properties, made when somebody first asks."""
        if not self._fields:
            self._fields = self.tables.fields()
        return self._fields

    @property
    def hides(self) -> bool:
        """Whether anything in a config may be a secret."""
        return self.tables.hides

    @property
    def title(self) -> str:
        """What the schema calls the class for people."""
        return self.tables.title

    @property
    def description(self) -> str:
        """What the schema says of the class to people."""
        return self.tables.description

    def fill(self, config: Any, settings: Any, notes: Notes) -> Any:
        """`settings`, a new object, with what `config`, which fits, says."""
        load = self.load if self.properties is None else self.properties.load
        load(config, settings, notes)
        return settings

    def _can_be_loaded(self, value: Any) -> bool:
        try:
            return self.load(value, _Object(), [])
        except TypeError:  # what stands for an absent value is no JSON
            return False

    def _check_and_fill(self, config: Any, settings: Any, notes: Notes) -> bool:
        return keep_verdicts(
            lambda: self.check(config) and self.fill(config, settings, notes) is settings
        )
