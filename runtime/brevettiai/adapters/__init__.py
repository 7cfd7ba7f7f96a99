"""Settings classes in other styles: pydantic models, msgspec structs, dataclasses, TypedDicts.

`SettingsAdapter.of(MyModel)` gives such a class what our own settings classes offer: configs, a
command line, the platform's form. A job takes the class itself, `settings: MyModel`, and finds the
adapter on its own. The libraries are imported only when one of their classes is used.
"""

from __future__ import annotations

from typing import Any

from brevettiai.adapters._adapter import SettingsAdapter, is_adaptable

__all__ = ["SettingsAdapter", "is_adaptable"]


def owner_of(cls: Any) -> Any:
    """Who has the methods of settings for a class: itself, or an adapter of it.

    Raises:
        TypeError: it is no settings class.
    """
    from brevettiai.adapters._forms import FormAdapter
    from brevettiai.modules import VueSettingsModule
    from brevettiai.settings import Settings

    if isinstance(cls, type) and issubclass(cls, Settings):
        return cls
    if isinstance(cls, type) and issubclass(cls, VueSettingsModule):
        return FormAdapter(cls)
    return SettingsAdapter.of(cls)
