"""AWS Config's recorders and whether they record (REV.5)."""

from collections.abc import Iterator

from awsbasics.collect.shaping import answered
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

STATUS = {
    "recording": "recording",
    "last_status": "lastStatus",
    "last_error": "lastErrorMessage",
    "last_started": "lastStartTime",
    "last_stopped": "lastStopTime",
}


def _recorders(call: Caller) -> Iterator[Item]:
    recorders = call.items("config", "DescribeConfigurationRecorders", "ConfigurationRecorders")
    if not recorders:
        return
    operation, path = "DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus"
    statuses = call.listed("config", operation, path)
    by_name = {status["name"]: status for status in statuses.value or ()}
    for recorder in recorders:
        known = statuses
        if statuses.status == "ok":
            known = Answer("ok", by_name.get(recorder["name"], {}))
        yield {**recorder, **{column: known.at(path) for column, path in STATUS.items()}}


TABLES = (
    Table(
        name="config_recorders",
        description="Configuration recorders, those of AWS's services included.",
        service="config",
        operation="DescribeConfigurationRecorders",
        path="ConfigurationRecorders",
        gather=_recorders,
        each=answered(*STATUS),
        follow_ups=(
            FollowUp(
                service="config",
                operation="DescribeConfigurationRecorderStatus",
                per="region with a recorder",
            ),
        ),
        columns=(
            Column("arn", "string", "arn", "ARN of the recorder."),
            Column("name", "string", "name", "Name of the recorder."),
            Column("role_arn", "string", "roleARN", "The role that it looks with."),
            Column(
                "service_principal",
                "string",
                "servicePrincipal",
                "The service that made it for itself; null where the account made it.",
            ),
            Column("recording_group", "json", "recordingGroup", "Which resource types it records."),
            Column("recording", "bool", "", "Whether it records now.", follow_up=True),
            Column(
                "last_status",
                "string",
                "",
                "Success, Pending or Failure, of the last delivery.",
                follow_up=True,
            ),
            Column("last_error", "string", "", "Why that failed, if it did.", follow_up=True),
            Column("last_started", "timestamp", "", "When it was started.", follow_up=True),
            Column("last_stopped", "timestamp", "", "When it was stopped.", follow_up=True),
        ),
    ),
)
