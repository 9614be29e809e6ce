"""Sign-in with a password that one chooses, once an admin of the hub has said who that is."""

from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo


class ApprovedAuthenticator(NativeAuthenticator):
    """Lets nobody in by their name alone: stock, who first signs up as ada is ada."""

    def get_authed_users(self) -> set[str]:
        """Return who was approved, and the admins, who have to sign up before all others."""
        approved = {each.username for each in UserInfo.all_users(self.db) if each.is_authorized}
        return approved | self.admin_users
