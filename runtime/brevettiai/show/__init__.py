"""How settings are shown: as text, in notebooks; secrets masked."""
