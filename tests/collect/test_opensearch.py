"""Search domains."""

from typing import Any

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.workloads import RECORDED, arn

ANSWERS = RECORDED["opensearch_domains"]


def test_domains_are_described_five_at_a_time() -> None:
    names = [f"logs-{n}" for n in range(11)]

    def described(**asked: Any) -> dict[str, Any]:
        assert len(asked["DomainNames"]) <= 5
        return {
            "DomainStatusList": [
                {"DomainName": name, "ARN": arn("es", f"domain/{name}")}
                for name in asked["DomainNames"]
            ]
        }

    listed = {"DomainNames": [{"DomainName": name} for name in names]}
    caller = fake_caller({**ANSWERS, "ListDomainNames": listed, "DescribeDomains": described})
    assert {row["name"] for row in rows_of("opensearch_domains", caller)} == set(names)
    assert asked(caller).count("DescribeDomains") == 3


def test_a_domain_whose_age_is_denied_is_still_a_row() -> None:
    found = read("opensearch_domains", {**ANSWERS, "DescribeDomainConfig": refused()})
    assert found.rows[0]["created_status"] == "denied"
    assert found.coverage.status == "partial"
