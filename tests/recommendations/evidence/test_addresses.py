"""How wide address ranges are, and whose they may be."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.recommendations.evidence.addresses import (
    is_single_public,
    is_within,
    is_world,
    network,
)


def world(*cidrs: str) -> bool:
    return is_world(tuple(network(cidr) for cidr in cidrs))


@pytest.mark.parametrize(
    "cidrs",
    [
        ("0.0.0.0/0",),
        ("::/0",),
        ("2000::/3",),
        ("0.0.0.0/1", "128.0.0.0/1"),
        ("128.0.0.0/1",),
        ("0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/3", "128.0.0.0/2", "192.0.0.0/3"),
        ("2000::/4", "3000::/4"),
        ("10.0.0.0/8", "0.0.0.0/0"),
    ],
)
def test_these_are_the_world(cidrs: tuple[str, ...]) -> None:
    assert world(*cidrs)


@pytest.mark.parametrize(
    "cidrs",
    [
        (),
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        ("0.0.0.0/2",),
        ("64.0.0.0/3", "64.0.0.0/3", "64.0.0.0/3", "64.0.0.0/3"),  # the same eighth four times
        ("fc00::/7",),
        ("::/3",),
        ("2a00::/8", "0.0.0.0/2"),
    ],
)
def test_these_are_not(cidrs: tuple[str, ...]) -> None:
    assert not world(*cidrs)


@given(st.integers(1, 6), st.sets(st.integers(0, 63)))
def test_the_world_in_equal_parts_is_the_world_when_half_of_them_are_there(
    bits: int, chosen: set[int]
) -> None:
    parts = list(IPv4Network("0.0.0.0/0").subnets(prefixlen_diff=bits))
    kept = tuple(parts[index] for index in chosen if index < len(parts))
    assert is_world(kept) == (2 * len(kept) >= len(parts))


@pytest.mark.parametrize("cidr", ["203.0.113.7/32", "8.8.8.8/32", "2001:db8::1/128"])
def test_one_address_of_the_internet_may_be_a_persons(cidr: str) -> None:
    assert is_single_public(network(cidr))


@pytest.mark.parametrize(
    "cidr",
    ["10.1.2.3/32", "100.64.0.1/32", "192.168.1.1/32", "fd00::1/128", "203.0.113.0/31", "::1/128"],
)
def test_private_addresses_and_ranges_are_nobodys(cidr: str) -> None:
    assert not is_single_public(network(cidr))


def test_a_range_lies_within_another_of_its_family_only() -> None:
    vpn = (network("198.51.100.0/24"), network("2001:db8::/32"))
    assert is_within(network("198.51.100.8/29"), vpn)
    assert is_within(network("2001:db8:1::/48"), vpn)
    assert not is_within(network("198.51.0.0/16"), vpn)
    assert not is_within(network("0.0.0.0/0"), vpn)
