"""Build projects: who makes them run what, without what they are told in secret."""

import json
from typing import Any

import pytest

from tests.collect.fake_caller import asked, fake_caller, rows_of
from tests.collect.recordings.delivery import PROJECT, RECORDED

ANSWERS = RECORDED["codebuild_projects"]


def project(**changed: Any) -> Any:
    answers = {**ANSWERS, "BatchGetProjects": {"projects": [{**PROJECT, **changed}]}}
    return rows_of("codebuild_projects", answers)[0]


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ({"type": "GITHUB"}, "source"),
        ({"type": "GITHUB", "buildspec": ""}, "source"),
        ({"type": "GITHUB", "buildspec": "ci/build.yml"}, "source"),
        ({"type": "CODEPIPELINE", "buildspec": "buildspec"}, "source"),
        ({"type": "GITHUB", "buildspec": "version: 0.2\nphases: {}"}, "project"),
        ({"type": "GITHUB", "buildspec": '{"version": 0.2}'}, "project"),
        ({"type": "NO_SOURCE", "buildspec": "version: 0.2"}, "project"),
        ({"type": "S3", "buildspec": "arn:aws:s3:::specs/build.yml"}, "s3"),
        ({"type": "S3", "buildspec": "s3://specs/build.yml"}, "s3"),
    ],
)
def test_a_project_says_who_writes_its_commands(source: dict[str, Any], origin: str) -> None:
    assert project(source=source)["build_specification"] == origin


def test_a_webhook_keeps_its_filters_and_not_its_secret() -> None:
    webhook = json.loads(project()["webhook"])
    assert webhook["filterGroups"] == [[{"type": "EVENT", "pattern": "PUSH"}]]
    assert not {"secret", "payloadUrl", "url"} & set(webhook)


def test_a_project_that_nothing_starts_has_no_webhook() -> None:
    plain = {key: value for key, value in PROJECT.items() if key != "webhook"}
    answers = {**ANSWERS, "BatchGetProjects": {"projects": [plain]}}
    (row,) = rows_of("codebuild_projects", answers)
    assert row["webhook"] is None


def test_variables_say_what_codebuild_fetches_and_what_stands_in_the_project() -> None:
    assert json.loads(project()["environment"]) == {
        "NPM_TOKEN": "literal",
        "DB_PASSWORD": "parameter",
        "API_KEY": "secret",
    }


def test_addresses_of_sources_have_no_credentials() -> None:
    row = project()
    assert row["source_location"] == "https://github.com/example/app.git"
    (other,) = json.loads(row["secondary_sources"])
    assert other == {"type": "GITHUB", "location": "https://github.com/example/more.git"}


def test_projects_are_described_a_hundred_at_a_time() -> None:
    def described(**asked: Any) -> dict[str, Any]:
        assert len(asked["names"]) <= 100
        return {"projects": [{**PROJECT, "name": name} for name in asked["names"]]}

    names = [f"app-{n}" for n in range(201)]
    caller = fake_caller({"ListProjects": {"projects": names}, "BatchGetProjects": described})
    assert len(rows_of("codebuild_projects", caller)) == 201
    assert asked(caller).count("BatchGetProjects") == 3
