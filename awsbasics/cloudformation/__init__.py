"""CloudFormation templates, as data."""
