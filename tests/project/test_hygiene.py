"""What must not be in the repository: it would be wrong or harmful on another machine."""

import re

import pytest

from tests.project.repository import committed, lines

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "package registry": (
        r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|deb[.]debian[.]org"
        r"|anaconda[.](?:org|com)|registry[.]yarnpkg|crates[.]io|proxy[.]golang"
    ),
    "path of one machine": r"(?<![\w./:~*$}{-])/(?:work|home|root|Users)/[\w.]",
    "access key": r"\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE\b)[A-Z0-9]{16}\b",
    "secret key": (
        r"(?i)secret_?access_?key[\"']?\s*[=:]\s*[\"']?(?![\w/+]{30}EXAMPLEKEY)[\w/+]{40}(?![\w/+])"
    ),
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9]{8,})",
    "tool of the workshop": r"(?i)farm[-](?:bench|studio)",
}

EXAMPLES = {
    "package registry": "https://files.python" + "hosted.org/packages",
    "path of one machine": "open('/ho" + "me/ann/snapshot')",
    "access key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "secret key": "aws_secret_access_key = " + "abcdefghij" * 4,
    "private key": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "token": "ghp_" + "a1B2" * 9,
    "tool of the workshop": "farm-" + "studio",
}

ALLOWED = [
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "arn:aws:iam::123456789012:user/home/ann",
    "https://example.com/home/index.html",
]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_line_holds_a(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])

    assert [place for place, line in lines() if pattern.search(line)] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_search_would_find_a(what: str) -> None:
    assert re.search(FORBIDDEN[what], EXAMPLES[what])


@pytest.mark.parametrize("line", ALLOWED)
def test_documented_examples_are_no_alarm(line: str) -> None:
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, line)] == []


def test_no_file_is_large() -> None:
    assert [path.name for path in committed() if path.stat().st_size > 2_000_000] == []


def test_nothing_that_the_kit_writes_is_committed() -> None:
    written = {path.name for path in committed() if path.parent.name == "reports"}

    assert written == {".gitkeep", "README.md"}
