"""`brevetti-gen migrate`: stored configs under the names and values of today."""
