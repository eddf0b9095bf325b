"""Access tokens by OAuth 2 client credentials: Microsoft Entra and compatible endpoints.

A token is renewed five minutes before it expires, and once when an API answers 401. Adobe IMS and
the 24 h tokens of Shopify differ only in address, form fields and header.
"""

from dataclasses import dataclass

import requests

from pipelines.sources.base import Instance
from pipelines.sources.http import ApiError, Credential, HttpSession, RetryPolicy, exact_json, mask

AUTHORITY = "https://login.microsoftonline.com"
RENEW_BEFORE_SECONDS = 300.0
DEFAULT_LIFETIME_SECONDS = 3600.0


@dataclass(repr=False, eq=False)  # its secret is never shown
class ClientCredentials(Credential):
    """A credential that fetches its own short-lived token. `owner`: the configuration section, for
    messages. Raises ApiError if the token endpoint refuses."""

    owner: str
    token_url: str
    form: dict[str, str]
    policy: RetryPolicy
    header: str = "Authorization"
    prefix: str = "Bearer "
    token: str = ""
    expires_at: float = 0.0

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.token, self.form.get("client_secret", "")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not self.token or self.policy.clock() >= self.expires_at:
            self.fetch()
        request.headers[self.header] = f"{self.prefix}{self.token}"
        return request

    def renew(self) -> bool:
        self.fetch()
        return True

    def fetch(self) -> None:
        """Ask the token endpoint. Raises ApiError with the endpoint's reason."""
        try:
            form = {"grant_type": "client_credentials", **self.form}
            response = HttpSession(self.token_url, policy=self.policy).post(self.token_url, form)
        except ApiError as error:
            reason = mask(str(error), self.secrets)
            raise ApiError(
                f"No access token for {self.owner}: {reason}. Check client_id, client_secret and"
                f" the token address in {self.owner}."
            ) from None  # without its status: it is not a missing permission
        answer = exact_json(response)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise ApiError(f"The token endpoint of {self.owner} answered without an access_token.")
        lifetime = float(answer.get("expires_in") or DEFAULT_LIFETIME_SECONDS)
        early = min(RENEW_BEFORE_SECONDS, lifetime / 2)
        self.token = str(token)
        self.expires_at = self.policy.clock() + lifetime - early


def client_credentials(
    instance: Instance, url: str, policy: RetryPolicy, scope: str = "", **sent_as: str
) -> ClientCredentials:
    """The application of one instance: `client_id`, its secret and, if there is one, the scope."""
    form = {
        "client_id": instance.require("client_id"),
        "client_secret": instance.secret("client_secret"),
        **({"scope": instance.get("scope", default=scope)} if scope else {}),
    }
    return ClientCredentials(instance.section, url, form, policy, **sent_as)
