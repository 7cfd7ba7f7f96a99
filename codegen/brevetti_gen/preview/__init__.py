"""`brevetti-gen preview`: the form of a schema as people will see it, in a page on this machine.

What only the preview needs stays in here; nothing of the compiler imports it.
"""
