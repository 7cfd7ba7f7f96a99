"""Of many schemas only those are compiled that changed, and those that have to do with them.

Whatever happened between two runs, the second does what one without the cache does: the same files,
warnings, report and errors.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.workbench.incremental import inputs, run
from brevetti_gen.workbench.incremental.notes import CACHE
from conformance.generated import write_json

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MAPPED = "https://mapped.example/"


def settings(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """Tells of the files that were compiled since it was asked last."""
    import brevetti_gen.meaning as meaning

    names: set[str] = set()
    real = meaning.recognised

    def noting(documents: Any) -> Any:
        names.update(document.source.path.stem for document in documents)
        return real(documents)

    def told() -> set[str]:
        found = set(names)
        names.clear()
        return found

    monkeypatch.setattr(meaning, "recognised", noting)
    return told


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two that refer to one, one with an identifier that another asks for, and one alone."""
    monkeypatch.chdir(tmp_path)
    schemas = tmp_path / "schemas"
    shared = settings(name={"type": "string"}) | {"$defs": {"ratio": {"type": "number"}}}
    write_json(schemas / "shared.json", shared)
    for name in ("first", "second"):
        write_json(schemas / f"{name}.json", settings(r={"$ref": "shared.json#/$defs/ratio"}))
    named = settings(x={"type": "integer"}) | {"$id": "https://team.example/named"}
    write_json(schemas / "named.json", named)
    write_json(schemas / "deep" / "asking.json", settings(n={"$ref": "https://team.example/named"}))
    write_json(schemas / "alone.json", settings(y={"type": "integer"}))
    generate(["schemas"], "out")
    return schemas


def test_a_schema_that_has_to_do_with_no_other_is_compiled_alone(
    folder: Path, compiled: Callable[[], set[str]]
) -> None:
    write_json(folder / "alone.json", settings(y={"type": "integer", "maximum": 3}))
    report = generate(["schemas"], "out")
    assert compiled() == {"alone"}
    assert {path.rpartition("/")[0] for path in report.written} == {"", "_brevetti/alone"}


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("first", {"first", "second", "shared"}),
        ("shared", {"first", "second", "shared"}),
        ("named", {"named", "asking"}),
    ],
)
def test_references_join_schemas_both_ways(
    folder: Path, compiled: Callable[[], set[str]], name: str, group: set[str]
) -> None:
    path = folder / f"{name}.json"
    value = json.loads(path.read_text("utf-8"))
    write_json(path, {**value, "title": "Another"})
    generate(["schemas"], "out")
    assert compiled() == group


def test_a_new_schema_joins_those_that_look_for_its_name(
    folder: Path, compiled: Callable[[], set[str]]
) -> None:
    mapped = write_json(folder.parent / "mapped" / "p.json", settings(z={"type": "number"}))
    write_json(folder / "user.json", settings(p={"$ref": f"{MAPPED}p.json"}))
    maps = {MAPPED: mapped.parent}
    generate(["schemas"], "out", maps=maps)
    compiled()
    own = settings(w={"type": "string"}) | {"$id": f"{MAPPED}p.json"}
    write_json(folder / "given.json", own)
    generate(["schemas"], "out", maps=maps)
    assert compiled() == {"given", "user"}
    assert "Given" in Path("out/user.py").read_text("utf-8")


def test_a_changed_file_behind_a_map_counts_for_those_that_it_concerns(
    folder: Path, compiled: Callable[[], set[str]]
) -> None:
    maps = {MAPPED: folder.parent / "mapped"}
    write_json(folder.parent / "mapped" / "p.json", {"$ref": "q.json"})
    write_json(folder.parent / "mapped" / "q.json", settings(z={"type": "number"}))
    write_json(folder / "user.json", settings(p={"$ref": f"{MAPPED}p.json"}))
    generate(["schemas"], "out", maps=maps)
    compiled()
    write_json(folder.parent / "mapped" / "q.json", settings(z={"type": "string"}))
    generate(["schemas"], "out", maps=maps)
    assert compiled() == {"user"}


