"""The base class of everything that is stored as a config: see `brevettiai.utils.module`."""
