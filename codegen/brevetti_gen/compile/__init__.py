"""The *compile* step: the model and its schemas to straight-line Python text."""
