"""The steps *find* and *read*: files and folders to documents, each value with its place."""
