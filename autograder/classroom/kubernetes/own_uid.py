"""A user id of their own for everybody on a cluster, where no machine has accounts.

Zero to JupyterHub runs all students as user 1000, so that on a shared volume each could read and
change what the others handed in. Here a student's pod runs as a user id that follows from the name
alone. The exchange then believes the owner of a submission, as on one machine.

``hub.yaml`` puts this module and ``accounts`` into the hub's pod, which has nothing else of ours.
"""

import hashlib

from autograder.classroom.accounts import account

LOWEST, SPAN = 2**30, 2**30  # Kubernetes takes ids below 2**31; no system gives such high ones
HOME = "/home/jovyan"
PASSWD = "/accounts/passwd"


def uid(name: str) -> int:
    """Return the user id, and group id, of the person whom the hub calls ``name``.

    Among 3,000 people two have the same one with a chance of 0.4 %: `doubled` says so before a term.
    """
    digest = hashlib.sha256(account(name).encode()).digest()
    return LOWEST + int.from_bytes(digest[:8], "big") % SPAN


def doubled(names: list[str]) -> list[str]:
    """Return a sentence for each person whose id another one has, too."""
    owners: dict[int, str] = {}
    return [
        f"{name} and {owners[uid(name)]} have the same user id: give one another name."
        for name in names
        if owners.setdefault(uid(name), name) != name
    ]


def passwd_line(name: str, number: int, home: str = "/") -> str:
    """Return the line of /etc/passwd for an account."""
    return f"{name}:x:{number}:{number}::{home}:/bin/bash\n"


def configure(c) -> None:
    """Have KubeSpawner start each person's pod under their own id, in a home that is theirs."""
    c.KubeSpawner.uid = c.KubeSpawner.gid = lambda spawner: uid(spawner.user.name)
    # With a group for volumes a cluster may give that group all that is on the exchange.
    c.KubeSpawner.fs_gid = None
    c.KubeSpawner.pre_spawn_hook = prepare


def prepare(spawner) -> None:
    """Have the pod begin with a container that gives the home to its owner, and them a name.

    A fresh volume is root's. The container has one capability, and none of the student's code.
    """
    number, name = uid(spawner.user.name), account(spawner.user.name)
    script = (
        f'if [ "$(stat -c %u {HOME})" != {number} ]; then\n'
        f"  chmod 700 {HOME}\n"
        f"  chown {number}:{number} {HOME}\n"
        "fi\n"
        f"cp /etc/passwd {PASSWD}\n"
        f"echo '{passwd_line(name, number, HOME).strip()}' >> {PASSWD}\n"
    )
    home = next(each for each in _entries(spawner.volume_mounts) if each["mountPath"] == HOME)
    first = {
        "name": "own-home",
        "image": spawner.image,
        "command": ["sh", "-euc", script],
        "securityContext": {
            "runAsUser": 0,
            "runAsGroup": 0,
            "runAsNonRoot": False,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]},
        },
        "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
        "volumeMounts": [home, {"name": "accounts", "mountPath": "/accounts"}],
    }
    others = _entries(spawner.init_containers)
    spawner.init_containers = [first, *(each for each in others if each["name"] != first["name"])]


def _entries(listed: list | dict) -> list:
    """Return what a chart lists, or names, which some versions of it do."""
    return list(listed.values() if isinstance(listed, dict) else listed)
