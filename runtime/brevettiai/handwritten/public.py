"""Configs of hand-written modules without the secrets that classes inside them know of."""

from __future__ import annotations

from brevettiai.json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def public_config(settings: Any) -> Any:
    """The config of a module, without what generated classes inside it call a secret."""
    if callable(getattr(settings, "schema_digest", None)):
        return settings.get_config(hide_secrets=True)
    attributes: dict[str, Any] = settings.__dict__
    config: dict[str, Any] = settings.get_config()
    return {key: _public_item(attributes.get(key), stored) for key, stored in config.items()}


def _public_item(value: Any, stored: Any) -> Any:
    """What to show of an attribute's value, which its module stores as `stored`."""
    if is_array(value) and is_array(stored):
        return [_public_item(*pair) for pair in zip(value, stored, strict=False)]
    if is_object(value) and is_object(stored):
        return {key: _public_item(value.get(key), inner) for key, inner in stored.items()}
    return public_config(value) if hasattr(value, "get_config") and is_object(stored) else stored
