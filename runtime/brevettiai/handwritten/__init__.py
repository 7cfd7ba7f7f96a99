"""Settings classes written by hand: what their `__init__` says, their forms and their flags."""
