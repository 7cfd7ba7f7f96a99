"""`brevetti-gen docs`: what a reference says, and how it gets to its files."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli import main as cli
from brevetti_gen.load import load_package
from brevetti_gen.workbench.tools.docs.contents import Page
from brevetti_gen.workbench.tools.docs.examples import example_of
from brevetti_gen.workbench.tools.docs.writing import pages_of
from brevettiai.cli.names import find_flag
from brevettiai.errors import visible
from generated_code import TOP, texts
from hostile_texts import HOSTILE, schema_of, words
from random_classes import try_random

GOLDEN = TOP / "tests" / "golden" / "docs"
SIZE: dict[str, Any] = {"properties": {"size": {"type": "integer", "default": 3}}}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: str, value: Any) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")


def run(*arguments: str) -> int:
    return cli.main(["docs", *arguments])


def page_of(schema: Any) -> Page:
    put("page/a.json", schema)
    return pages_of(load_package(["page"]).classes, "PREFIX")[0]


def facts(page: Page, path: str) -> dict[str, str]:
    """The facts of a setting by name; of several of one name the last."""
    found = [each for section in page.sections for each in (section, *section.settings)]
    return next({f.name: f.text for f in each.facts} for each in found if each.path == path)


def test_the_example_gives_the_golden_reference(pytestconfig: pytest.Config) -> None:
    assert run(str(GOLDEN), "-o", "reference") == 0
    made = {path: text for path, text in texts(Path("reference")).items() if "seals" not in path}
    # What is not about settings is looked at in a browser.
    made["index.html"] = re.sub(
        r"(?s)(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)|(?<=sha256-)[\w+/=]+",
        "…",
        made["index.html"],
    )
    golden = GOLDEN / "reference"
    if pytestconfig.getoption("--update-golden"):
        golden.mkdir(exist_ok=True)
        for path, text in made.items():
            (golden / path).write_bytes(text.encode())
    assert texts(golden) == made


# What it says


def test_flags_and_variables_are_those_that_classes_take(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_package([TOP / "schemas"]).classes
    for entry, page in zip(loaded, pages_of(loaded, "PREFIX"), strict=True):
        assert entry.cls is not None
        for section in page.sections:
            for setting in section.settings:
                name = setting.path.replace(".N", ".0")
                assert find_flag(entry.cls, name) is not None, setting.path
    cls = next(entry.cls for entry in loaded if entry.source.module == ("segmentation",))
    page = next(page for page in pages_of(loaded, "PREFIX") if page.module == "segmentation")
    assert cls is not None
    monkeypatch.setenv(facts(page, "training.epochs")["variable"], "7")
    settings: Any = cls.from_args([], env_prefix="PREFIX")
    assert settings.training.epochs == 7


def test_presets_say_what_they_change_against_the_defaults() -> None:
    presets = {"Other": {"size": 5}, "Same": {"size": 3}}
    page = page_of({**SIZE, "x-presets": presets})
    (change,) = page.presets[0].changes
    assert (change.setting.text, change.value, change.default) == ("size", "5", "3")
    assert page.presets[1].changes == ()


def test_links_lead_to_places_that_are_there(desk: Path) -> None:
    leaf = {"type": "object", "properties": {"leaf": {"$ref": "#/$defs/leaf"}, "n": {}}}
    shared = {"$defs": {"leaf": leaf}, "properties": {"tree": {"$ref": "#/$defs/leaf"}}}
    put("s/index.json", shared)
    put("s/deep/b.json", {"properties": {"x-y": {"$ref": "../index.json#/$defs/leaf"}, "x": {}}})
    assert run("s", "-o", "d") == 0
    assert sorted(texts(Path("d")).keys() - {"brevetti-gen.seals"}) == [
        *("deep/b.md", "index.html", "index.md", "index_.md"),
    ]
    parser = Elements.of(Path("d/index.html").read_text())
    assert len(parser.ids) == len(set(parser.ids))
    assert {link.removeprefix("#") for link in parser.links} <= {*parser.ids, "data:,"}
    for path in Path("d").rglob("*.md"):
        for link in [part.partition(")")[0] for part in path.read_text().split("](")[1:]]:
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            assert target.is_file()
            assert not anchor or f'<a id="{anchor}">' in target.read_text()
    page = page_of(shared)
    closed = next(s for section in page.sections for s in section.settings if s.see)
    assert closed.path == "tree.leaf"
    assert closed.see is not None
    assert closed.see.text == "tree"


def test_secrets_are_nowhere() -> None:
    told = {"default": "hush", "examples": ["hush-too"]}
    inner = {"type": "object", "properties": {"key": {"type": "string", "writeOnly": True, **told}}}
    schema = {
        "properties": {
            "password": {"type": "string", "format": "password", **told},
            "pick": {"enum": ["hush-1", "hush-2"], "writeOnly": True},
            "number": {"const": 1789, "writeOnly": True},
            "inner": {**inner, "default": {"key": "hush-3"}},
            "list": {"type": "array", "items": inner, "default": [{"key": "hush-4"}]},
        },
        "required": ["pick", "number"],
        "x-presets": {"P": {"password": "hush-5", "list": [{"key": "hush-6"}]}},
    }
    put(
        "old/a.json",
        {"properties": {"password": {**told, "default": "hush-7", "format": "password"}}},
    )
    put("s/a.json", schema)
    assert run("s", "-o", "d", "--since", "old") == 0
    for path, text in texts(Path("d")).items():
        assert "hush" not in text, path
        assert "1789" not in text, path
    assert "Secrets are left out." not in Path("d/a.md").read_text()
    assert "stands for secrets that must be given" in Path("d/a.md").read_text()


# Examples


TEXT = {"type": "string"}
HARD: list[tuple[dict[str, Any], list[str]]] = [
    ({"p": {**TEXT, "pattern": "^[A-Z]{3}-\\d+\\.(h5|pt)$"}}, ["p"]),
    ({"p": {**TEXT, "pattern": "^(?!a)[^/\\s]{2,}$", "minLength": 5}}, ["p"]),
    ({"p": {**TEXT, "minLength": 50}}, ["p"]),
    ({"p": {**TEXT, "maxLength": 2}}, ["p"]),
    ({"n": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}}, ["n"]),
    ({"n": {"type": "integer", "minimum": 3, "multipleOf": 7}}, ["n"]),
    ({"n": {"type": "integer", "maximum": -3}}, ["n"]),
    (
        {"l": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True}},
        ["l"],
    ),
    ({"n": {"type": "integer", "minimum": 10**400, "maximum": 10**401}}, ["n"]),
    ({"l": {"type": "array", "items": TEXT, "minItems": 3}}, ["l"]),
    ({"o": {"type": "object", "properties": {"x": TEXT}, "required": ["x"]}}, ["o"]),
    (
        {"m": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}},
        ["m"],
    ),
    ({"u": {"anyOf": [{"type": "array", "minItems": 2}, {"type": "integer"}]}}, ["u"]),
    ({"t": {"type": "array", "prefixItems": [TEXT, {"type": "integer"}], "minItems": 2}}, ["t"]),
    ({"d": {**TEXT, "x-python-type": "date", "format": "date"}}, ["d"]),
    ({"c": {"const": {"a": 1}}}, ["c"]),
]


@pytest.mark.parametrize(("properties", "required"), HARD)
def test_required_settings_are_made_up(properties: Any, required: list[str]) -> None:
    example = page_of({"type": "object", "properties": properties, "required": required}).example
    assert example is not None
    config = json.loads(example.text)
    assert set(required) <= config.keys()
    cls = load_package(["page"]).classes[0].cls
    assert cls is not None
    cls.from_config(config)


def test_what_conditions_ask_for_is_made_up() -> None:
    properties = {"a": {"const": 1}, "b": {"type": "integer"}, "c": TEXT}
    schema = {
        "properties": properties,
        "required": ["a"],
        "dependentRequired": {"a": ["b"]},
        "if": {"required": ["b"]},
        "then": {"required": ["c"]},
    }
    example = page_of(schema).example
    assert example is not None
    assert json.loads(example.text).keys() == {"a", "b", "c"}


def test_what_an_alternative_asks_for_is_made_up() -> None:
    ways = [{"properties": {"a": TEXT}, "required": ["a"]}, {"required": ["b"]}]
    example = page_of({"properties": {"b": TEXT}, "anyOf": ways}).example
    assert example is not None
    assert json.loads(example.text) in ({"a": "text"}, {"b": "text"})


def test_the_search_for_an_example_ends() -> None:
    many = [{"$ref": f"#/$defs/C{n}"} for n in range(12)]
    lists = {"type": "array", "items": {"anyOf": many}, "minItems": 2, "uniqueItems": True}
    branch = {"type": "object", "properties": {"in": lists}, "required": ["in"]}
    schema = {**branch, "$defs": {f"C{n}": {**branch, "title": f"C{n}"} for n in range(12)}}
    put("a.json", schema)
    cls = load_package(["a.json"]).classes[0].cls
    assert cls is not None
    assert example_of(cls) is None


def test_where_no_example_is_found_the_page_says_so() -> None:
    hard = {**TEXT, "pattern": "^(?=.*b)(?=.*c)(?=.*d).{4}$"}
    put("s/a.json", {"properties": {"x": hard}, "required": ["x"]})
    assert run("s", "-o", "d") == 0
    assert "No config was found that is valid." in Path("d/a.md").read_text()
    assert "No config was found that is valid." in Path("d/index.html").read_text()


def test_examples_of_random_schemas_are_valid(tmp_path_factory: pytest.TempPathFactory) -> None:
    found: list[bool] = []

    def check(module: Any, schema: Any, config: Any) -> None:
        cls = module.Training
        example = example_of(cls)
        found.append(example is not None)
        if example is not None and not example.note:
            cls.from_config(json.loads(example.text))

    try_random(check, tmp_path_factory, 30, number=1, configs_each=1)
    assert sum(found) > len(found) / 2


# Texts of strangers


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.scripts = 0

    @classmethod
    def of(cls, text: str) -> Elements:
        parser = cls()
        parser.feed(text)
        parser.close()
        return parser

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.scripts += tag == "script"
        self.names |= {name for name, _ in attrs}
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


#: Of the others the classes have lost control characters that Python takes for spaces.
SAID = [text for text in HOSTILE if text == " ".join(text.split())]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference of schemas with hostile texts in every place."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, text in enumerate(HOSTILE):
        schema = json.dumps(schema_of(words(text)))
        (folder / f"s{number}.json").write_text(schema, encoding="utf-8")
    assert cli.main(["docs", str(folder), "-o", str(folder.parent / "hostile-docs")]) == 0
    return folder.parent / "hostile-docs"


def test_hostile_texts_stay_text_in_html(hostile: Path) -> None:
    assert run(str(GOLDEN), "-o", "harmless") == 0
    page, usual = (
        Elements.of((folder / "index.html").read_text(encoding="utf-8"))
        for folder in (hostile, Path("harmless"))
    )
    assert page.tags <= usual.tags
    assert page.names <= usual.names
    assert page.scripts == 1
    assert all(link.startswith("#") or link == "data:," for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    told = " ".join(page.text.split())
    for text in SAID:
        title = words(text)("titletext")
        assert " ".join(visible(title).split()) in told, title


TAGS = {*"h1 h2 h3 p a code pre ul li strong table thead tbody tr th td".split()}


def test_hostile_texts_stay_text_in_markdown(hostile: Path) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="needs markdown-it-py")
    reader = markdown_it.MarkdownIt("commonmark").enable("table")
    for number, text in enumerate(HOSTILE):
        source = (hostile / f"s{number}.md").read_text(encoding="utf-8")
        assert not any(mark in source for mark in ("{{", "}}", "{%", "{#")), text
        assert all(char == "\n" or char.isprintable() for char in source), text
        page = Elements.of(reader.render(source))
        assert page.tags <= TAGS, text
        assert page.names <= {"id", "href", "class"}, text
        told = " ".join(page.text.split())
        for place in ("titletext", "descriptionroot") if text in SAID else ():
            expected = " ".join(visible(words(text)(place)).split())
            assert expected in told, text


# Files


def test_only_what_changed_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/a.json", SIZE)
    put("schemas/b.json", SIZE)
    assert run("schemas", "-o", "docs") == 0
    assert capsys.readouterr().out == "docs: 4 pages, 4 written\n"
    assert run("schemas", "-o", "docs") == 0
    assert capsys.readouterr().out == "docs: 4 pages, nothing changed\n"
    put("docs/mine.md", "mine")
    Path("schemas/b.json").unlink()
    assert run("schemas", "-o", "docs", "--check") == 1
    assert Path("docs/b.md").exists()
    assert run("schemas", "-o", "docs") == 0
    assert capsys.readouterr().out.endswith("docs: 3 pages, 2 written, 1 removed\n")
    assert not Path("docs/b.md").exists()
    assert Path("docs/mine.md").read_text() == "mine"
    assert run("schemas", "-o", "docs", "--check") == 0


def test_edited_pages_stay(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", SIZE)
    assert run("a.json", "-o", "docs") == 0
    made = Path("docs/a.md").read_text()
    put("docs/a.md", "edited")
    assert run("a.json", "-o", "docs") == 1
    assert "someone edited this generated file" in capsys.readouterr().err
    assert Path("docs/a.md").read_text() == "edited"
    assert run("a.json", "-o", "docs", "--force") == 0
    assert Path("docs/a.md").read_text() == made


def test_pages_do_not_lie_among_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/a.json", SIZE)
    assert run("schemas", "-o", "schemas/docs") == 1
    assert "the docs would lie among the schemas" in capsys.readouterr().err
    assert not Path("schemas/docs").exists()


def test_wrong_usage_and_bad_schemas_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run()
    assert left.value.code == 2
    put("a.json", {"properties": {"size": {"type": "int"}}})
    assert run("a.json", "-o", "docs") == 1
    assert "a.json:1:34: error: " in capsys.readouterr().err
    assert not Path("docs").exists()


# Templates


def test_a_team_replaces_single_templates() -> None:
    put("a.json", {**SIZE, "title": "A *title*"})
    put(
        "mine/page.md.jinja",
        "{% include 'head.jinja' %}{{ page.title }}, {{ page.setting_count }}\n",
    )
    put("mine/head.jinja", "Our team. ")
    put("mine/page.css", "body { color: red }\n")
    assert run("a.json", "-o", "docs", "--templates", "mine") == 0
    assert Path("docs/a.md").read_text() == "Our team. A \\*title\\*, 1\n"
    html = Path("docs/index.html").read_text()
    assert "body { color: red }" in html
    assert ".columns" not in html
    assert "A *title*" in html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a\n{{ page.nothing }}",
            "mine/page.md.jinja:2: error: the template fails: UndefinedError",
        ),
        ("{% if %}", "mine/page.md.jinja:1: error: the template fails: TemplateSyntaxError"),
        ("\n\n{{ 1 // 0 }}", "mine/page.md.jinja:3: error: the template fails: ZeroDivisionError"),
    ],
)
def test_what_is_wrong_in_a_template_is_told_with_its_line(
    text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put("a.json", SIZE)
    put("mine/page.md.jinja", text)
    assert run("a.json", "-o", "docs", "--templates", "mine") == 1
    assert told in capsys.readouterr().err
    assert not Path("docs").exists()


def test_a_folder_without_templates_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", SIZE)
    put("mine/pages.md.jinja", "")
    assert run("a.json", "-o", "docs", "--templates", "mine") == 1
    assert "it can have page.md.jinja" in capsys.readouterr().err
    assert run("a.json", "-o", "docs", "--templates", "nowhere") == 1
    assert "there is no such folder" in capsys.readouterr().err


# Changes


def test_changes_since_a_folder_are_told() -> None:
    put("old/a.json", {"properties": {"size": {"type": "integer", "default": 2}}})
    put("old/gone.json", SIZE)
    put("new/a.json", SIZE)
    assert run("new", "-o", "docs", "--since", "old") == 0
    page = Path("docs/a.md").read_text()
    assert "## Changed since old\n\n- size: the default is 3 (was: 2)" in page
    assert "\n- gone: the schema is gone" in Path("docs/index.md").read_text()
    html = Elements.of(Path("docs/index.html").read_text())
    assert "size: the default is 3 (was: 2)" in html.text
    assert "gone: the schema is gone" in html.text


def test_changes_since_a_revision_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/a.json", {"properties": {"size": {"type": "integer", "default": 2}}})
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], [*name, "commit", "-qm", "first"]):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    put("schemas/a.json", SIZE)
    for since in ("HEAD", "HEAD:schemas"):
        assert run("schemas", "-o", "docs", "--since", since) == 0
        assert "- size: the default is 3 (was: 2)" in Path("docs/a.md").read_text()
    assert run("schemas", "-o", "docs", "--since", "nothing") == 1
    assert "nothing:./schemas: error: git: " in capsys.readouterr().err


def test_a_source_whose_name_no_file_can_have_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("x" * 300, "-o", "out") == 1
    assert "error: " in capsys.readouterr().err
