"""Who is no longer in ``classroom.yml`` is out, whatever the hub's database remembers.

JupyterHub adds people to groups when it starts, and removes nobody; a browser that was signed in, and
a token, would be good for months.
"""

from jupyterhub import orm
from jupyterhub.utils import new_token

from autograder.classroom.hub import roles
from autograder.classroom.settings import Settings


def forget_others(settings: Settings, address: str) -> None:
    """Take out of the database at ``address`` what the settings no longer give. The hub is not up."""
    wanted = roles.groups(settings)
    with orm.new_session_factory(address)() as session:
        for group in session.query(orm.Group):
            if group.name.startswith(("formgrade-", "nbgrader-")):
                members = wanted.get(group.name, {"users": []})["users"]
                group.users = [each for each in group.users if each.name in members]
        for user in session.query(orm.User):
            if user.name not in settings.people and not user.admin:
                user.cookie_id = new_token()
                for token in list(user.api_tokens):
                    session.delete(token)
        session.commit()
