"""What carries the pipeline: one contract, several carriers."""
