"""Judge: hold incidents against rules."""
