"""Dedupe: is this text new."""
