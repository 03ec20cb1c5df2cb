"""Backtests: rules run over an archive, alone or beside an older version, and told as text, JSON or a page."""
