"""A figure's picture is drawn as a page draws it: in the style of the course."""

import pytest

from lrlab import plots


@pytest.fixture(autouse=True)
def style():
    """Set the style, in which titles stand at the left."""
    plots.use_style()
