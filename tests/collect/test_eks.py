"""Kubernetes clusters."""

from tests.collect.fake_caller import read, refused
from tests.collect.recordings.workloads import RECORDED


def test_a_cluster_that_may_not_be_described_still_has_its_name() -> None:
    found = read("eks_clusters", {**RECORDED["eks_clusters"], "DescribeCluster": refused()})
    assert [(row["name"], row["arn"]) for row in found.rows] == [("main", None)]
    assert found.coverage.status == "partial"


def test_a_cluster_that_was_deleted_meanwhile_is_no_row() -> None:
    gone = refused("ResourceNotFoundException")
    found = read("eks_clusters", {**RECORDED["eks_clusters"], "DescribeCluster": gone})
    assert (found.coverage.status, found.rows) == ("empty", [])
