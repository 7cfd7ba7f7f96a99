"""Settings classes in other styles: pydantic models, msgspec structs, dataclasses, TypedDicts.

`SettingsAdapter.of(MyModel)` gives such a class what our own settings classes offer: configs, a
command line, the platform's form. A job takes the class itself, `settings: MyModel`, and finds the
adapter on its own. The libraries are imported only when one of their classes is used.
"""

from brevettiai.adapters._adapter import SettingsAdapter, is_adaptable

__all__ = ["SettingsAdapter", "is_adaptable"]
