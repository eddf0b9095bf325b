"""Committed files: nothing machine-specific, pinned requirements, README paths that exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from project_files import ROOT, tracked_files

# assembled here, so that this file does not contain them
FORBIDDEN = {
    "a shared folder beside the project": "../" + "shared",
    "a path of one machine": "/" + "work/",
    "a home folder (Linux)": "/" + "home/",
    "a home folder (macOS)": "/" + "Users/",
    "a home folder (Windows)": "C:" + "\\Users",
}
ANY_HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|@ (git|file)")


def text_of(path: Path) -> str | None:
    """The text of a file, or None for a binary one."""
    data = b"" if path.is_symlink() else path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", errors="replace")


@pytest.mark.parametrize(("what", "needle"), FORBIDDEN.items(), ids=FORBIDDEN)
def test_no_tracked_file_names(what: str, needle: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        if (text := text_of(path)) is not None and needle in text
        for number, line in enumerate(text.splitlines(), 1)
        if needle in line
    ]
    assert not found, f"{what}: {found[:20]}"


def test_no_link_is_tracked() -> None:
    """A link points to a path of one machine."""
    links = [str(path.relative_to(ROOT)) for path in tracked_files() if path.is_symlink()]
    assert not links, links


def test_requirements_are_hashed_and_name_no_host() -> None:
    files = sorted(ROOT.glob("requirements*.txt"))
    assert files
    for path in files:
        text = path.read_text()
        assert not ANY_HOST.search(text), f"{path.name} names a host"
        pins = re.findall(r"^[a-zA-Z0-9][^ ]*==", text, re.MULTILINE)
        assert pins and text.count("--hash=sha256:") >= len(pins), f"{path.name} is not hashed"


def test_no_secret_or_data_is_tracked() -> None:
    names = [str(path.relative_to(ROOT)) for path in tracked_files()]
    wrong = [
        name
        for name in names
        if name.endswith((".duckdb", ".wal", "secrets.toml"))
        or name.startswith(("target/", "logs/"))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ["config.toml", "secrets.toml"])
def test_what_a_live_company_edits_is_not_tracked(name: str) -> None:
    """`git pull` would conflict with it, and a secret could be committed."""
    ignored = subprocess.run(
        ["git", "check-ignore", "--quiet", f".dlt/{name}"], cwd=ROOT, check=False
    )
    assert ignored.returncode == 0
    assert ROOT / ".dlt" / name not in tracked_files()


def test_the_paths_of_the_readme_tables_exist() -> None:
    rows = [
        line
        for line in (ROOT / "README.md").read_text().splitlines()
        if line.lstrip().startswith("|")
    ]
    paths = {
        token.rstrip("/")
        for row in rows
        for token in re.findall(r"`([^`\s]+)`", row)
        if "/" in token and not re.search(r"[<>{}:$|]|^\.\.?$|^/", token)
    }
    missing = sorted(path for path in paths if not any(ROOT.glob(path)))
    assert paths, "no path found in a table of the README"
    assert not missing, f"the README names paths that do not exist: {missing}"


def test_the_pictures_of_the_readme_are_small() -> None:
    pictures = re.findall(r"!\[[^]]*\]\((\S+)\)", (ROOT / "README.md").read_text())
    sizes = {name: (ROOT / name).stat().st_size for name in pictures}
    assert sizes and max(sizes.values()) <= 300_000, sizes


def test_the_tests_that_live_loads_names_exist() -> None:
    folder = ROOT / "tests" / "python"
    files = [*folder.glob("live/test_*.py"), *folder.glob("golden/test_live_*.py")]
    tests = {
        name for file in files for name in re.findall(r"^def test_(\w+)", file.read_text(), re.M)
    }
    rows = (ROOT / "docs" / "live-loads.md").read_text("utf-8").splitlines()
    cells = [row.split("|")[3] for row in rows if row.startswith("| ")]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert len(named) > 50 and not named - tests - {"REQUESTS"}
