"""What to do about findings, as plain text: one module for each recommendation."""
