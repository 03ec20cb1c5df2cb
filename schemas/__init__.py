"""What things are: the nouns of nightwire as frozen pydantic models, without behaviour."""
