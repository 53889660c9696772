"""Privilege escalation paths, declared: which actions, on what, to become whom.

Facts (ids, names, required actions, services that a passed role trusts) are pathfinding.cloud's,
in data/privilege_escalation_paths.json; `published` says what each means: what its actions must
be allowed on, and who is gained. Paths of our own are `awsbasics-001` and on, in `own`, with
their sources. A new path is a new declaration.
"""

from awsbasics.iam.paths.declaration import Gain, Need, On, Path
from awsbasics.iam.paths.declarations import escalation_path_declarations

__all__ = ["Gain", "Need", "On", "Path", "escalation_path_declarations"]
