"""Files and folders to sources: names, order, clashes."""

import keyword
import os
import random
import sys
from pathlib import Path

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.read.find import find, module_name
from hypothesis import given
from hypothesis import strategies as st

posix = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege")


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    return root


def modules(*sources: Path, exclude: Path | None = None) -> list[str]:
    found, problems = find(sources, exclude)
    assert not problems, problems
    return [".".join(source.module) for source in found]


def messages(*sources: Path) -> list[str]:
    return [problem.message for problem in find(sources)[1]]


def test_a_folder_gives_a_module_per_schema_file(tmp_path):
    make(tmp_path, "a/b-1.json", "training.schema.json", "x.form.yaml", "y.yml", "notes.txt")
    found, problems = find([tmp_path])
    assert not problems
    assert [(s.module, s.uri_path) for s in found] == [
        (("a", "b_1"), "a/b-1.json"),
        (("training",), "training.schema.json"),
        (("x",), "x.form.yaml"),
        (("y",), "y.yml"),
    ]
    assert [s.is_yaml for s in found] == [False, False, True, True]


def test_names_stay_as_short_as_given(tmp_path, monkeypatch):
    make(tmp_path, "schemas/a/b.json")
    monkeypatch.chdir(tmp_path)
    assert [s.name for s in find(["schemas"])[0]] == ["schemas/a/b.json"]
    assert [s.name for s in find(["./schemas/"])[0]] == ["schemas/a/b.json"]
    assert [s.name for s in find(["."])[0]] == ["schemas/a/b.json"]


def test_a_single_file_goes_by_its_own_name(tmp_path):
    make(tmp_path, "a/b.schema.yaml")
    found, _ = find([tmp_path / "a/b.schema.yaml"])
    assert [(s.module, s.uri_path) for s in found] == [(("b",), "b.schema.yaml")]


def test_a_file_given_twice_counts_once_as_in_the_outermost_folder(tmp_path):
    make(tmp_path, "a/b.json", "c.json")
    given = [tmp_path / "a/b.json", tmp_path, tmp_path / "a", tmp_path / "a/../c.json"]
    for _ in range(5):
        random.shuffle(given)
        assert modules(*given) == ["a.b", "c"]


def test_hidden_entries_and_the_output_folder_are_passed_over(tmp_path):
    make(tmp_path, "a.json", ".b.json", ".git/c.json", "out/d.json")
    assert modules(tmp_path, exclude=tmp_path / "out") == ["a"]
    assert modules(tmp_path, exclude=tmp_path) == ["a", "out.d"]


@posix
def test_loops_of_links_are_harmless(tmp_path):
    make(tmp_path, "a/b.json", "c/d.json")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "A_link").symlink_to(tmp_path / "c")
    (tmp_path / "c/other").symlink_to(tmp_path / "a")
    assert modules(tmp_path) == ["a.b", "c.d"]


@posix
def test_a_link_to_nothing_is_named(tmp_path):
    (tmp_path / "a.json").symlink_to(tmp_path / "gone.json")
    assert messages(tmp_path) == ["a symbolic link to nothing"]


