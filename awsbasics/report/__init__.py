"""From executed notebooks and an assessment to a folder of pages and exports."""
