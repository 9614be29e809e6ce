"""Buttons that open a chapter where it can be run: the theme makes them, of `launch_buttons`.

It fails without a word on where the notebooks come from, which is one setting for all of them.
"""

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

PLACES = ("jupyterhub_url", "binderhub_url", "colab_url")


def need_repository(app: Sphinx, config: Config) -> None:
    """Raise ConfigError when a place to run chapters is set, and none that they come from."""
    options = config.html_theme_options
    places = options.get("launch_buttons", {})
    asked = [place for place in PLACES if places.get(place)]
    if asked and not options.get("repository_url"):
        raise ConfigError(
            f"_config.yml: launch_buttons, {asked[0]} needs repository_url, where the notebooks are "
            "fetched from. Set both, or leave both empty."
        )


def setup(app: Sphinx) -> None:
    """Register the check; the theme reads the settings later."""
    app.connect("config-inited", need_repository)
