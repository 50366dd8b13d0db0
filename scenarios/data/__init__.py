"""Runs as data for others: Parquet files, and what is wrong with a set of them."""
