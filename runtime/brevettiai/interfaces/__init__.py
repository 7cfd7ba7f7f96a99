"""What jobs show to the platform: their settings form, see `vue_schema_utils`."""
