"""How things move: fetching, topics, runtimes, state, sinks, the page and the command line."""