def test_warnings_of_what_was_not_compiled_come_again(
    folder: Path, compiled: Callable[[], set[str]]
) -> None:
    write_json(folder / "odd.json", settings(n={"type": "integer", "default": "text"}))
    (first,) = generate(["schemas"], "out").warnings
    compiled()
    (again,) = generate(["schemas"], "out").warnings
    assert compiled() == set()
    assert again == first
    assert again.excerpt is not None
    with pytest.raises(GenerationError):
        generate(["schemas"], "out", strict=True)


def test_a_broken_schema_hides_nothing_of_the_others(
    folder: Path, compiled: Callable[[], set[str]]
) -> None:
    (folder / "alone.json").write_text("{")
    write_json(folder / "odd.json", settings(n={"type": "integer", "default": "text"}))
    with pytest.raises(GenerationError) as caught:
        generate(["schemas"], "out")
    assert [p.severity for p in caught.value.problems] == ["error", "warning"]
    assert compiled() == {"odd"}


def test_files_edited_while_a_run_is_under_way_are_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at a generated file and the writing of the others, somebody changes it."""
    real = run.write

    def write_late(*arguments: Any, **options: Any) -> Any:
        if edits:
            Path("out/first.py").write_text(edits.pop())
        return real(*arguments, **options)

    edits = ["mine\n"]
    monkeypatch.setattr(run, "write", write_late)
    write_json(folder / "alone.json", settings(y={"type": "integer", "maximum": 3}))
    with pytest.raises(GenerationError, match="did not write it"):
        generate(["schemas"], "out")


def test_the_cache_holds_no_default(folder: Path) -> None:
    secret = settings(s={"type": "string", "writeOnly": True, "default": "hunter2"})
    write_json(folder / "hidden.json", secret)
    generate(["schemas"], "out")
    assert "hunter2" not in (Path("out") / CACHE / "last_run.json").read_text("utf-8")


def test_what_did_not_change_is_not_parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    real = inputs.read

    def noting(source: Any) -> Any:
        parsed.append(source.path.stem)
        return real(source)

    monkeypatch.setattr(inputs, "read", noting)
    generate(["schemas"], "out")
    assert parsed == []
    write_json(folder / "alone.json", settings(z={}))
    generate(["schemas"], "out")
    assert parsed == ["alone"]


def test_a_note_that_somebody_changed_is_none(folder: Path) -> None:
    write_json(folder / "odd.json", settings(n={"type": "integer", "default": "text"}))
    (first,) = generate(["schemas"], "out").warnings
    note = Path("out", CACHE, "last_run.json")
    told = note.read_text("utf-8")
    note.write_text(told.replace(json.dumps(first.message), json.dumps("all is well")), "utf-8")
    assert note.read_text("utf-8") != told
    assert generate(["schemas"], "out").warnings == (first,)


# Random sequences


class World:
    """A folder of schemas to which things happen."""

    NAMES = ("a", "b", "c", "d", "sub/e", "sub/f", "sub/g")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.options: dict[str, Any] = {}
        self.sources = ["schemas"]
        self.change_map()
        write_json(Path("mapped/p.json"), settings(m=self.plain()))
        parts = {"a": {"$ref": f"{MAPPED}p.json"}, "b": {"type": "string", "format": "date"}}
        for name in self.NAMES[:5]:
            part = parts.get(name, {"$ref": "/b.json"} if name == "c" else self.plain())
            write_json(Path("schemas", f"{name}.json"), settings(x=part))
        generate(self.sources, "out", **self.options)
        self.keep()

    def path(self) -> Path:
        return Path("schemas", self.random.choice(self.NAMES) + ".json")

    def name(self) -> str:
        """Mostly one that there is."""
        there = [p.relative_to("schemas").with_suffix("").as_posix() for p in self.files()]
        return self.random.choice(there if there and self.random.random() < 0.9 else self.NAMES)

    def files(self) -> list[Path]:
        return sorted(Path("schemas").rglob("*.json"))

    def plain(self) -> dict[str, Any]:
        return {"type": "integer", "maximum": self.random.randrange(9, 99), "default": 1}

    def part(self) -> dict[str, Any]:
        """A property: plain, wrong in part, or a reference in one of many ways."""
        pick, name = self.random.choice, self.name()
        path = Path("schemas", f"{name}.json")
        text = path.read_text("utf-8") if path.exists() else "{}"
        url = json.loads(text).get("$id") if text != "{" else None
        parts: list[dict[str, Any]] = [
            self.plain(),
            {"type": "integer", "default": pick([1, 2, "wrong"])},
            {"type": "string", "format": "date"},
            {"type": "object", "properties": {"x": {"type": "number", "minimum": 0}}},
            {"$ref": f"/{name}.json", "title": pick(["One", "Two"])},
            {"$ref": url or f"/{name}.json"},
            {"$ref": url or f"{name}.json"},
            {"$ref": f"{pick(['', '../'])}{name.rpartition('/')[2]}.json"},
            {"$ref": f"{MAPPED}{pick('pq')}.json"} if "maps" in self.options else {},
            {"$ref": f"/{name}.json#/properties/u"},
            {"$ref": "#/x-odd/place"},
            {"$ref": f"/{name}.json#/x-odd/place"},
            {"$ref": "http://json-schema.org/draft-07/schema#"},
            {"$dynamicRef": "#item"},
            {"const": {"$ref": f"{name}.json", "id": "b"}},
        ]
        # Most references lead nowhere: with plain ones, more of the worlds are sound.
        return pick(parts if self.random.random() < 0.3 else parts[:6])

    def schema(self) -> Any:
        properties = {key: self.part() for key in self.random.sample("uvwxyz", 2)}
        schema = settings(**properties)
        if self.random.random() < 0.3:
            schema["$id"] = f"https://team.example/{self.random.choice(self.NAMES)}"
        if self.random.random() < 0.3:
            schema["x-odd"] = {"place": {"type": "object", "properties": {"o": self.part()}}}
        if self.random.random() < 0.3:
            schema["$defs"] = {"Item": {"$dynamicAnchor": "item", **settings(i=self.part())}}
        if self.random.random() < 0.1 and Path("mapped/meta.json").exists():
            schema["$schema"] = f"{MAPPED}meta.json"
        return schema

    def write_schema(self) -> None:
        write_json(self.path(), self.schema())

    def break_schema(self) -> None:
        self.path().write_text("{")

    def remove(self) -> None:
        self.path().unlink(missing_ok=True)

    def rename(self) -> None:
        old, new = self.path(), self.path()
        if old.exists() and new.parent.is_dir():
            old.replace(new)

    def write_form(self) -> None:
        field = {"type": "input", "inputType": "number", "model": "n", "min": 1, "default": 5}
        write_json(self.path(), {"fields": [field]})

    def clash(self) -> None:
        """Two files for one module, or none again."""
        path = self.path().with_suffix(".yaml")
        if path.exists():
            path.unlink()
        elif path.parent.is_dir():
            path.write_text("properties: {k: {type: boolean}}\n")

    def change_map(self) -> None:
        """Another document behind the map; sometimes one that itself refers to others."""
        self.options["maps"] = {MAPPED: "mapped"}
        name = self.random.choice(["p", "p", "q", "meta"])
        value = self.schema() if self.random.random() < 0.3 else settings(m=self.plain())
        own = {"$schema": DRAFT, "$id": f"{MAPPED}{name}"}
        write_json(Path("mapped", f"{name}.json"), {**value, **own})

    def drop_map(self) -> None:
        if self.random.random() < 0.5:
            self.options["maps"] = {}
        else:
            shutil.rmtree("mapped", ignore_errors=True)

    def change_options(self) -> None:
        self.options["assert_formats"] = not self.options.get("assert_formats")
        self.options["exclude"] = self.random.choice([[], [], ["d.json"], ["sub"]])

    def give_others(self) -> None:
        self.sources = self.random.choice(
            [["schemas"], ["schemas", "schemas/a.json"], ["schemas/b.json", "schemas/sub/e.json"]]
        )

    def hurt_cache(self) -> None:
        note = Path("out", CACHE, "last_run.json")
        if note.exists() and note.stat().st_size:
            content = bytearray(note.read_bytes())
            content[self.random.randrange(len(content))] ^= 1
            note.write_bytes(self.random.choice([b"", bytes(content)]))

    def drop_cache(self) -> None:
        shutil.rmtree(Path("out", CACHE), ignore_errors=True)

    def generated(self) -> Path | None:
        files = sorted(p for p in Path("out").rglob("*.py") if CACHE not in p.parts)
        return self.random.choice(files) if files else None

    def edit_generated(self) -> None:
        if path := self.generated():
            path.write_text(path.read_text("utf-8") + "# mine\n")

    def delete_generated(self) -> None:
        if path := self.generated():
            path.unlink()

    def happen(self) -> str:
        often = (
            [self.write_schema] * 8 + [self.remove] * 2 + [self.rename] * 2 + [self.change_map] * 4
        )
        seldom = [
            *(self.break_schema, self.write_form, self.clash, self.drop_map),
            *(self.change_options, self.change_options),
            *(self.give_others, self.hurt_cache, self.drop_cache, self.edit_generated),
            self.delete_generated,
        ]
        event = self.random.choice(often + seldom)
        event()
        return event.__name__

    def run(self, output: str, **how: Any) -> tuple[str, dict[str, bytes]]:
        """What a run does: the report, or the problems, and the files that are there then."""
        try:
            told = repr(asdict(generate(self.sources, output, **self.options, **how)))
        except GenerationError as error:
            told = repr([asdict(problem) for problem in error.problems])
        return told, files_in(Path(output))

    def keep(self) -> None:
        """Take what there is for sound."""
        shutil.rmtree("kept", ignore_errors=True)
        for folder in ("schemas", "mapped", "out"):
            if Path(folder).exists():
                shutil.copytree(folder, Path("kept", folder), ignore=shutil.ignore_patterns(CACHE))
        self.kept = dict(self.options), self.sources

    def undo(self) -> None:
        """What was sound last is there again; the cache stays."""
        for folder in ("schemas", "mapped"):
            shutil.rmtree(folder, ignore_errors=True)
            if Path("kept", folder).exists():
                shutil.copytree(Path("kept", folder), folder)
        for path in files_in(Path("out")):
            Path("out", path).unlink()
        shutil.copytree(Path("kept", "out"), "out", dirs_exist_ok=True)
        self.options, self.sources = dict(self.kept[0]), self.kept[1]


def files_in(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and CACHE not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def compare(seed: int, steps: int) -> int:
    """Let things happen in a world; gives how many runs succeeded."""
    world, succeeded = World(seed), 0
    events: list[str] = []
    for _ in range(steps):
        events += [world.happen() for _ in range(world.random.choice([1, 1, 2, 3]))]
        how = world.random.choice([*[{}] * 4, {"strict": True}, {"check": True}, {"force": True}])
        shutil.rmtree("clean", ignore_errors=True)
        if Path("out").exists():
            shutil.copytree("out", "clean", ignore=shutil.ignore_patterns(CACHE))
        expected, files = world.run("clean", **how)
        got, now = world.run("out", **how)
        assert got == expected.replace("clean/", "out/"), (seed, events, how)
        assert now == files, (seed, events, how)
        if got.startswith("{"):
            succeeded += 1
            world.keep()
        elif world.random.random() < 0.7:
            world.undo()
            events.append("undo")
    return succeeded


def test_a_run_does_what_one_without_the_cache_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert compare(seed=6, steps=30) > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(7, 10))
def test_many_runs_do_what_ones_without_the_cache_do(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert compare(seed, steps=40) > 5
