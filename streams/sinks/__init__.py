"""How notices leave: console, JSON lines, webhooks."""
