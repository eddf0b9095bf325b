"""Texts of alerts, in mail and chat, and what they never contain."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from alert_world import (
    EMAIL,
    NAME,
    PASSWORD,
    TAX_ID,
    TOKEN,
    AlertWorld,
    MailServer,
    Webhook,
    card,
    customer,
)
from click.testing import CliRunner, Result

from pipelines.__main__ import main
from pipelines.notify.alerts import LONGEST_NAME, harmless
from pipelines.notify.outbox import memory_path
from pipelines.settings import PROJECT, InputError

WORKLIST = [
    customer(1, "18400.00"),
    customer(
        2,
        "9650.50",
        segment_code="DTC",
        expected_legal_entity_id=None,
        mapping_status="ambiguous",
        candidate_legal_entity_ids="catr, ustr",
        is_rate_missing=True,
    ),
    customer(
        3,
        None,
        expected_legal_entity_id=None,
        mapping_status="unmapped",
        blocked_values="CAD 120.00, [X](HTTP://A.TEST) 5.00",
    ),
    customer(4, "1.00"),
]
HEADLINE_CARD = card(
    "alert", 1217, previous_value=1200, b2b_value=1006, dtc_value=211, reporting_value="61200.00",
    unrated_values="AED 1800.00",
)  # fmt: skip
TEXT = """\
**1,217 customers** as of 2026-04-12; alert above 10.

- Previous window: 1,200 (+17)
- Last message: none, this is the first for this card
- B2B 1,006, DTC 211
- Value: USD 61,200.00
- Value without a rate: AED 1800.00

Largest on the worklist:

- No. 1: B2B, ustr, USD 18,400.00, customer c0ffee1
- No. 2: DTC, ambiguous (catr, ustr), USD 9,650.50 + no rate, customer c0ffee2
- No. 3: B2B, unmapped, CAD 120.00, ［X］(HTTP：//A․TEST) 5.00, customer c0ffee3

Trace id: 547fcad46025992ef67c6d8f10935ebf
"""


class Tags(HTMLParser):
    """The tags of a HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["notify", *arguments])


