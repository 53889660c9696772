"""CloudTrail's events, from `LookupEvents` or from a trail's log files, as one table."""
