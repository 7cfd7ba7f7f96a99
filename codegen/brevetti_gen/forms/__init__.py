"""Platform forms: to JSON Schemas, and from them. The commands `form` and `import-form`."""
