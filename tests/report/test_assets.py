"""The policy of every page, and the script that it pins."""

import base64
import hashlib

from awsbasics.report.assets import assets, policy_for


def test_the_policy_is_the_designs_and_pins_the_script() -> None:
    digest = base64.b64encode(hashlib.sha256(assets().script.encode()).digest()).decode()
    assert assets().policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src 'sha256-{digest}'"
    )


def test_another_script_has_another_policy() -> None:
    assert policy_for("1") != policy_for("2")


def test_neither_text_can_end_its_element_or_fetch_anything() -> None:
    for text in (assets().script, assets().style):
        assert "</" not in text
        assert "//" not in text.replace("// ", "")
        assert "url(" not in text
        assert "@import" not in text


def test_the_script_writes_text_and_never_markup() -> None:
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in assets().script