def test_what_is_missing_or_empty_is_named(tmp_path):
    make(tmp_path, "empty/readme.md", "notes.txt")
    assert messages(tmp_path / "gone") == ["no such file or folder"]
    assert messages(tmp_path / "empty") == ["no schema files in this folder"]
    assert messages(tmp_path / "notes.txt") == ["not a schema file by its name"]
    assert messages() == ["no schema files or folders are given"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_named(tmp_path):
    make(tmp_path, "a/b.json")
    (tmp_path / "a").chmod(0)
    try:
        assert messages(tmp_path) == ["cannot be read: Permission denied"]
    finally:
        (tmp_path / "a").chmod(0o700)


def test_two_schemas_for_one_module_are_both_named(tmp_path):
    make(tmp_path, "s/a-b.json", "s/a_b.schema.yaml")
    (message,) = messages(tmp_path / "s")
    assert message.startswith("two schemas for the module a_b")
    assert "s/a-b.json and" in message
    assert message.endswith("s/a_b.schema.yaml")


def test_equal_names_in_two_folders_clash(tmp_path):
    make(tmp_path, "s/a.json", "t/a.json")
    (message,) = messages(tmp_path / "s", tmp_path / "t")
    assert message.startswith("two schemas for the module a: ")


def test_a_module_beside_a_package_of_its_name_is_refused(tmp_path, monkeypatch):
    make(tmp_path, "s/a.json", "s/a/b.json", "s/a/c/d.json")
    monkeypatch.chdir(tmp_path)
    (problem,) = find(["s"])[1]
    assert problem.path == "s/a.json"
    assert problem.message == (
        "a would be both the module of s/a.json and the package of s/a/b.json"
    )
    assert problem.hint == "rename the file or the folder s/a, or move the file into it"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file system folds case")
@pytest.mark.parametrize(
    "names", [("Ab.json", "ab.json"), ("Ab/x.json", "ab/y.json"), ("straße.json", "strasse.json")]
)
def test_names_that_differ_only_in_case_are_refused(tmp_path, names):
    make(tmp_path, *names)
    (message,) = messages(tmp_path)
    assert "differ only in case" in message


@pytest.mark.skipif(sys.platform == "darwin", reason="file system folds forms")
def test_two_forms_of_one_unicode_name_are_one_module(tmp_path):
    make(tmp_path, "\u00e9.json", "e\u0301.json")
    (message,) = messages(tmp_path)
    assert message.startswith("two schemas for the module \u00e9")


def test_a_name_without_any_letter_is_refused(tmp_path):
    make(tmp_path, "+.json")
    assert messages(tmp_path) == ["no module name can be made of this file name"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("training", "training"),
        ("learning-rate", "learning_rate"),
        ("a.b c", "a_b_c"),
        ("report (1)", "report_1"),
        ("class", "class_"),
        ("match", "match"),
        ("2d", "_2d"),
        ("größe", "größe"),
        ("ﬁt", "fit"),
        ("模型", "模型"),
        ("__init__", "__init___"),
        ("__main__", "__main___"),
        ("aux", "aux_"),
        ("..", ""),
        ("Training", "Training"),
        ("a$b", "a_b"),
    ],
)
def test_module_names_are_the_least_surprising_identifiers(text, name):
    assert module_name(text) == name


@given(st.text(max_size=20))
def test_every_module_name_is_an_identifier_that_python_imports(text):
    name = module_name(text)
    assert name == "" or (name.isidentifier() and not keyword.iskeyword(name))
    assert module_name(name) in (name, name + "_")


@posix
def test_circles_of_links_are_no_files(tmp_path):
    make(tmp_path, "schemas/a.json")
    (tmp_path / "schemas/a.json").write_text('{"type": "object"}')
    for name in ("b.json", "folder"):
        (tmp_path / "schemas" / name).symlink_to(name)
    assert messages(tmp_path / "schemas") == ["a symbolic link to nothing"]
    for name in ("b.json", "folder"):
        with pytest.raises(GenerationError, match="cannot be read"):
            generate([tmp_path / "schemas" / name], tmp_path / "settings")
    (tmp_path / "schemas/b.json").unlink()
    assert modules(tmp_path / "schemas") == ["a"]
    with pytest.raises(GenerationError, match="is not a folder"):
        generate([tmp_path / "schemas"], tmp_path / "schemas/folder")
    with pytest.raises(GenerationError, match="no such folder"):
        generate(
            [tmp_path / "schemas"],
            tmp_path / "settings",
            maps={"https://a/": tmp_path / "schemas/folder"},
        )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_of_files_need_not_be_unicode(tmp_path):
    folder = os.fsencode(tmp_path / "schemas")
    os.mkdir(folder)
    for name, text in {
        b"a\xff.json": '{"type": "object"}',
        b"\xe9b.yaml": "$ref: a%FF.json",
    }.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    report = generate([tmp_path / "schemas"], tmp_path / "settings")
    assert report.modules == ("a", "b")
    assert "from a\\udcff.json." in (tmp_path / "settings/a.py").read_text("utf-8")
    assert not generate([tmp_path / "schemas"], tmp_path / "settings").written
    with open(os.path.join(folder, b"c\xff.json"), "w") as file:
        file.write('{"type": "objekt"}')
    with pytest.raises(GenerationError, match=r"c\\udcff\.json:1:10: error"):
        generate([tmp_path / "schemas"], tmp_path / "settings")


@posix
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_no_message_quotes_a_file_to_which_a_link_leads_out(name, tmp_path):
    (tmp_path / "secret").write_text("geheim: [geheim\n")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / name).symlink_to(tmp_path / "secret")
    for source in (tmp_path / "schemas", tmp_path / "schemas" / name):
        with pytest.raises(GenerationError) as caught:
            generate([source], tmp_path / "settings")
        assert "a symbolic link leads out of the folder" in str(caught.value)
        assert "geheim" not in str(caught.value)
    (tmp_path / "schemas/b.json").write_text('{"geheim')
    with pytest.raises(GenerationError, match=r"b\.json:1:2"):
        generate([tmp_path / "schemas/b.json"], tmp_path / "settings")
    (tmp_path / "secret").write_text('{"type": "object"}')
    assert generate([tmp_path / "schemas" / name], tmp_path / "settings").modules == ("a",)
