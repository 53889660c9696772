import copy
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awsbasics.collect.export import Export, read_exports
from awsbasics.collect.export_shape import OPERATION
from awsbasics.collect.offline import import_authorization_details
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ
from awsbasics.errors import UsageError
from tests.authorization_details import authorization_details

ACCOUNT = "000000000012"
OTHER = "111111111111"
SMALL = authorization_details(ACCOUNT, 8)
LISTS = tuple(SMALL)


def _file(folder: Path, *contents: Any, name: str = "x.json") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(content) for content in contents))
    return path


def _pages(details: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    """What `--max-items` and `--starting-token` print, page by page."""
    items = [(name, item) for name in LISTS for item in details[name]]
    for start in range(0, len(items), size):
        page: dict[str, Any] = {name: [] for name in LISTS}
        for name, item in items[start : start + size]:
            page[name].append(item)
        if start + size < len(items):
            page["NextToken"] = "eyJNYXJrZXIiOiBudWxsfQ=="
        yield page


def _one(folder: Path, *contents: Any) -> Export:
    (export,) = read_exports([_file(folder, *contents)])
    return export


def _codes(export: Export) -> dict[str, set[str]]:
    return {name: {gap.code for gap in export.gaps if gap.list == name} for name in LISTS}


def test_pages_in_one_file_are_one_whole_export(tmp_path: Path) -> None:
    pages = list(_pages(SMALL, 7))
    assert len(pages) > 3
    export = _one(tmp_path, *pages)
    assert export.gaps == ()
    assert export.lists == _one(tmp_path, SMALL).lists


def test_pages_without_the_last_are_a_part(tmp_path: Path) -> None:
    export = _one(tmp_path, *list(_pages(SMALL, 7))[:-1])
    assert all("IsTruncated" in codes for codes in _codes(export).values())


def test_pages_without_one_between_are_found_out_by_what_is_in_use(tmp_path: Path) -> None:
    pages = list(_pages(SMALL, 3))
    export = _one(tmp_path, *pages[1:])
    assert "Filtered" in _codes(export)["UserDetailList"]


def test_pages_in_files_of_their_own_may_not_be_all(tmp_path: Path) -> None:
    files = [_file(tmp_path, page, name=f"{n}.json") for n, page in enumerate(_pages(SMALL, 20))]
    (export,) = read_exports(files)
    assert export.gaps[0].text == f"{files[0]} is only a part; export all of the account"


@pytest.mark.parametrize("mark", [{"IsTruncated": True}, {"Marker": "x"}, {"NextToken": "x"}])
def test_each_mark_of_truncation_counts(mark: dict[str, Any], tmp_path: Path) -> None:
    assert _codes(_one(tmp_path, {**SMALL, **mark}))["Policies"] == {"IsTruncated"}
    assert _one(tmp_path, {**SMALL, "IsTruncated": False}).gaps == ()


def test_a_cut_page_is_not_continued_by_another_account(tmp_path: Path) -> None:
    cut = {**SMALL, "IsTruncated": True}
    exports = read_exports([_file(tmp_path, cut, authorization_details(OTHER, 8))])
    assert [export.account_id for export in exports] == [ACCOUNT, OTHER]
    assert [bool(export.gaps) for export in exports] == [True, False]


def test_a_page_without_things_belongs_to_the_account_before(tmp_path: Path) -> None:
    empty: dict[str, Any] = {name: [] for name in LISTS}
    assert _one(tmp_path, {**SMALL, "NextToken": "x"}, empty).gaps == ()


def test_the_same_file_twice_is_one_file(tmp_path: Path) -> None:
    path = _file(tmp_path, {**SMALL, "IsTruncated": True})
    assert read_exports([path, path]) == read_exports([path])


def test_files_that_tell_different_things_of_one_account_are_not_whole(tmp_path: Path) -> None:
    later = copy.deepcopy(SMALL)
    later["UserDetailList"][0]["AttachedManagedPolicies"] = []
    first = _file(tmp_path, SMALL, name="1.json")
    (export,) = read_exports([first, _file(tmp_path, later, name="2.json")])
    assert _codes(export)["UserDetailList"] == {"Differing"}
    assert _codes(export)["RoleDetailList"] == set()
    assert export.lists["UserDetailList"][0]["AttachedManagedPolicies"]


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{ACCOUNT}:role/of-another-kind",
        "arn:aws:iam::aws:user/of-aws",
        "arn:aws:iam::12:user/short",
        "ann",
    ],
)
def test_a_thing_with_a_strange_arn_is_left_out_and_told(arn: str, tmp_path: Path) -> None:
    users = [*SMALL["UserDetailList"], {"UserName": "x", "Arn": arn}]
    export = _one(tmp_path, {**SMALL, "UserDetailList": users})
    assert len(export.lists["UserDetailList"]) == len(users) - 1
    (gap,) = export.gaps
    assert gap.code == "NotAsDocumented"
    assert arn in gap.text


