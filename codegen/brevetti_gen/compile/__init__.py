"""The step *compile*: the model to Python text of checks, loading, saving and tables."""
