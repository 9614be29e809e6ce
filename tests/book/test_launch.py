"""Where a click opens a chapter as a notebook: one setting a place, and no button without it."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import launch
import pytest
import yaml
from jupyter_book.config import get_final_config
from sphinx.errors import ConfigError
from sphinx_book_theme.header_buttons import update_context_with_repository_info
from sphinx_book_theme.header_buttons.launch import add_launch_buttons
from test_structure import ROOT

CHAPTER = "02_too_low_too_high"
REPOSITORY = "https://github.com/a-teacher/rates"


class Settings(SimpleNamespace):
    """Sphinx's settings, which are read in two ways."""

    def __getitem__(self, name: str):
        return getattr(self, name)


def buttons(repository: str = "", **places: str) -> dict[str, str]:
    """Return the launch buttons of a chapter, by their names, with these settings beside the book's."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text())
    theme = settings["sphinx"]["config"]["html_theme_options"]
    theme["repository_url"] = repository
    theme["launch_buttons"] |= places
    final, _ = get_final_config(
        user_yaml=settings, cli_config={"latex_individualpages": False}, sourcedir=ROOT / "book"
    )
    options = final["html_theme_options"]
    config = Settings(html_theme_options=options, html_context={})
    path = str(ROOT / "book" / f"{CHAPTER}.ipynb")
    env = SimpleNamespace(doc2path=lambda page: path, metadata={CHAPTER: {"kernelspec": {}}})
    app = SimpleNamespace(config=config, env=env, builder=None)
    launch.need_repository(app, config)
    update_context_with_repository_info(app)
    context = {"pagename": CHAPTER, "sourcename": f"{CHAPTER}.ipynb", "header_buttons": []}
    add_launch_buttons(app, CHAPTER, "", context | config.html_context, None)
    return {
        each["text"]: each["url"]
        for group in context["header_buttons"]
        for each in group["buttons"]
    }


def test_there_are_none_as_the_book_is():
    assert buttons() == {} == buttons(REPOSITORY)


def test_each_setting_is_one_button_that_opens_the_chapter():
    found = buttons(
        REPOSITORY,
        jupyterhub_url="https://hub.example.org",
        binderhub_url="https://binder.example.org",
        colab_url="https://colab.example.org",
    )
    file = f"book/{CHAPTER}.ipynb"
    assert (ROOT / file).is_file()
    hub = urlsplit(found.pop("JupyterHub"))
    assert (hub.netloc, hub.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {
        "repo": [REPOSITORY],
        "branch": ["main"],
        "urlpath": [
            f"lab/tree/rates/{file}"
        ],  # nbgitpuller pulls into a folder named as the repository
    }
    assert found == {
        "Binder": f"https://binder.example.org/v2/gh/a-teacher/rates/main?urlpath=lab/tree/{file}",
        "Colab": f"https://colab.example.org/github/a-teacher/rates/blob/main/{file}",
    }
    assert [*buttons(REPOSITORY, colab_url="https://colab.example.org")] == ["Colab"]


def test_a_place_without_a_repository_is_told():
    with pytest.raises(ConfigError, match="jupyterhub_url needs repository_url"):
        buttons(jupyterhub_url="https://hub.example.org")


def test_binder_installs_the_course_and_what_students_have():
    lines = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [".[student]"]
