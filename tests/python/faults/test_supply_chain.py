"""A scan of all committed files for secrets (detect-secrets). Known vulnerabilities: docs/operations.md."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

from pipelines.settings import PROJECT

# patterns of issued credentials; entropy and keywords find mostly ids and settings of tests
DETECTORS = (
    "ArtifactoryDetector AWSKeyDetector AzureStorageKeyDetector BasicAuthDetector DiscordBotTokenDetector"
    " GitHubTokenDetector GitLabTokenDetector JwtTokenDetector MailchimpDetector NpmDetector"
    " OpenAIDetector PrivateKeyDetector PypiTokenDetector SendGridDetector SlackDetector"
    " SquareOAuthDetector StripeDetector TelegramBotTokenDetector TwilioKeyDetector"
).split()
SETTINGS = {"plugins_used": [{"name": name} for name in DETECTORS], "filters_used": []}
GENERATED = re.compile(r"samples/|requirements.*\.txt")  # of scripts, and of uv
# made-up credentials of tests and examples: file → how many
KNOWN = {
    "docs/alerts.md": 1,
    "tests/python/notify/alert_world.py": 1,
    "tests/python/notify/test_alert_messages.py": 1,
}
# assembled here, so that this file has none
PLANTED = {
    "a key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "an address with a password": "https://me:" + "pa55w0rd@example.com/x",
    "a token of Slack": "xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx",
    "a hook of Slack": "https://hooks.slack.com/services/" + "T00000000/B00000000/" + "X" * 24,
    "a key of AWS": "AKIA" + "IOSFODNN7ABCDEFG",
}


def scan(*files: Path) -> dict[str, int]:
    found = SecretsCollection()
    with transient_settings(SETTINGS):
        for file in files:
            found.scan_file(str(file))
    return {name: len(secrets) for name, secrets in found.data.items()}


def test_no_committed_file_has_a_secret(record_property: Callable[[str, Any], None]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    files = [PROJECT / name for name in listed.split("\0") if name and not GENERATED.match(name)]
    files = [file for file in files if file.is_file()]
    record_property("tried", len(files))
    found = {str(Path(name).relative_to(PROJECT)): count for name, count in scan(*files).items()}
    assert found == KNOWN


@pytest.mark.parametrize("what", PLANTED)
def test_the_scan_finds(what: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'url = "{PLANTED[what]}"\n')
    assert scan(path)
