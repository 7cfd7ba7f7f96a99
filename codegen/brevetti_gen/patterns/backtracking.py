def catastrophic(pattern: str) -> str | None:
    return None
