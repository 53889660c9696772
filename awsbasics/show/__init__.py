"""What a notebook imports: `open_page` for a recommendation, `open_overview` for the start."""

from awsbasics.show.overview import Overview, open_overview
from awsbasics.show.page import Page, open_page
from awsbasics.show.sources import PARAMETERS

__all__ = ["PARAMETERS", "Overview", "Page", "open_overview", "open_page"]
