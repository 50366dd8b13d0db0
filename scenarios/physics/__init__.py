"""The physics held against theory: checks with a tolerance each, their report, and ``draisine physics``."""
