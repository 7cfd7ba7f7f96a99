"""Secrets of classes in other styles: the same are hidden as those of our own classes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.platform.settings import stored_config
from brevettiai.settings import SettingsError
from secret_places import CANARY, MARK, PLACES, schema_of
from style_classes import STYLES, Make, keep, lost

CASES = [pytest.param(place, id=name) for name, place in PLACES.items()]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("place", CASES)
def test_a_secret_is_hidden_in_each_style(
    styled: Make,
    style: str,
    place: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    cls = styled(style, schema_of(place)).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    settings = adapter.from_config({"p": place.value})
    texts = [json.dumps(adapter.get_config(settings, hide_secrets=True))]
    texts += [json.dumps(stored_config(settings, cls)), adapter.format_help()]
    if style in ("pydantic", "dataclass"):
        texts += [repr(settings), str(settings)]
    else:
        assert lost(styled.report)  # type: ignore[attr-defined]
    for arguments in (["--show-settings"], ["--show-settings=json"]):
        with pytest.raises(SystemExit):
            adapter.from_args(arguments, config={"p": place.value})
        texts.append("".join(capsys.readouterr()))
    for attempt in (
        lambda: adapter.from_config({"p": [[CANARY]], "visible": 1}),
        lambda: adapter.from_args([f'--p=["{CANARY}"'], config={"visible": 1}),
        lambda: adapter.from_settings({"p": f'["{CANARY}"', "visible": 1}),
    ):
        with pytest.raises(SettingsError) as caught:
            attempt()
        texts.append(f"{caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}")
    for text in texts:
        assert CANARY not in text


@pytest.mark.parametrize("style", STYLES)
def test_secrets_under_keys_that_are_no_fields(styled: Make, style: str) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    schema = {**schema_of(PLACES["property"]), "additionalProperties": MARK}
    cls = styled(style, schema).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    settings = adapter.from_config({"k": CANARY})
    assert CANARY not in json.dumps(adapter.get_config(settings, hide_secrets=True))
    if style in ("dataclass", "msgspec"):
        assert CANARY not in repr(settings)
    else:
        assert "/additionalProperties" in str(lost(styled.report))  # type: ignore[attr-defined]


@pytest.mark.parametrize("style", STYLES)
def test_keys_in_a_secret_are_told_only_where_the_schema_names_them(
    styled: Make, style: str, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    numbers = {"type": "object", "additionalProperties": {"type": "integer"}, "writeOnly": True}
    named = {"type": "object", "properties": {"inner": {"type": "integer"}}, "writeOnly": True}
    schema = {"type": "object", "properties": {"map": numbers, "named": named}}
    adapter = SettingsAdapter.of(styled(style, schema).Training)
    for config in ({"map": {CANARY: "x"}}, {"named": {CANARY: 1, "inner": "x"}}):
        with pytest.raises(SettingsError) as caught:
            adapter.from_config(config)
        assert CANARY not in str(caught.value)
    assert "named.inner: " in str(caught.value)
    adapter.from_config({"named": {CANARY: 1}})
    assert CANARY not in caplog.text
