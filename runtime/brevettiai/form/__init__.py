"""The platform form of settings, and form models."""
