import pytest

from awsbasics.engagement.nodes import ListNode, MapNode, Mistakes, TextNode, read_nodes, shown


def read(text: str) -> tuple[MapNode | None, list[str]]:
    mistakes = Mistakes("f.yml")
    return read_nodes(text, mistakes), mistakes.lines()


@pytest.mark.parametrize(
    "scalar", ["no", "yes", "012", "0x1f", "1e3", "2026-11-01", "null", "~", "12:30", ".inf"]
)
def test_every_scalar_is_the_text_that_stands_there(scalar: str) -> None:
    node, mistakes = read(f"key: {scalar}")
    assert node is not None
    assert node.entries["key"] == TextNode(1, scalar)
    assert not mistakes


def test_nodes_know_their_lines() -> None:
    node, _ = read("a:\n  - x\n  -\n    b: y\n")
    assert node is not None
    items = node.entries["a"]
    assert isinstance(items, ListNode)
    assert [item.line for item in items.items] == [2, 4]
    assert node.lines["a"] == 1


def test_a_key_without_a_value_is_empty_text() -> None:
    node, _ = read("a:\nb: ''\n")
    assert node is not None
    assert [value for value in node.entries.values() if value == TextNode(value.line, "")]
    assert len(node.entries) == 2


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: &x 1\nb: *x", "f.yml:1: anchors are not allowed: remove '&x'"),
        ("a: 1\nb: *x", "f.yml:2: aliases are not allowed: write '*x' out"),
        ("a: !!python/object/apply:os.system [x]", "f.yml:1: tags are not allowed"),
        ("a: !secret x", "f.yml:1: tags are not allowed: remove '!secret'"),
        ("a: 1\n---\nb: 2", "f.yml:3: a second document"),
        ("a: 1\na: 2", "f.yml:2: duplicate key 'a', see line 1"),
        ("a:\n  b: 1\n  b: 2", "f.yml:3: duplicate key 'b', see line 2"),
        ("? [a]\n: b", "f.yml:1: a key must be plain text"),
        ("a: [", "f.yml:2: not YAML: did not find expected node content"),
        ("a: x\n  b: y", "f.yml:2: not YAML: mapping values are not allowed"),
        ("a: x\nb: \x00", "f.yml:2: not YAML: control characters are not allowed"),
        ("a: " + "[" * 5000, "f.yml:1: nested too deeply"),
        ("[" * 1_000_000, "f.yml:1: nested too deeply"),
        ("{" * 1_000_000, "f.yml:1: nested too deeply"),
        ("- " * 100_000, "f.yml:1: nested too deeply"),
        ("%YAML 9.9\n---\na: b", "f.yml:1: not YAML: found incompatible YAML document"),
    ],
)
def test_what_the_file_may_not_use_is_a_mistake_with_its_line(text: str, mistake: str) -> None:
    _, mistakes = read(text)
    assert len(mistakes) == 1
    assert mistakes[0].startswith(mistake)


def test_a_merge_key_is_a_key_like_any_other() -> None:
    node, _ = read("<<: {a: 1}")
    assert node is not None
    assert list(node.entries) == ["<<"]


def test_what_is_quoted_in_a_message_is_short_and_on_one_line() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 10_000)) < 70
