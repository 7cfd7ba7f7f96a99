"""What runs on the workers of a Dask cluster, and what is checked and brought there before."""
