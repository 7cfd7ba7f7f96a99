"""`Space`: what of settings varies, and the settings at each of its points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Protocol, cast

from ..cli.flags import put_flags
from ..cli.inside import default_of, value_at
from ..cli.layers import Parsed
from ..cli.names import Flag, find_flag
from ..cli.words import write_json
from ..errors import Problem, SettingsError
from ..json_values import UNSET, is_mapping, is_object
from .alone import Alone, Asked
from .asked import Ask, asks_of
from .places import Reach
from .reading import Reader
from .space import Choices, Numbers, Parameter, Path, Point, Points, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Compiled
    from ..settings import Settings
    from .exports import Export


class Trial(Protocol):
    """What proposes values: `optuna.Trial`, or what stands for it."""

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float: ...

    def suggest_int(
        self, name: str, low: int, high: int, *, step: int = 1, log: bool = False
    ) -> int: ...

    def suggest_categorical(self, name: str, choices: list[str]) -> Any: ...


class Space:
    """What of settings varies, over settings that stay.

    Attributes:
        owner: the settings class, or the adapter of one.
        names: what was asked to vary, as it was typed.
        base: the config that points lie over.
        parameters: what varies, in the order of the schema.
        left_out: what was reached by a `*` or a whole object and cannot vary, with the reasons.
    """

    def __init__(
        self,
        owner: Any,
        names: tuple[str, ...],
        base: dict[str, Any],
        parameters: tuple[Parameter, ...],
        left_out: Mapping[str, str],
    ) -> None:
        """Spaces are made by `space_of`, which classes have as `search_space`."""
        self.owner = owner
        self.names = names
        self.base = base
        self.parameters = parameters
        self.left_out = left_out

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    def __reduce__(self) -> tuple[Any, ...]:
        return space_of, (self.owner, self.names, self.base)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Space):
            return NotImplemented
        return (self.owner, self.parameters, self.base) == (
            other.owner,
            other.parameters,
            other.base,
        )

    __hash__ = None  # type: ignore[assignment]

    # Points

    def suggest(self, trial: Trial) -> Point:
        """The point that a trial proposes, asked parameter by parameter."""
        point: Point = {}
        for parameter in find(self.parameters, point):
            if isinstance(parameter, Choices):
                labels = [choice.label for choice in parameter.choices]
                label = trial.suggest_categorical(parameter.name, labels)
                point[parameter.name] = _labelled(parameter, label)
            else:
                point[parameter.name] = _suggested(parameter, trial)
        return point

    def point_of(self, params: Mapping[str, Any]) -> Point:
        """The point of the parameters that a trial has been given, by their names.

        Raises:
            SettingsError: a parameter is missing, or has a value that it does not take.
        """
        point: Point = {}
        for parameter in find(self.parameters, point):
            value = _given(params, parameter)
            if isinstance(parameter, Numbers):
                point[parameter.name] = parameter.nearest(value)
            else:
                point[parameter.name] = _labelled(parameter, value)
        return point

    def params_of(self, point: Point) -> dict[str, Any]:
        """What a trial has for a point: numbers, and the labels of choices."""
        params: dict[str, Any] = {}
        for parameter in find(self.parameters, point):
            value = point[parameter.name]
            if isinstance(parameter, Choices):
                value = _chosen(parameter, value).label
            params[parameter.name] = value
        return params

    @property
    def size(self) -> int | None:
        """How many points there are; None where a number can be any between its limits."""
        return self._points.size

    @cached_property
    def _points(self) -> Points:
        return Points(self.parameters)

    def point_at(self, index: int) -> Point:
        """One of the points, from 0 to `size`.

        Raises:
            SettingsError: there is no end of points.
        """
        points = self._points
        if points.size is None:
            raise SettingsError(
                [
                    Problem(each.path, f"takes any number; give steps, as in {_stepped(each)}")
                    for each in _endless(self.parameters)
                ],
                "search space",
            )
        if not 0 <= index < points.size:
            raise IndexError(f"there are {points.size} points, and no number {index}")
        return points.at(index)

    def grid(self) -> Iterator[Point]:
        """All points in their order, the last parameter changing first.

        Raises:
            SettingsError: there is no end of them.
        """
        first = self.point_at(0)
        yield first
        for index in range(1, cast("int", self.size)):
            yield self.point_at(index)

    # Settings

    def words(self, point: Point, base: Mapping[str, Any] | None = None) -> list[str]:
        """The flags that make of the base settings those of a point."""
        return [f"{typed}={text}" for _, text, typed in self._said(point, base)]

    def config(self, point: Point, base: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The config of a point: what its flags make of the base, not filled in.

        Raises:
            SettingsError: it does not fit the schema.
        """
        parsed = self._parsed(point, base)
        self._load(parsed)
        return parsed.config

    def settings(self, point: Point, base: Mapping[str, Any] | None = None) -> Any:
        """The settings of a point.

        Args:
            base: a config to lie over in place of that of the space.

        Raises:
            SettingsError: rules between settings forbid the point.
        """
        return self._load(self._parsed(point, base))

    def _parsed(self, point: Point, base: Mapping[str, Any] | None) -> Parsed:
        parsed = Parsed(self._facts, self.base if base is None else base)
        put_flags(parsed, self._said(point, base))
        return parsed

    @property
    def _facts(self) -> type[Settings]:
        facts: type[Settings] = getattr(self.owner, "facts", self.owner)
        return facts

    def _load(self, parsed: Parsed) -> Any:
        """The settings of layers, without the warnings that thousands of points would repeat."""
        if hasattr(self.owner, "load_parsed"):
            return self.owner.load_parsed(parsed, warns=False)
        compiled: Compiled = self.owner.__brevetti__
        settings = object.__new__(self.owner)
        if not parsed.problems:
            with suppress(RecursionError, TypeError, ValueError):  # told below
                if compiled.load(parsed.config, settings, []):
                    return settings
        from ..config.loading import load_read

        return load_read(self.owner, parsed)

    def _said(
        self, point: Point, base: Mapping[str, Any] | None
    ) -> list[tuple[Flag, str | None, str]]:
        said: list[tuple[Flag, str | None, str]] = []
        for parameter in find(self.parameters, point):
            flag, typed = self._flags[parameter.path]
            value = _given(point, parameter)
            if isinstance(parameter, Choices):
                choice = _chosen(parameter, value)
                if not choice.is_kind:
                    said.append((flag, choice.label, typed))
                elif choice.starts and self._lacks_object(flag, base):
                    said.append((flag, choice.starts, typed))
            else:
                said.append((flag, write_json(value), typed))
        return said

    def _lacks_object(self, flag: Flag, base: Mapping[str, Any] | None) -> bool:
        there = value_at(self.base if base is None else base, flag.path)
        if there is UNSET:
            there = default_of(flag.fields[0])
        return not is_object(there)

    @cached_property
    def _flags(self) -> dict[Path, tuple[Flag, str]]:
        return {
            path: (cast("Flag", find_flag(self._facts, name)), f"--{name}")
            for path in {each.path for each in _all(self.parameters)}
            for name in [".".join(map(str, path))]
        }

    # Other engines

    def export(
        self, engine: str, *, program: str | Sequence[str], goal: str | Sequence[str], **more: Any
    ) -> Export:
        """The space as a definition for another engine; its text as `str` of it.

        What the engine cannot say is warned of, and stands in the comments of the text.

        Args:
            engine: `wandb`, `ray`, `katib` or `hydra`.
            program: the module that is the job, or the words of the command that starts it. The
                flags of the base settings, but for secrets, follow them.
            goal: what is sought, as in `min loss`; or several.
            more: `runs`, how many (40); `search`, as `--search` takes it (`tpe`); `image`, the
                container image of the program, for Katib.

        Raises:
            ValueError: no engine has that name, a goal cannot be read, or a grid has no end.
        """
        from .exports import export_space

        return export_space(self, engine, program, goal, **more)

    def __repr__(self) -> str:
        from .table import table_of

        return table_of(self)


