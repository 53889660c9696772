"""Gathers AWS account data and reports on thirteen security basics."""

__version__ = "0.1.0"
