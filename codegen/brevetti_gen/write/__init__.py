"""The steps *render* and *write*: compiled text laid out by templates, then whole files."""
