"""The figures and tables of each recommendation, by its id; one module for each."""

from collections.abc import Mapping

from awsbasics.show.evidence import (
    application_roles,
    deployment,
    developer_access,
    elevated_access,
    engineers,
    guard_rails,
    organizations,
    secrets,
    security_groups,
    security_review,
    separation,
    teams,
    vpc,
)
from awsbasics.show.exhibits import Exhibits

EXHIBITS: Mapping[str, Exhibits] = {
    "R01": organizations.EXHIBITS,
    "R02": guard_rails.EXHIBITS,
    "R03": separation.EXHIBITS,
    "R04": engineers.EXHIBITS,
    "R05": application_roles.EXHIBITS,
    "R06": teams.EXHIBITS,
    "R07": deployment.EXHIBITS,
    "R08": elevated_access.EXHIBITS,
    "R09": vpc.EXHIBITS,
    "R10": security_groups.EXHIBITS,
    "R11": developer_access.EXHIBITS,
    "R12": secrets.EXHIBITS,
    "R13": security_review.EXHIBITS,
}
