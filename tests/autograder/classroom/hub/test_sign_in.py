"""Each way of signing in, loaded with its real class as the hub does it."""

import asyncio
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml
from jupyterhub import orm
from jupyterhub.app import JupyterHub
from ltiauthenticator.lti13.auth import LTI13Authenticator
from nativeauthenticator.orm import UserInfo
from oauthenticator.generic import GenericOAuthenticator
from traitlets.config import Config

from autograder.classroom import settings as classroom
from autograder.classroom.accounts import account
from autograder.classroom.hub import sign_in
from autograder.classroom.hub.sign_in.approved import ApprovedAuthenticator
from autograder.classroom.hub.sign_in.demo import FILE, DemoAuthenticator, make_passwords
from autograder.classroom.hub.sign_in.pam import AccountAuthenticator
from autograder.classroom.settings import Settings, SettingsError, load

EXAMPLE = Path(classroom.__file__).with_name("classroom.example.yml")
RECIPES = Path(sign_in.__file__).with_name("recipes")


def settings_of(tmp_path: Path, way: str, **changes: object) -> Settings:
    """Return the example's settings, with another way to sign in and a state of their own."""
    path = tmp_path / "classroom.yml"
    data = yaml.safe_load(EXAMPLE.read_text()) | {"sign_in": way, "state": str(tmp_path / "state")}
    path.write_text(yaml.safe_dump(data | changes))
    (tmp_path / "state").mkdir()
    return load(path)


def authenticator(settings: Settings, database=None):
    """Return what the hub makes of the settings."""
    config = Config()
    sign_in.configure(config, settings)
    made = JupyterHub(config=config).authenticator_class(
        config=config, _deprecated_db_session=database
    )
    made.check_allow_config()
    return made


def signed_in(made, name: str, password: str) -> str | None:
    """Return as whom the hub knows somebody who has filled in the form."""
    given = {"username": name, "password": password}
    return (asyncio.run(made.get_authenticated_user(None, given)) or {}).get("name")


def test_demo_passwords_are_kept_as_hashes_and_open_for_one_name_each(tmp_path):
    settings = settings_of(tmp_path, "demo")
    with pytest.raises(SettingsError, match="no passwords were made"):
        authenticator(settings)
    passwords = make_passwords(settings.state, settings.people)
    kept = settings.state / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not any(each in kept.read_text() for each in passwords.values())
    made = authenticator(settings)
    assert isinstance(made, DemoAuthenticator)
    assert {name: signed_in(made, name, word) for name, word in passwords.items()} == {
        name: name for name in settings.people
    }
    assert signed_in(made, "ADA", passwords["ada"]) == "ada", "as a phone writes it"
    for name, word in (("ada", passwords["bo"]), ("ada", ""), ("eve", ""), ("eve", "x")):
        assert signed_in(made, name, word) is None
    assert make_passwords(settings.state, settings.people)["ada"] != passwords["ada"]


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        ("native", ApprovedAuthenticator),
        ("oauth", GenericOAuthenticator),
        ("lti", LTI13Authenticator),
    ],
)
def test_a_recipe_loads_and_lets_in_the_class_alone(tmp_path, way, kind):
    settings = settings_of(tmp_path, way)
    with pytest.raises(SettingsError, match=f"recipes/{way}.py there, and fill it in"):
        authenticator(settings)
    recipe = settings.state / sign_in.RECIPE
    shutil.copy(RECIPES / f"{way}.py", recipe)
    database = orm.new_session_factory("sqlite://")()
    made = authenticator(settings, database)
    assert type(made) is kind
    assert stat.S_IMODE(recipe.stat().st_mode) == 0o600
    assert made.get_handlers(None)
    allowed = {each: bool(asyncio.run(maybe(made, each))) for each in (*settings.people, "eve")}
    assert allowed == dict.fromkeys(settings.people, True) | {"eve": False}


async def maybe(made, name: str) -> bool:
    """Ask whether a name may come in, which some classes answer at once and some later."""
    answer = made.check_allowed(name, {"name": name, "admin": False})
    return await answer if asyncio.iscoroutine(answer) else answer


def test_what_a_recipe_says_reaches_its_class(tmp_path):
    (tmp_path / "oauth").mkdir()
    settings = settings_of(tmp_path / "oauth", "oauth")
    shutil.copy(RECIPES / "oauth.py", settings.state / sign_in.RECIPE)
    made = authenticator(settings)
    assert made.user_info_to_username({"preferred_username": "ada", "sub": "81"}) == "ada"
    assert made.authorize_url.startswith("https://login.uni.example/")
    assert made.oauth_callback_url.endswith("/hub/oauth_callback")

    (tmp_path / "lti").mkdir()
    settings = settings_of(tmp_path / "lti", "lti")
    shutil.copy(RECIPES / "lti.py", settings.state / sign_in.RECIPE)
    made = authenticator(settings)
    assert made.get_username({"email": "ada", "sub": "81"}) == "ada"
    assert made.issuer == "https://moodle.uni.example"


def test_nobody_becomes_somebody_by_signing_up_first(tmp_path):
    settings = settings_of(tmp_path, "native")
    shutil.copy(RECIPES / "native.py", settings.state / sign_in.RECIPE)
    database = orm.new_session_factory("sqlite://")()
    made = authenticator(settings, database)
    word = "correct horse battery"
    assert made.create_user("ada", word)
    assert signed_in(made, "ada", word) is None, "nobody has said that this is ada"
    assert UserInfo.change_authorization(database, "ada").is_authorized
    assert signed_in(made, "ada", word) == "ada"
    assert made.create_user("ines", word)
    assert signed_in(made, "ines", word) == "ines", "the admin approves of the others"
    assert made.create_user("bo", "short") is None


def test_recipes_are_a_few_lines(tmp_path):
    for path in RECIPES.glob("*.py"):
        lines = [
            line for line in path.read_text().splitlines() if re.match(r"c\.(?!.*get_config)", line)
        ]
        assert 4 <= len(lines) <= 8, path


def test_pam_asks_for_the_account_of_whoever_signs_in(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("A system account with a password needs root: run the tests as root.")
    name, word = f"h{os.getpid()}-чай", "korrekt-horse-9"
    course = {"folder": "/srv/one", "instructors": ["ines"], "students": [name]}
    made = authenticator(settings_of(tmp_path, "pam", courses={"one": course}))
    assert isinstance(made, AccountAuthenticator)
    system = account(name)
    subprocess.run(["useradd", "--no-create-home", system], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{system}:{word}", text=True, check=True)
        assert signed_in(made, name, word) == name
        assert signed_in(made, name, "wrong") is None
        assert signed_in(made, system, word) is None, "the account's name is nobody's in the class"
    finally:
        subprocess.run(["userdel", system], check=True)
