"""`python -m awsbasics`: the command line."""

from awsbasics.cli import main

main(prog_name="awsbasics")
