"""The step *build*: schemas to modules, classes, properties and types, with names and fills."""
