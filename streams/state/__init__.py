"""Where keyed state lives: physical keys and the private server."""
