"""What checks look at: documents, groups, trails, grants, as they come out of the tables.

The modules above declare the recommendations; these find the evidence for their checks.
"""
