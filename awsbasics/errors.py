"""The errors that a user can meet, each one line that says what happened and what to do.

    AwsbasicsError            exit 1   anything below
    ├── UsageError            exit 2   an argument that cannot be used
    ├── CredentialsError      exit 1   no credentials, expired, unknown profile
    ├── AccessError           exit 1   a role or a call that AWS refuses and all depends on
    ├── OrganizationError     exit 1   an organization was asked for and cannot be seen
    ├── SnapshotError         exit 1   not a snapshot, unfinished, damaged, or in use
    ├── ClusterError          exit 1   a Dask cluster that cannot be used, or gave up
    ├── EngagementError       exit 1   mistakes in an engagement file, all of them at once
    ├── ReportError           exit 1   a report that cannot be written
    └── TemplateError         exit 1   a CloudFormation template that cannot be read

Anything else that escapes is a bug and shows its traceback.
"""


class AwsbasicsError(Exception):
    """What went wrong and what to do about it, in one line."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """What notebooks show in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class UsageError(AwsbasicsError):
    """An argument that cannot be used."""

    exit_code = 2


class CredentialsError(AwsbasicsError):
    """AWS credentials are missing, expired, or those of an unknown profile."""


class AccessError(AwsbasicsError):
    """AWS refused something without which there is nothing to gather."""


class OrganizationError(AwsbasicsError):
    """An organization was asked for, and these credentials see none."""


class SnapshotError(AwsbasicsError):
    """A folder that is no snapshot, or an unfinished, damaged or busy one."""


class ClusterError(AwsbasicsError):
    """A Dask cluster that cannot be reached, has no workers, or gave up."""


class EngagementError(AwsbasicsError):
    """The mistakes in an engagement file; `mistakes` holds them as `file:line: text`."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


class ReportError(AwsbasicsError):
    """A report or one of its files that cannot be written."""


class TemplateError(AwsbasicsError):
    """A text that is no CloudFormation template; with the line where there is one."""
