"""Ukrainian and Russian: a small grammar of one construction, what air defence shot down and what was launched."""
