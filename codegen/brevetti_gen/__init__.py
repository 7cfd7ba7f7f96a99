"""brevetti-gen: compiles JSON Schemas to plain, typed Python settings classes."""
