"""Recipients of alerts: Teams, Slack, mail or a webhook, through apprise.

Addresses contain tokens and passwords. They come from NOTIFY_URLS or from `urls` in `[notify]` of
.dlt/secrets.toml and are never printed, logged or written: a recipient is shown by number and
service and stored as a slow hash. apprise logs parts of its input: logging is off while it runs.
"""

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dlt
from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType
from apprise.utils.parse import parse_urls
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter

ATTEMPTS = 4
FIRST_WAIT = 1.0  # seconds; doubled before each further attempt, with jitter
LONGEST_WAIT = 30.0
SENDER = "Commerce customer coverage"


@dataclass(frozen=True)
class Recipient:
    """One configured address. `service` is None if apprise does not know it."""

    number: int
    key: str
    service: NotifyBase | None = field(repr=False)

    @property
    def name(self) -> str:
        """Its printable name, e.g. `recipient 2 (Slack)`."""
        if self.service is None:
            return f"recipient {self.number} (unrecognised address, see docs/alerts.md)"
        return f"recipient {self.number} ({self.service.service_name})"

    def send(self, title: str, body: str, kind: NotifyType = NotifyType.INFO) -> bool:
        """Whether it accepted the message (`body`: Markdown) in one of the attempts."""
        if self.service is None:
            return False
        with _no_logging():
            sender = Apprise(self.service, asset=_asset())
            retrying = Retrying(
                sleep=sleep,
                stop=stop_after_attempt(ATTEMPTS),
                wait=wait_exponential_jitter(initial=FIRST_WAIT, max=LONGEST_WAIT),
                retry=retry_if_result(lambda is_sent: not is_sent),
                retry_error_callback=lambda _: False,
            )
            kinds = {"notify_type": kind, "body_format": NotifyFormat.MARKDOWN}
            return bool(retrying(sender.notify, title=title, body=body, **kinds))


def sleep(seconds: float) -> None:
    """The pause between two attempts."""
    time.sleep(seconds)


def configured_recipients(salt: str) -> list[Recipient]:
    """The distinct recipients; `salt` makes keys differ between warehouses."""
    with _no_logging():
        urls = dict.fromkeys(_urls())
        return [
            Recipient(number, _key(url, salt), Apprise.instantiate(url, asset=_asset()))
            for number, url in enumerate(urls, start=1)
        ]


def recipient_services() -> list[str]:
    return [
        str(one.service.service_name) if one.service else "unrecognised address"
        for one in configured_recipients("")
    ]


def _urls() -> list[str]:
    """The addresses: NOTIFY_URLS (split at spaces, line ends and commas), else the secrets."""
    found = os.environ.get("NOTIFY_URLS") or dlt.secrets.get("notify.urls") or ""
    texts = found.split() if isinstance(found, str) else [str(url) for url in found]
    return [str(url) for url in parse_urls(*texts)]


def _key(url: str, salt: str) -> str:
    """The key of a recipient in the memory file; slow, so that passwords cannot be guessed."""
    return hashlib.scrypt(url.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=8).hex()


def _asset() -> AppriseAsset:
    """No remote images, nothing stored on disk, our name as sender."""
    return AppriseAsset(app_id=SENDER, app_desc=SENDER, image_url_mask="", image_url_logo="")


@contextmanager
def _no_logging() -> Iterator[None]:
    """Disable logging: apprise and the HTTP client log addresses."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
