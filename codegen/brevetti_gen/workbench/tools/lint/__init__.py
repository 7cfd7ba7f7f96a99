"""`brevetti-gen lint`: what is wrong or doubtful in schemas, and `--fix`."""
