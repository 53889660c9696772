"""Which of the services that a role may use it ever used (APP.9); read only where asked for.

IAM makes a report for each role on request, within seconds, and keeps it for a week; its
tracking period is 400 days
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html).
That is two calls or more a role, so the table is left out unless a gather asks for it.
Service-linked and reserved roles are not asked about: nobody can change what they may do.
"""

import time
from collections.abc import Iterator

from awsbasics.collect.iam import OPERATION as DETAILS
from awsbasics.collect.iam import authorization_details
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

LAST_ACCESSED = "iam_service_last_accessed"
PAUSES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)
NOT_ASKED_ABOUT = ("/aws-service-role/", "/aws-reserved/")
GONE = ("NoSuchEntity",)  # the role was deleted since it was listed


def _last_accessed(call: Caller) -> Iterator[Item]:
    roles = [
        role["Arn"]
        for role in authorization_details(call, "RoleDetailList")
        if not role["Path"].startswith(NOT_ASKED_ABOUT)
    ]
    # All are asked for before any is waited for: IAM makes them meanwhile.
    operation, path = "GenerateServiceLastAccessedDetails", "JobId"
    jobs = call.map(lambda arn: call.answer("iam", operation, path, absent=GONE, Arn=arn), roles)
    pairs = zip(roles, jobs, strict=True)
    for services in call.map(lambda pair: _services_of(call, *pair), pairs):
        yield from services


def _services_of(call: Caller, role_arn: str, job: Answer) -> list[Item]:
    report = _finished(call, job.value) if job.status == "ok" else job
    if report.status == "absent":
        return []
    if report.status != "ok":
        call.note(report, "GetServiceLastAccessedDetails")
        return []
    return [{**service, "role_arn": role_arn} for service in report.value["ServicesLastAccessed"]]


def _finished(call: Caller, job_id: str) -> Answer:
    """A job's report, once it is made and if it is whole."""
    operation, page = "GetServiceLastAccessedDetails", 1000
    for pause in (*PAUSES_SECONDS, None):
        report = call.answer(
            "iam", operation, absent=GONE, expect="JobStatus", JobId=job_id, MaxItems=page
        )
        if report.status != "ok" or report.value["JobStatus"] != "IN_PROGRESS":
            return _checked(report)
        if pause is not None:
            time.sleep(pause)
    return Answer("error", None, "JobTimeout", "IAM did not finish the report in a minute")


def _checked(report: Answer) -> Answer:
    if report.status != "ok":
        return report
    if report.value["JobStatus"] == "FAILED":
        error = report.value.get("Error", {})
        return Answer("error", None, error.get("Code", "JobFailed"), error.get("Message", ""))
    if report.value.get("IsTruncated"):  # one page holds twice as many services as AWS has
        return Answer("error", None, "IsTruncated", "the report has more than one page")
    return report


TABLES = (
    Table(
        name=LAST_ACCESSED,
        description="When each role last used each service that it may use.",
        service="iam",
        operation="GenerateServiceLastAccessedDetails",
        path="JobId",
        scope="account",
        gather=_last_accessed,
        optional=True,
        follow_ups=(
            FollowUp(service="iam", operation=DETAILS, per="once"),
            FollowUp(service="iam", operation="GetServiceLastAccessedDetails", per="role"),
        ),
        columns=(
            Column("role_arn", "string", "", "The role."),
            Column(
                "service_namespace", "string", "ServiceNamespace", "Its prefix in policies: `s3`."
            ),
            Column("service_name", "string", "ServiceName", "Name of the service."),
            Column(
                "last_authenticated",
                "timestamp",
                "LastAuthenticated",
                "When the role last called it; null if never in the tracking period.",
            ),
            Column(
                "last_authenticated_region",
                "string",
                "LastAuthenticatedRegion",
                "Where it called it.",
            ),
        ),
    ),
)