def space_of(owner: Any, names: Iterable[str] = (), base: Any = None) -> Space:
    """The space of what `names` ask for; without any, of what the schema calls worth varying.

    Args:
        owner: a generated class, or the adapter of a class of another style.
        base: settings that all points lie over, as an object or a config: by default none, so that
            all is as the schema fills it in.

    Raises:
        SettingsError: a name leads nowhere, or to what cannot vary; it names every problem.
    """
    names = tuple(names)
    facts: type[Settings] = getattr(owner, "facts", owner)
    # Under the names that keys have now, so that old ones are told once.
    config = Parsed(facts, _config_of(owner, base)).config
    asks = [*asks_of(names)]
    reader = Reader(owner.json_schema)
    reach = Reach(tuple(asks)) if asks else Reach(hinted=True)
    judge = Asked(owner, config) if hasattr(owner, "refusals") else Alone()
    parameters = reader.read(facts, config, judge, reach)
    problems = [*reader.problems]
    unmet = [ask for ask in asks if ask.typed not in reader.met]
    if unmet:
        from .unmet_names import about_unmet

        problems += [about_unmet(facts, config, ask) for ask in unmet]
    if not problems and not parameters:
        problems.append(Problem((), _nothing(asks, reader.left_out)))
    if problems:
        raise SettingsError(problems, "search space")
    return Space(owner, names, config, tuple(parameters), reader.left_out)


