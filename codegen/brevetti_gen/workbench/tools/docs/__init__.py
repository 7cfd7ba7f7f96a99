"""`brevetti-gen docs`: a reference of all settings, as Markdown and as one page of HTML."""
