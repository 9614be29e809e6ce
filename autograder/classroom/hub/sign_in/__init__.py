"""How people sign in, as ``sign_in`` in the settings says.

``pam`` and ``demo`` are ready. ``native``, ``oauth`` and ``lti`` are recipes of a few lines in
``recipes/``: copy yours to ``sign_in.py`` in the folder ``state``, where root alone reads its
secrets, and fill it in. What it adds to another way is read, too. However they sign in, only those
come in whom the settings name.
"""

from traitlets.config import Config, PyFileConfigLoader

from autograder.classroom.hub.sign_in import demo
from autograder.classroom.hub.sign_in.pam import AccountAuthenticator
from autograder.classroom.settings import Settings, SettingsError

RECIPE = "sign_in.py"  # in the state


def configure(c: Config, settings: Settings) -> None:
    """Have people sign in as the settings say. Raises SettingsError when something is missing."""
    own = settings.state / RECIPE
    if settings.sign_in == "pam":
        c.JupyterHub.authenticator_class = AccountAuthenticator
    elif settings.sign_in == "demo":
        c.JupyterHub.authenticator_class = demo.DemoAuthenticator
        c.DemoAuthenticator.passwords = str(settings.state / demo.FILE)
        if not (settings.state / demo.FILE).exists():
            raise SettingsError("sign_in is demo, and no passwords were made: run make classroom.")
    elif not own.exists():
        raise SettingsError(
            f"sign_in is {settings.sign_in}, and there is no {own}: copy autograder/classroom/hub/"
            f"sign_in/recipes/{settings.sign_in}.py there, and fill it in."
        )
    if own.exists():
        own.chmod(0o600)
        c.merge(PyFileConfigLoader(RECIPE, path=str(settings.state)).load_config())
    c.Authenticator.allowed_users = {*settings.people, *c.Authenticator.get("admin_users", ())}
    c.Authenticator.allow_existing_users = False  # whoever is taken out of the file is out
    c.Authenticator.allow_all = False
