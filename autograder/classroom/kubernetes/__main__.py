"""Say who is in the class, to a cluster: ``python -m autograder.classroom.kubernetes values``.

``values``    for Helm: who may come in and open what, what a server may use, and who runs as whom
``accounts``  for kubectl: the accounts by which formgrader knows whose a submission is

Both come from ``classroom.yml``, as on one machine, and name everybody: keep them out of git.
"""

import argparse
import sys
from pathlib import Path

import yaml

from autograder.classroom import accounts, settings
from autograder.classroom.hub import roles
from autograder.classroom.kubernetes import own_uid
from autograder.classroom.settings import Settings

GRADER = 1000  # the user of all that grades, in every course: grade.yaml, formgrader.yaml
# Modules that the hub's pod has beside its configuration, by the paths of their packages.
IN_HUB = {"accounts": accounts, "own_uid": own_uid}


def values(classroom: Settings) -> dict:
    """Return what the chart is told of a class."""
    return {
        "hub": {
            "config": {
                "Authenticator": {"allowed_users": list(classroom.people)},
                "JupyterHub": {"load_groups": roles.groups(classroom)},
                "KubeSpawner": {"server_token_scopes": roles.SERVER_SCOPES},
            },
            "loadRoles": {each["name"]: each for each in roles.roles(classroom)},
            "services": {
                each.name: {"url": f"http://formgrader-{each.name}:8888", "oauth_no_confirm": True}
                for each in classroom.courses
            },
            "extraFiles": {
                name: {
                    "mountPath": f"/usr/local/etc/jupyterhub/{_path(module)}",
                    "stringData": Path(module.__file__).read_text(encoding="utf-8"),
                }
                for name, module in IN_HUB.items()
            },
            "extraConfig": {
                "own_uid": "from autograder.classroom.kubernetes.own_uid import configure\n"
                "configure(c)\n"
            },
        },
        "singleuser": {
            "memory": {"limit": classroom.limits.memory},
            "cpu": {"limit": classroom.limits.cpu},
        },
        "cull": {"timeout": classroom.cull.idle},
    }


def account_list(classroom: Settings) -> dict:
    """Return the ConfigMap of ``/etc/passwd`` and ``/etc/group`` for whoever grades."""
    numbers = {"root": 0}
    numbers |= {accounts.course_account(each.name): GRADER for each in classroom.courses}
    numbers |= {accounts.account(each): own_uid.uid(each) for each in classroom.people}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "accounts"},
        "data": {
            "passwd": "".join(own_uid.passwd_line(*each) for each in numbers.items()),
            "group": "".join(f"{name}:x:{number}:\n" for name, number in numbers.items()),
        },
    }


def mistakes(classroom: Settings) -> list[str]:
    """Return what a cluster cannot have of a class, each as a sentence."""
    courses = [each.name for each in classroom.courses if "_" in each.name]
    return [
        *(f"{each}: a cluster has no _ in names. Give the course another one." for each in courses),
        *own_uid.doubled(list(classroom.people)),
    ]


def _path(module) -> str:
    return module.__name__.replace(".", "/") + ".py"


def main() -> int:
    """Print what was asked for; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder.classroom.kubernetes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["values", "accounts"])
    what = parser.parse_args().what
    try:
        classroom = settings.load()
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    if wrong := mistakes(classroom):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    told = {"values": values, "accounts": account_list}[what](classroom)
    print(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