def _nothing(asks: list[Ask], left_out: Mapping[str, str]) -> str:
    if not asks:
        return (
            "names no setting that varies, and the schema has no x-search; "
            "give names, as in training.epochs=1..10"
        )
    told = "; ".join(f"{name} {why}" for name, why in [*left_out.items()][:5])
    return f"nothing of what is named can vary{': ' if told else ''}{told}"


def _config_of(owner: Any, base: Any) -> dict[str, Any]:
    if base is None or is_mapping(base):
        return dict(base or {})
    is_ours = isinstance(owner, type)
    # What is filled in is not said of all branches of a union, which may fill in something else.
    config = base.get_config(exclude_defaults=True) if is_ours else owner.get_config(base)
    return dict(config)


def _all(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    for parameter in parameters:
        yield parameter
        for choice in parameter.choices if isinstance(parameter, Choices) else ():
            yield from _all(choice.inside)


def _endless(parameters: Iterable[Parameter]) -> Iterator[Numbers]:
    for each in _all(parameters):
        if isinstance(each, Numbers) and each.size is None:
            yield each


def _stepped(each: Numbers) -> str:
    from .numbers import round_step

    return f"{each.name}={each.low:g}..{each.high:g}:step={round_step(each):g}"


def _suggested(parameter: Numbers, trial: Trial) -> float:
    low, high, step, log = parameter.low, parameter.high, parameter.step, parameter.log
    if parameter.integer:
        found: float = trial.suggest_int(
            parameter.name, int(low), int(high), step=int(step or 1), log=log
        )
    else:
        found = trial.suggest_float(parameter.name, low, high, step=step, log=log)
    return parameter.nearest(found)


def _given(point: Mapping[str, Any], parameter: Parameter) -> Any:
    if parameter.name not in point:
        raise SettingsError([Problem((), f"{parameter.name} is missing")])
    return point[parameter.name]


def _labelled(parameter: Choices, label: Any) -> Any:
    choice = parameter.labelled(label)
    if choice is None:
        known = ", ".join(each.label for each in parameter.choices)
        raise SettingsError([Problem((), f"{parameter.name} is one of {known}", str(label))])
    return choice.value


def _chosen(parameter: Choices, value: Any) -> Any:
    choice = parameter.chosen(value)
    if choice is None:
        known = ", ".join(each.label for each in parameter.choices)
        raise SettingsError([Problem((), f"{parameter.name} is one of {known}", str(value))])
    return choice
