"""A pass that dies of some files, where workers can import it."""

import os
from collections.abc import Sequence

from awsbasics.collect.events.log_folder import LogFile
from awsbasics.collect.events.log_pass import LogPass, Tally

DEADLY = "deadly"


class DeadlyPass(LogPass):
    """Ends the process that reads a file with `deadly` in its name, once others are read."""

    def batch(self, name: str, files: Sequence[LogFile]) -> Tally:
        """As ever, until then."""
        harmless = [file for file in files if DEADLY not in file.name]
        tally = super().batch(name, harmless)
        if len(harmless) < len(files):
            os._exit(9)
        return tally
