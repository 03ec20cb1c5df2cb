"""What consumers outside are promised: JSON Schemas, how these may change, and the AsyncAPI document."""
