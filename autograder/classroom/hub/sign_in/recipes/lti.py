"""From Canvas, Moodle or another platform with LTI 1.3; its tool settings are at /hub/lti13/config."""

c = get_config()  # noqa: F821 (JupyterHub defines it)

c.JupyterHub.authenticator_class = "ltiauthenticator.lti13.auth.LTI13Authenticator"
c.LTI13Authenticator.issuer = "https://moodle.uni.example"
c.LTI13Authenticator.authorize_url = "https://moodle.uni.example/mod/lti/auth.php"
c.LTI13Authenticator.jwks_endpoint = "https://moodle.uni.example/mod/lti/certs.php"
c.LTI13Authenticator.client_id = {"the tool's client id"}
c.LTI13Authenticator.username_key = "email"  # the claim that has the names of classroom.yml
