"""Sign-in with the password of one's system account."""

from jupyterhub.auth import PAMAuthenticator

from autograder.classroom.accounts import account


class AccountAuthenticator(PAMAuthenticator):
    """Asks PAM for the account of a person, whose name may be one that Linux does not take."""

    async def authenticate(self, handler: object, data: dict[str, str]) -> str | None:
        """Return the person's name if the password is their account's, else None."""
        name = data["username"]
        found = await super().authenticate(handler, data | {"username": account(name)})
        return name if found else None
