"""JupyterHub's configuration for a class, from ``classroom.yml``.

To start a hub, in two terminals (or units of the system), with ``.venv/bin`` on the PATH, in the
checkout:

    CLASSROOM=/etc/learning-rates/classroom.yml python -m autograder.classroom.hub.proxy
    CLASSROOM=/etc/learning-rates/classroom.yml jupyterhub -f autograder/classroom/hub/jupyterhub_config.py

As root each person's server runs in their own account, within bounds; accounts that are missing are
made. Without root one user runs all, and the sign-in page says what is then not kept apart. The hub
may be restarted at any time, for example after a change of the file: servers and proxy go on.
"""

import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub defines it)

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from autograder.classroom import settings as classroom
from autograder.classroom.hub import (
    culling,
    members,
    people,
    proxy,
    roles,
    services,
    sign_in,
    spawner,
)

try:
    settings = classroom.load()
    people.make_state(settings)
    people.make_accounts(settings)
    sign_in.configure(c, settings)
    spawner.configure(c, settings)
except (classroom.SettingsError, people.PeopleError) as error:
    sys.exit(f"The hub cannot start.\n{error}")

# Its own data, in the state.
c.JupyterHub.db_url = f"sqlite:///{settings.state}/hub.sqlite"
members.forget_others(settings, c.JupyterHub.db_url)
c.JupyterHub.cookie_secret_file = str(settings.state / "cookie_secret")
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.ports.hub}"
c.JupyterHub.bind_url = settings.address
if settings.address.startswith("https:"):  # stock, a browser would send some without, too
    c.JupyterHub.tornado_settings = {"cookie_options": {"secure": True}}

# Whoever works goes on while the hub restarts: the proxy is another process, and servers stay.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.ports.proxy}"
c.ConfigurableHTTPProxy.auth_token = people.kept_secret(settings, proxy.TOKEN)
c.JupyterHub.cleanup_servers = False

# Who may open what.
c.JupyterHub.load_groups = roles.groups(settings)
c.JupyterHub.load_roles = [*roles.roles(settings), culling.ROLE]
c.JupyterHub.services = [services.formgrader(settings, each) for each in settings.courses]
c.JupyterHub.services += [culling.service(settings)]

# What students' servers may ask the hub, and begin with.
c.Spawner.server_token_scopes = roles.SERVER_SCOPES
c.Spawner.default_url = "/lab"
c.Spawner.environment = culling.environment(settings)
