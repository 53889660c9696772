from awsbasics.demo import DEMO_NOW, ENGAGEMENT
from awsbasics.demo.network import VPN_RANGE
from awsbasics.engagement import load_engagement


def test_the_engagement_file_has_no_mistakes_and_tells_the_demos_words() -> None:
    engagement = load_engagement(ENGAGEMENT)
    assert engagement.client == "Example Corp (demo)"
    assert engagement.vpn_ranges == (VPN_RANGE,)
    assert set(engagement.teams.maintain) == {"payments", "ledger", "platform"}
    assert engagement.answers["DEV.1"].choice == "vpn_range"


def test_one_exception_is_in_force_and_one_expired() -> None:
    exceptions = load_engagement(ENGAGEMENT).exceptions
    expired = {each.check: each.expired(DEMO_NOW) for each in exceptions}
    assert expired == {"DEP.5": False, "ENG.5": True}
