"""Extract: know what a number counts."""
