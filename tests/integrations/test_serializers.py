"""Settings objects through msgspec and cattrs, and in attrs classes."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.settings import SettingsError
from brevettiai.utils.module import plain


def test_msgspec(training_class: Any) -> None:
    msgspec = pytest.importorskip("msgspec", reason="needs msgspec")
    from brevettiai.integrations.msgspec import dec_hook, enc_hook, schema_hook

    class Whole(msgspec.Struct):  # type: ignore[misc,name-defined]
        training: training_class
        others: list[training_class] = msgspec.field(default_factory=list)

    whole = msgspec.json.decode(b'{"training": {"epochs": 3}}', type=Whole, dec_hook=dec_hook)
    assert whole.training == training_class(epochs=3)
    whole.others.append(training_class(epochs=5))
    for library in (msgspec.json, msgspec.msgpack):
        encoded = library.encode(whole, enc_hook=enc_hook)
        assert library.decode(encoded, type=Whole, dec_hook=dec_hook) == whole
    with pytest.raises(msgspec.ValidationError, match=r"epochs: must be at least 1 .* `\$.others"):
        msgspec.convert({"training": {}, "others": [{"epochs": 0}]}, Whole, dec_hook=dec_hook)
    schema = msgspec.json.schema(Whole, schema_hook=schema_hook)
    properties = schema["$defs"]["Whole"]["properties"]
    assert properties["training"]["properties"]["epochs"]["minimum"] == 1


def test_msgspec_leaves_other_types_to_other_hooks() -> None:
    pytest.importorskip("msgspec", reason="needs msgspec")
    from brevettiai.integrations.msgspec import dec_hook, enc_hook, schema_hook

    for hook, arguments in ((enc_hook, (object(),)), (dec_hook, (set, 1)), (schema_hook, (set,))):
        with pytest.raises(NotImplementedError):
            hook(*arguments)  # type: ignore[operator]


def test_cattrs_and_attrs(training_class: Any) -> None:
    attrs = pytest.importorskip("attrs", reason="needs attrs")
    cattrs = pytest.importorskip("cattrs", reason="needs cattrs")
    from brevettiai.integrations.cattrs import register

    @attrs.define
    class Whole:
        training: training_class
        others: list[training_class] = attrs.Factory(list)
        best: training_class | None = None

    converter = cattrs.Converter()
    register(converter)
    whole = converter.structure({"training": {"epochs": 3}, "others": [{}]}, Whole)
    assert whole == Whole(training_class(epochs=3), [training_class()])
    unstructured = converter.unstructure(whole)
    assert unstructured["training"] == whole.training.get_config()
    assert converter.structure(json.loads(json.dumps(unstructured)), Whole) == whole
    with pytest.raises(cattrs.ClassValidationError) as caught:
        converter.structure({"training": {"epochs": 0}}, Whole)
    assert "epochs: must be at least 1 (got 0)" in str(caught.value.exceptions[0])


def test_attrs_converts_and_writes(training_class: Any) -> None:
    attrs = pytest.importorskip("attrs", reason="needs attrs")

    @attrs.define
    class Whole:
        training: training_class = attrs.field(converter=training_class.from_config)

    assert Whole({"epochs": 3}) == Whole(training_class(epochs=3))
    written = attrs.asdict(Whole({}), value_serializer=lambda _, __, value: plain(value))
    assert written["training"] == training_class().get_config()


@pytest.mark.parametrize("style", ["pydantic", "msgspec", "dataclass"])
def test_inside_settings_of_other_styles(style: str, training_class: Any) -> None:
    library: Any = None if style == "dataclass" else pytest.importorskip(style)
    if library is None:

        @dataclass
        class Whole:
            training: training_class = field(default_factory=training_class)
            name: str = ""

    elif style == "pydantic":

        class Whole(library.BaseModel):  # type: ignore[no-redef]
            training: training_class = library.Field(default_factory=training_class)
            name: str = ""

    else:

        class Whole(library.Struct):  # type: ignore[no-redef]
            training: training_class = library.field(default_factory=training_class)
            name: str = ""

    adapter = SettingsAdapter.of(Whole)
    words = ["--training.epochs", "3", "--training.augmentation.flip", "--name", "x"]
    whole = adapter.from_args(words)
    assert whole.training == training_class(epochs=3, augmentation={"flip": True})
    assert adapter.from_config(adapter.get_config(whole)) == whole
    assert adapter.get_config(whole)["training"]["token"] == "t0k3n"
    assert "t0k3n" not in str(adapter.get_config(whole, hide_secrets=True))
    assert adapter.from_settings(adapter.get_settings(whole)) == whole
    models = [each.get("model") for each in adapter.get_schema().schema["fields"]]
    assert "training.augmentation.angle" in models
    with pytest.raises(SettingsError) as caught:
        adapter.from_args(["--training.epochs", "0", "--training.augmentation.angle", "400"])
    assert sorted(str(problem) for problem in caught.value.problems) == [
        "training.augmentation.angle: must be at most 180 "
        "(got 400, from --training.augmentation.angle)",
        "training.epochs: must be at least 1 (got 0, from --training.epochs)",
    ]
