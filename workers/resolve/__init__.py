"""Resolve: one incident of all claims about one thing."""
