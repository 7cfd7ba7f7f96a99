"""Many runs of a job: Optuna proposes settings, Dask distributes the runs."""
