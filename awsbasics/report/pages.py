"""The Jinja environment of the report's pages; it needs neither nbconvert nor matplotlib."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from awsbasics.report.assets import TEMPLATE, assets
from awsbasics.show import render

FOLDERS = (str(TEMPLATE), str(render.TEMPLATES))


def page_environment() -> Environment:
    """An environment for the templates of the index."""
    return prepared(Environment(loader=FileSystemLoader(FOLDERS), autoescape=True))


def prepared(environment: Environment) -> Environment:
    """An environment made to render pages: autoescaping, strict, with the pages' assets."""
    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    render.add_filters(environment)
    environment.globals["assets"] = assets()
    return environment
