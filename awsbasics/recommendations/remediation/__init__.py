"""What to do about what the checks find: texts, one step a line."""
