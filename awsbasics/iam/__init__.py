"""The policy language: documents, statements, conditions; pure Python."""
