"""People choose a password at /hub/signup; an admin lets each in at /hub/authorize."""

import os

import nativeauthenticator

c = get_config()  # noqa: F821 (JupyterHub defines it)

c.JupyterHub.authenticator_class = "autograder.classroom.hub.sign_in.approved.ApprovedAuthenticator"
c.JupyterHub.template_paths = [
    os.path.join(os.path.dirname(nativeauthenticator.__file__), "templates")
]
c.Authenticator.admin_users = {"ines"}  # signs up first, before anybody else knows the address
c.NativeAuthenticator.minimum_password_length = 10
c.NativeAuthenticator.allowed_failed_logins = 5
