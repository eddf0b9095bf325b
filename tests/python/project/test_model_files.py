"""Names and lengths of model files (CONTRIBUTING.md)."""

from __future__ import annotations

import re
from pathlib import Path

from project_files import ROOT, manifest

MAX_LINES = 150
RULES = {
    "erp_code_of_field_map_legal_entities_is_used_once": "a rule, not the key of the seed",
    "accounts_differ_in_more_than_case_and_blanks": "a rule, not the key of the model",
}
LONG = {"onboarding_near_match_scores.py": "the linkage in one place: its SQL, its Splink settings"}
MODELS = ROOT / "models"
YAML_NAME = re.compile(
    r"_([a-z0-9_]+__(models|sources|unit_tests)|exposures|groups|metrics|semantic_models)\.yml"
)


def files(*suffixes: str) -> list[Path]:
    return sorted(path for path in MODELS.rglob("*") if path.suffix in suffixes)


def expected_name(path: Path) -> str:
    """The pattern that the file's stem must follow in its folder."""
    parts = path.relative_to(MODELS).parts
    if parts[0] == "staging":
        return rf"stg_{parts[1]}__[a-z0-9_]+"
    if parts[0] == "platforms":
        return rf"(stg|int)_{parts[1]}__[a-z0-9_]+"
    if parts[0] == "intermediate":
        return r"int_[a-z0-9_]+"
    return {
        "core": r"(dim|fct|xref)_[a-z0-9_]+|rejected_records|shared_keys",
        "cards": r"card_[a-z0-9_]+",
    }.get(parts[1], r"[a-z0-9_]+")


def test_model_files_are_named_after_their_step() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in files(".sql", ".py")
        if not re.fullmatch(expected_name(path), path.stem)
    ]
    assert not wrong, "\n".join(wrong)


def test_yaml_files_say_what_they_hold() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in files(".yml", ".yaml")
        if not YAML_NAME.fullmatch(path.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_model_is_longer_than_a_hundred_and_fifty_lines() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in files(".sql", ".py")}
    long = {
        name: lines for name, lines in lengths.items() if lines > MAX_LINES and name not in LONG
    }
    assert not long, f"split these models: {long}"


def test_a_model_opens_with_what_a_row_is() -> None:
    silent = [
        path.name for path in files(".sql") if not path.read_text().startswith("-- Grain: ")
    ] + [path.name for path in files(".py") if "\nGrain: " not in path.read_text()]
    assert not silent, f"models without a grain: {silent}"


def test_no_model_knows_the_engine() -> None:
    knowing = [
        str(path.relative_to(ROOT))
        for path in files(".sql", ".py", ".yml")
        if "target.type" in path.read_text() and not path.name.endswith("__sources.yml")
    ]
    assert not knowing, f"engine differences belong in macros/dialect.sql: {knowing}"


def test_no_model_asks_the_clock() -> None:
    clock = re.compile(r"\b(now|today|getdate)\s*\(|\bcurrent_(timestamp|date)\b", re.IGNORECASE)
    asking = [
        f"{path.name}: {line.strip()}"
        for path in files(".sql")
        for line in path.read_text().splitlines()
        if clock.search(line.split("--")[0])
    ]
    assert not asking, "the as-of instant is a var:\n" + "\n".join(asking)


def test_accepted_values_are_words() -> None:
    """YAML reads a bare off, on, yes or no as a boolean, so the test would reject the word."""
    tests = [
        (node["name"], node["test_metadata"]["kwargs"]["values"])
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") == "accepted_values"
    ]
    assert tests, "no accepted_values test found: this check checks nothing"
    wrong = {name: values for name, values in tests if any(isinstance(v, bool) for v in values)}
    assert not wrong, f"quote these values: {wrong}"


def test_the_remedy_of_a_key_test_is_written_once() -> None:
    """It is in the generic test; key tests would repeat it."""
    wordy = [
        node["name"]
        for node in manifest()["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "unique_combination"
        and node["description"]
        and node["name"] not in RULES
    ]
    assert not wordy, f"key tests with a description: {wordy}"