def test_the_oldest_file_tells_how_old_the_export_is(tmp_path: Path) -> None:
    files = [_file(tmp_path, SMALL, name=name) for name in ("old.json", "new.json")]
    os.utime(files[0], (1_750_000_000, 1_750_000_000))
    (export,) = read_exports(files)
    assert export.written_at == datetime.fromtimestamp(1_750_000_000, UTC)


def test_a_file_from_the_future_is_from_now(tmp_path: Path) -> None:
    path = _file(tmp_path, SMALL)
    os.utime(path, (32_500_000_000, 32_500_000_000))
    assert read_exports([path])[0].written_at <= datetime.now(UTC)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["arn:aws:iam::000000000012:user/x", "2026-01-01T00:00:00Z", "\ud800", "{}"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@st.composite
def mutated_exports(draw: st.DrawFn) -> Any:
    """The small export with up to four parts replaced, removed or doubled, anywhere in it."""
    details: Any = copy.deepcopy(SMALL)
    for _ in range(draw(st.integers(1, 4))):
        place = details
        for _ in range(draw(st.integers(0, 7))):
            inner = _inner(place)
            if not inner:
                break
            place = place[draw(st.sampled_from(inner))]
        _mutate(draw, place)
    return details


def _inner(place: Any) -> list[Any]:
    """Keys or indexes that lead to further objects and lists."""
    keys = place if isinstance(place, dict) else range(len(place))
    return [key for key in keys if isinstance(place[key], dict | list)]


def _mutate(draw: st.DrawFn, place: Any) -> None:
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    if not keys:
        return
    key = draw(st.sampled_from(keys))
    how = draw(st.sampled_from(["replace", "remove", "double"]))
    if how == "remove":
        del place[key]
    elif how == "double" and isinstance(place, list):
        place.append(copy.deepcopy(place[key]))
    else:
        place[key] = draw(JSON)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(details=mutated_exports())
def test_whatever_an_export_holds_it_is_refused_or_its_coverage_tells(
    tmp_path_factory: pytest.TempPathFactory, details: Any
) -> None:
    folder = tmp_path_factory.mktemp("mutated")
    said = ""
    try:
        snapshot = import_authorization_details([_file(folder, details)], folder / "s")
    except UsageError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1
    assert (folder / "s").exists() != bool(said)
    if said:
        return
    coverage = snapshot.coverage.set_index("table")
    assert set(coverage.index) == set(TABLES)
    for table, name in (("iam_users", "UserDetailList"), ("iam_roles", "RoleDetailList")):
        assert TABLES[table].operation == OPERATION
        if coverage.loc[table, "status"] in READ:
            assert len(snapshot.frame(table)) == len(_arns(details[name]))


def _arns(items: Any) -> set[str]:
    return {item["Arn"] for item in items}


@settings(deadline=None)
@given(content=st.dictionaries(st.sampled_from([*LISTS, "IsTruncated"]), JSON, max_size=5))
def test_arbitrary_json_under_the_right_names_is_refused(
    tmp_path_factory: pytest.TempPathFactory, content: Any
) -> None:
    path = _file(tmp_path_factory.getbasetemp(), content, name="arbitrary.json")
    with pytest.raises(UsageError):
        read_exports([path])
