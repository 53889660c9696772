from awsbasics.iam.context import ABSENT, Context, context_of
from awsbasics.iam.patterns import ANY
from awsbasics.iam.variables import Variable, constant, fill, parse, variables_in


def test_a_template_is_texts_wildcards_and_variables() -> None:
    template = parse("a/${aws:UserName}/*", variables=True, wildcards=True)
    assert template == ("a/", Variable("aws:username", "aws:UserName"), "/", ANY)


def test_a_default_stands_behind_a_comma() -> None:
    (variable,) = variables_in(parse("${aws:userid, 'no body'}", variables=True, wildcards=True))
    assert variable == Variable("aws:userid", "aws:userid", "no body")


def test_fixed_variables_are_their_characters() -> None:
    template = parse("${*}${?}${$}*", variables=True, wildcards=True)
    assert constant(template) == ("*", "?", "$", ANY)


def test_without_variables_all_is_text() -> None:
    assert parse("${a}*", variables=False, wildcards=False) == ("${a}*",)


def test_a_template_with_variables_is_not_constant() -> None:
    assert constant(parse("${a}", variables=True, wildcards=True)) is None


def test_filling_takes_values_defaults_or_gives_up() -> None:
    template = parse("${a}-${b, 'x'}", variables=True, wildcards=True)
    context = Context({"a": ("1",), "b": ABSENT})
    assert fill(template, context).tokens == ("1", "-", "x")
    assert fill(template, Context({"a": ABSENT})).tokens is None
    assert fill(template, Context({"a": ("1", "2")})).tokens is None


def test_what_is_not_known_is_named_and_may_be_anything() -> None:
    filled = fill(parse("${A}-${b}", variables=True, wildcards=True), Context({"b": ("2",)}))
    assert filled.tokens == (ANY, "-", "2")
    assert [variable.shown for variable in filled.unknown] == ["A"]


def test_a_context_has_texts_under_small_names() -> None:
    context = context_of(
        {"A:B": "x", "c": ["y", 1], "d": True, "e": None, "f": 5},
        {"a:b": ("derived",), "g": ("kept",)},
        complete=False,
    )
    assert context.get("a:b") == ("x",)
    assert context.get("c") == ("y", "1")
    assert context.get("d") == ("true",)
    assert context.get("e") == ABSENT
    assert context.get("f") == ("5",)
    assert context.get("g") == ("kept",)
    assert context.get("h") is None
    assert Context({}, complete=True).get("h") == ABSENT
