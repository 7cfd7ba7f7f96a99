"""The command line of settings: flags, help, settings files, layers."""
