"""What to do about findings: texts, one module for each recommendation."""
