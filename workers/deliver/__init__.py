"""Deliver: tell every receiver once."""
