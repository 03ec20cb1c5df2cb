"""How right the reading is: annotated articles held against what the production code makes of them."""
