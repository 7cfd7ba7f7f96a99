"""The program whose runs a sweep is made of: the main program again, or a pickled class."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import CodeType, ModuleType
from typing import Any, Literal

Kind = Literal["module", "file", "job", "function"]


@dataclass(frozen=True)
class Program:
    """What each run of a sweep does.

    Attributes:
        kind: `module` and `file` are run as the main program; of a `job` class `init` and `start`
            are called; a `function` takes settings, and returns metrics by name or one number.
        name: of the module, the path of the file, or what the class or function is called.
        argv: what `sys.argv` is behind the program's name, without the key.
        needs: the modules that are imported before runs begin.
        pickled: a tuple of the class and its settings class; or one of the function, of what makes
            its settings of a config, and of the secrets among these.
        reuses: a process that has done a run without fault does the next one as well; only of a
            function.
    """

    kind: Kind
    name: str
    argv: Sequence[str] = ()
    needs: Sequence[str] = ()
    pickled: bytes = field(default=b"", repr=False)
    reuses: bool = False

    @classmethod
    def of_main(cls, words: Sequence[str] | None = None) -> Program:
        """The main program of this process.

        Args:
            words: its command line, by default that of this process.

        Raises:
            ValueError: it is no program that can be run again, as in a notebook.
        """
        main = sys.modules["__main__"]
        spec, path = getattr(main, "__spec__", None), getattr(main, "__file__", None)
        argv = _without_key(sys.argv[1:] if words is None else words)
        if spec is not None:
            name = spec.parent if spec.name.endswith(".__main__") and spec.parent else spec.name
            return cls("module", name, argv, _needs_of(main))
        if path is None or not os.path.isfile(path) or "ipykernel" in sys.modules:
            raise ValueError(
                "what runs here is no program that could be run again, as its code lies in no "
                "file; a sweep of a notebook takes the job class or function itself"
            )
        return cls("file", os.path.abspath(path), argv, _needs_of(main))

    @classmethod
    def of_job(cls, job: type, settings: type | None = None) -> Program:
        """A job class, of whose objects `start` is called.

        Args:
            settings: its settings class, which an annotation that is text names in this process
                only, where the class is one of a notebook.
        """
        pickled = _pickled((job, settings))
        return cls("job", job.__qualname__, (), _needs_of_object(job), pickled)

    @classmethod
    def of_function(
        cls,
        function: Callable[[Any], Any],
        load: Callable[[Mapping[str, Any]], Any] = dict,
        secrets: Iterable[Any] = (),
    ) -> Program:
        """A function of settings.

        Args:
            load: makes the settings of a config.
            secrets: secrets, which its errors must not have.
        """
        name = getattr(function, "__qualname__", type(function).__qualname__)
        pickled = _pickled((function, load, tuple(secrets)))
        return cls("function", name, (), _needs_of_object(function), pickled)

    def as_json(self) -> dict[str, Any]:
        """All of it as a JSON object, for the record of a sweep."""
        from base64 import b64encode

        return {
            "kind": self.kind,
            "name": self.name,
            "argv": [*self.argv],
            "needs": [*self.needs],
            "pickled": b64encode(self.pickled).decode(),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Program:
        """What `as_json` gave."""
        from base64 import b64decode

        pickled = b64decode(said["pickled"])
        return cls(said["kind"], said["name"], tuple(said["argv"]), tuple(said["needs"]), pickled)

    @property
    def begins_job(self) -> bool:
        """Whether a run of it is one of a job."""
        return self.kind != "function"

    def load(self) -> Any:
        """What is there to be run: code, a class, or the tuple of a function.

        Raises:
            Exception: whatever importing it raises.
        """
        if self.kind == "file":
            with open(self.name, "rb") as file:
                return compile(file.read(), self.name, "exec")
        if self.kind == "module":
            return _spec_and_code(self.name)
        import pickle

        return pickle.loads(self.pickled)

    def run_as_main(self, loaded: Any) -> None:
        """Run a module or file as the main program of this process.

        Args:
            loaded: what `load` gave.
        """
        main = ModuleType("__main__")
        spec, code = (None, loaded) if isinstance(loaded, CodeType) else loaded
        main.__spec__ = spec
        main.__file__ = self.name if spec is None else spec.origin
        if spec is not None:
            main.__package__, main.__loader__ = spec.parent, spec.loader
        sys.modules["__main__"] = main
        sys.argv[:] = [main.__file__ or self.name, *self.argv]
        exec(code, vars(main))


def _pickled(value: object) -> bytes:
    """A pickle that holds what a notebook or a main program defines."""
    import copyreg
    from dataclasses import MISSING

    # Of a dataclass that travels as a whole, the marks of its fields have to stay the same objects.
    copyreg.pickle(type(MISSING), lambda _: "MISSING")
    pickler: Any = import_module("cloudpickle")
    pickled: bytes = pickler.dumps(value)
    return pickled


def _spec_and_code(name: str) -> tuple[Any, CodeType]:
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = find_spec(f"{name}.__main__")
    if spec is None:
        raise ModuleNotFoundError(f"there is no module {name} that could be run", name=name)
    return spec, spec.loader.get_code(spec.name)  # type: ignore[union-attr]


def _needs_of(main: ModuleType) -> tuple[str, ...]:
    """The modules that the names of a main program refer to, in the order of its names."""
    found: dict[str, None] = {}
    for value in [*vars(main).values()]:
        name = value.__name__ if isinstance(value, ModuleType) else None
        if name is None:
            name = getattr(value, "__module__", None)
        if isinstance(name, str) and name != "__main__" and name in sys.modules:
            found[name] = None
    return tuple(found)


def _needs_of_object(value: object) -> tuple[str, ...]:
    """The modules that the module of a class or function refers to, if that is the main one."""
    module = sys.modules.get(getattr(value, "__module__", ""))
    if module is None:
        return ()
    return _needs_of(module) if module.__name__ == "__main__" else (module.__name__,)


def _without_key(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a command line but the job's key."""
    kept: list[str] = []
    follows = False
    for word in words:
        name, equals, _ = word.partition("=")
        if name[:2] == "--" and name[2:].replace("-", "_") == "api_key":
            follows = not equals
        elif follows and word[:2] != "--":
            follows = False
        else:
            follows = False
            kept.append(word)
    return tuple(kept)
