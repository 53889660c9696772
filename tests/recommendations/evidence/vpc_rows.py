"""Rows of VPCs and what is in them, for tests."""

from typing import Any

from tests.recommendations.support import DEVELOPMENT, REGION

PLACE = {"region": REGION}


def vpc(id_: str = "vpc-1", **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:vpc/{id_}"
    return {**PLACE, "id": id_, "arn": arn, "is_default": False, "owner_id": DEVELOPMENT, **more}


def interface(id_: str = "eni-1", vpc_id: str = "vpc-1", **more: Any) -> dict[str, Any]:
    return {**PLACE, "id": id_, "vpc_id": vpc_id, "subnet_id": "subnet-1", **more}


def gateway(vpc_id: str = "vpc-1") -> dict[str, Any]:
    return {**PLACE, "id": f"igw-{vpc_id}", "vpc_ids": [vpc_id]}


def subnet(id_: str = "subnet-1", vpc_id: str = "vpc-1", **more: Any) -> dict[str, Any]:
    return {**PLACE, "id": id_, "vpc_id": vpc_id, "owner_id": DEVELOPMENT, **more}


def route_table(*routes: dict[str, Any], vpc_id: str = "vpc-1", **more: Any) -> dict[str, Any]:
    own = {"id": f"rtb-{vpc_id}", "vpc_id": vpc_id, "is_main": True, "routes": list(routes)}
    return {**PLACE, **own, **more}


OUT = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
