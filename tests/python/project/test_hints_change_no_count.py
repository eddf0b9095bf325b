"""Near matches and duplicate candidates are hints: no card, presence or value reads them."""

from __future__ import annotations

from project_files import manifest, models

HINTS = {"onboarding_near_match_scores", "onboarding_duplicate_candidates"}
COUNTED = ("card_", "fct_", "dim_")


def ancestors(unique_id: str) -> set[str]:
    """Names of all ancestors of the model."""
    parents = manifest()["parent_map"]
    seen: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in parents.get(waiting.pop(), []):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return {name.rsplit(".", 1)[-1] for name in seen}


def test_no_count_reads_a_hint() -> None:
    reading = [
        node["name"]
        for node in models()
        if node["name"].startswith(COUNTED) and ancestors(node["unique_id"]) & HINTS
    ]
    assert not reading, f"a hint changed a count: {reading}"


def test_the_worklist_shows_the_hint() -> None:
    (worklist,) = [node for node in models() if node["name"] == "onboarding_worklist"]
    assert "onboarding_near_match_scores" in ancestors(worklist["unique_id"])
