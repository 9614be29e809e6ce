"""The university's OpenID Connect (Keycloak, Shibboleth, Entra, ...): register the callback there."""

c = get_config()  # noqa: F821 (JupyterHub defines it)

provider = "https://login.uni.example/realms/uni/protocol/openid-connect"
c.JupyterHub.authenticator_class = "generic-oauth"
c.GenericOAuthenticator.oauth_callback_url = "https://hub.uni.example/hub/oauth_callback"
c.GenericOAuthenticator.client_id, c.GenericOAuthenticator.client_secret = "hub", "a secret"
c.GenericOAuthenticator.authorize_url = f"{provider}/auth"
c.GenericOAuthenticator.token_url = f"{provider}/token"
c.GenericOAuthenticator.userdata_url = f"{provider}/userinfo"
c.GenericOAuthenticator.scope = ["openid", "profile"]
c.GenericOAuthenticator.username_claim = "preferred_username"  # as in classroom.yml
