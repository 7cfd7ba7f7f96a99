"""Class styles of other libraries, by `datamodel-code-generator`; never loaded for our own style.

The model of the *build* step becomes a schema for the library (`schema`), which turns it into type
hints (`library`, `hints`); names, defaults and texts are ours, and templates lay them out.
"""
