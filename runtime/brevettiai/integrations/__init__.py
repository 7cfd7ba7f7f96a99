"""What lets other libraries take and give settings objects: one module for each library.

The hooks that a library finds on a class itself (of pydantic, FastAPI, rich, Jupyter) are part of
`Settings` and need no module. Importing one of these imports its library; `python_types`, with
type hints of texts that are objects, is for all of them and imports none.
"""
