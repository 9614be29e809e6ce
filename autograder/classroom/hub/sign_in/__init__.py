"""How people sign in: a few lines of JupyterHub's configuration for each way.

``pam`` and ``demo`` are ready. ``native``, ``oauth`` and ``lti`` are recipes beside this module: copy
yours to ``sign_in.py`` in the folder ``state``, where only root reads its secrets, and fill it in.
"""

from traitlets.config import Config

from autograder.classroom.hub.sign_in import demo
from autograder.classroom.settings import Settings, SettingsError


def configure(c: Config, settings: Settings) -> None:
    """Have people sign in as the settings say. Raises SettingsError when something is missing."""
    if settings.sign_in == "pam":
        c.JupyterHub.authenticator_class = "pam"
    elif settings.sign_in == "demo":
        c.JupyterHub.authenticator_class = demo.DemoAuthenticator
        c.DemoAuthenticator.passwords = str(settings.state / demo.FILE)
        if not (settings.state / demo.FILE).exists():
            raise SettingsError("sign_in is demo, and no passwords were made: run make classroom.")
