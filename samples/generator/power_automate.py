"""Power Automate rows of Dataverse: workflows, flow runs, flow events."""

from __future__ import annotations

from datetime import timedelta

from samples.generator.shapes import Record
from samples.generator.text import guid, instant, iso, later


def workflow_row(name: str, state: int = 1, reason: str = "") -> Record:
    """One cloud flow. State 0 draft (off), 1 activated, 2 suspended."""
    return {
        "workflowid": guid("workflow", name),
        "name": name,
        "category": 5,
        "statecode": state,
        "statuscode": {0: 1, 1: 2, 2: 3}[state],
        "createdon": "2025-02-03T09:00:00Z",
        "modifiedon": "2026-03-20T09:00:00Z",
        "suspensionreasondetails": reason or None,
    }


def flow_run_key(organisation: str, flow: str, number: int) -> str:
    """The key of the run in the project: environment and run id."""
    return f"{organisation}:{guid('flowrun', flow, str(number))}"


def run_row(
    flow: str,
    number: int,
    at: str,
    status: str = "Succeeded",
    error: str = "",
    message: str = "",
    parent: str = "",
) -> Record:
    """One flow run; a child run has a parent and is not primary."""
    flow_id = guid("workflow", flow)
    return {
        "flowrunid": guid("flowrun", flow, str(number)),
        "name": f"085845{number:026d}CU12",
        "status": status,
        "starttime": at,
        "endtime": iso(instant(at) + timedelta(seconds=7)),
        "duration": 7,
        "errorcode": error or None,
        "errormessage": message or None,
        "triggertype": "Automated",
        "_workflow_value": flow_id,
        "workflowid": flow_id,
        "isprimary": 0 if parent else 1,
        "parentrunid": parent or None,
        "partitionid": "user-1",
        "ttlinseconds": 2419200,
        "modifiedon": later(at, 1),
    }


def event_row(code: str, at: str, flow: str, level: str = "Warning") -> Record:
    """One flow event: a gap in the stream of flow runs."""
    return {
        "floweventid": guid("flowevent", code, at),
        "eventtype": "FlowRunIngestion",
        "eventcode": code,
        "createdon": at,
        "name": code,
        "level": level,
        "context": {"flowId": guid("workflow", flow), "lostRuns": 4},
    }