def test_the_message_of_an_alert(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    world.notify()
    assert hook.titles == ["ALERT Customers absent: 1,217 customers (alert above 10)"]
    assert hook.bodies[0]["type"] == "warning"
    assert hook.bodies[0]["message"].strip() == TEXT.strip()


def test_no_personal_data_unless_allowed(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    said = world.notify()[1] + cli("--dry-run").output
    everything = said + str(hook.bodies) + world.files().decode()
    for secret in ("tienne", "Neil", EMAIL, "oneil-secret", TAX_ID):
        assert secret not in everything
    monkeypatch.setenv("NOTIFY_PERSONAL_DATA", "true")
    memory_path(world.target).unlink()
    world.notify()
    text = hook.bodies[1]["message"]
    assert f"- No. 1: {harmless(NAME)} 1, B2B, ustr, USD 18,400.00, customer c0ffee1" in text
    assert EMAIL not in text and TAX_ID not in text and NAME not in text


def test_the_switch_for_personal_data_is_no_guess(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    monkeypatch.setenv("NOTIFY_PERSONAL_DATA", "maybe")
    with pytest.raises(InputError, match="NOTIFY_PERSONAL_DATA is 'maybe'; write true or false"):
        world.notify()
    assert hook.bodies == []


def test_a_name_is_text_in_a_mail(
    world: AlertWorld, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", mail.url)
    monkeypatch.setenv("NOTIFY_PERSONAL_DATA", "true")
    monkeypatch.setenv("REPORT_URL", "https://cards.example.test/report.html")
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    is_ok, said = world.notify()
    assert is_ok and "sent to recipient 1 (E-Mail)" in said
    (message,) = mail.mails
    assert message["To"] == "ar@example.test"
    assert message["Subject"] == "ALERT Customers absent: 1,217 customers (alert above 10)"
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    assert Tags(html).found == {"p", "strong", "ul", "li", "a"}
    assert html.count("<a ") == 1
    assert "<strong>1,217 customers</strong>" in html
    for part in (html, text):
        assert "https://cards.example.test/report.html" in part
        assert "USD 18,400.00, customer c0ffee1" in part
        assert "pay" in part and "tienne" in part


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Smith Ltd. (UK), 2/3", "Smith Ltd. (UK), 2/3"),
        ("a\r\nb\tc\u202ed\u0000e", "a b c d e"),
        ("[pay](https://evil.test)", "［pay］(https：//evil\u2024test)"),
        ("*b* _i_ `c` ~s~ |t| \\", "＊b＊ ＿i＿ ｀c｀ ～s～ ｜t｜ ＼"),
        ("<!channel> @all #1 :cat: $x$ &lt;", "＜!channel＞ ＠all ＃1 ：cat： ＄x＄ ＆lt;"),
        ("x" * 200, "x" * (LONGEST_NAME - 1) + "…"),
    ],
)
def test_a_name_means_nothing_but_itself(name: str, line: str) -> None:
    assert harmless(name) == line


def test_the_link_is_the_page_that_was_published(world: AlertWorld, hook: Webhook) -> None:
    (world.target.published / "report.html").write_text("page")
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    assert f"Page: `{world.target.published / 'report.html'}`" in hook.bodies[0]["message"]


def test_teams_gets_a_card_without_pictures_or_mentions(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests

    posted: list[tuple[str, str]] = []

    def post(url: str, data: str, **_: object) -> requests.Response:
        posted.append((url, data))
        answer = requests.Response()
        answer.status_code = 202
        return answer

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setenv("NOTIFY_URLS", f"workflows://teams.example.test:443/flow/{TOKEN}")
    monkeypatch.setenv("NOTIFY_PERSONAL_DATA", "true")
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    is_ok, said = world.notify()
    assert is_ok and "Power Automate / Workflows (for MSTeams)" in said
    ((url, data),) = posted
    assert url.startswith("https://teams.example.test:443/workflows/flow/") and TOKEN not in said
    assert '"entities"' not in data and '"Image"' not in data
    assert "**1,217 customers** as of 2026-04-12" in data


def test_no_secret_is_printed_or_written(world: AlertWorld, hook: Webhook) -> None:
    """Not even in the log of any library."""
    signature = "a-secret-with-a-dot.x"  # refused by apprise, which logs it
    refused = f"workflows://teams.example.test:443/flow/{signature}"
    failing = f"json://me:{PASSWORD}@127.0.0.1:9/{TOKEN}"
    world.publish("2026-04-12", card("alert", 17))
    done = subprocess.run(
        [sys.executable, "-c", THREE_COMMANDS],
        cwd=PROJECT,
        env=os.environ | {"NOTIFY_URLS": f"{hook.url} {refused} {failing}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"DEBUG" in done.stderr
    everything = done.stdout + done.stderr + world.files()
    assert b"works: recipient 1 (JSON)" in everything and len(hook.bodies) == 2
    assert b"FAILED: recipient 3 (JSON)" in everything
    for secret in (PASSWORD, TOKEN, signature, "teams.example.test", "127.0.0.1"):
        assert secret.encode() not in everything


THREE_COMMANDS = """
import logging
logging.basicConfig(level=1)
from pipelines.notify import recipients
from pipelines.__main__ import main
recipients.sleep = lambda _: None
for arguments in (["--test"], [], ["--dry-run"]):
    try:
        main(["notify", *arguments], standalone_mode=False)
    except SystemExit as stopped:
        assert stopped.code == 1
"""


def test_the_addresses_can_stand_in_the_secrets_file(
    world: AlertWorld, hook: Webhook, other_hook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt/secrets.toml").write_text(
        f'[notify]\nurls = ["{hook.url}", "{other_hook.url}"]\n'
    )
    environment = {
        **os.environ,
        "DLT_PROJECT_DIR": str(tmp_path),
        "DLT_DATA_DIR": str(tmp_path / "dlt"),
    }
    environment.pop("NOTIFY_URLS")
    world.publish("2026-04-12", card("alert", 17))
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "notify"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(hook.bodies) == len(other_hook.bodies) == 1


def test_the_exit_codes_of_the_command(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    hook.status = 500
    assert cli().exit_code == 1
    hook.status = 200
    assert cli().exit_code == 0
    assert cli("--test").exit_code == 0
    assert hook.titles[-1] == "TEST of the alerts"


def test_a_dry_run_sends_and_remembers_nothing(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", HEADLINE_CARD, worklist=WORKLIST)
    done = cli("--dry-run")
    assert done.exit_code == 0
    assert "To: recipient 1 (JSON)\nALERT Customers absent: 1,217" in done.output
    assert TEXT in done.output and "1 messages would be sent." in done.output
    assert hook.bodies == [] and not memory_path(world.target).exists()
    world.notify()
    assert len(hook.bodies) == 1


def test_a_test_message_tells_which_recipient_fails(
    world: AlertWorld, hook: Webhook, other_hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", f"{hook.url} {other_hook.url}")
    other_hook.status = 404
    done = cli("--test")
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "works: recipient 1 (JSON)",
        "FAILED: recipient 2 (JSON)",
    ]


@pytest.mark.parametrize("arguments", [("--test",), ("--test", "--dry-run")])
def test_a_test_needs_a_recipient(world: AlertWorld, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert isinstance(done.exception, InputError)


def test_doctor_counts_the_recipients(
    hook: Webhook, other_hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", f"{hook.url} {other_hook.url} nonsense")
    done = CliRunner().invoke(main, ["doctor"])
    assert "Alerts     3 recipients (JSON, JSON, unrecognised address)" in done.output
    assert TOKEN not in done.output
    monkeypatch.delenv("NOTIFY_URLS")
    assert "no recipient configured" in CliRunner().invoke(main, ["doctor"]).output
