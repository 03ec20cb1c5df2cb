"""The command line: one module per family of commands; data goes to standard output, talk to standard error."""
