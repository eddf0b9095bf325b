"""Bad records are listed and the rest loads; a file that cannot be loaded gives one clear message."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable

import pytest
from extract_folder import Extracts, StagedRows, json_lines

from pipelines.load import readers
from pipelines.settings import InputError

Read = Callable[[], StagedRows]
CUSTOMERS = "bigcommerce/b2b/customers"


def test_faulty_lines_are_rejected_and_the_rest_loads(extracts: Extracts) -> None:
    lines = [
        b'{"id": 1, "email": "good@b.test"}',
        b'{"id": 2, "email": ',
        b'["no", "object"]',
        b"null",
        b'{"email": "no-key@b.test"}',
        b'{"id": "  ", "email": "blank-key@b.test"}',
        b'{"id": 3, "email": "\xff\xfe@b.test"}',
        b'{"id": 4} {"id": 5}',
        b'{"id": 6, "email": "' + b"x" * 600,
        b'{"id": 7}',
    ]
    extracts.write(f"{CUSTOMERS}.jsonl", b"\n".join(lines))
    result = extracts.load_one()
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (10, 2, 8)
    assert extracts.rows("select id from raw_bigcommerce.customers order by id") == [("1",), ("7",)]
    found = extracts.rows(
        "select record_number, column_name, reason, value, source, instance, resource, path "
        "from raw_load.rejects order by record_number"
    )
    assert [row[:3] for row in found] == [
        (2, None, "not JSON"),
        (3, None, "not a JSON object"),
        (4, None, "not a JSON object"),
        (5, None, "no id"),
        (6, None, "no id"),
        (7, None, "not UTF-8"),
        (8, None, "not JSON"),
        (9, None, "not JSON"),
    ]
    assert found[0][3] == '{"id": 2, "email":'
    assert len(found[-1][3]) == 500
    assert found[0][4:] == ("bigcommerce", "b2b", "customers", f"{CUSTOMERS}.jsonl")
    assert extracts.rows("select rows_read, rows_loaded, rows_rejected from raw_load.files") == [
        (10, 2, 8)
    ]
    assert "8 records were rejected" in extracts.output


def test_a_field_that_is_twice_in_a_record_is_listed(extracts: Extracts, staged: Read) -> None:
    lines = '{"id": 1, "email": "a@b.test", "email": "c@d.test"}\n{"id": 2, "Email": "x", "email": "e@f.test"}\n'
    extracts.write(f"{CUSTOMERS}.jsonl", lines)
    result = staged()
    assert result.column("email") == ["a@b.test", "e@f.test"]
    assert [(row["record_key"], row["reason"]) for row in result.rejects] == [
        ("1", "a field is in the record twice: the first one is read")
    ]


def test_rejects_of_a_file_are_replaced_with_it(extracts: Extracts) -> None:
    extracts.write(f"{CUSTOMERS}.jsonl", '{"id": 1}\n{"id": \n')
    extracts.load()
    extracts.write(f"{CUSTOMERS}.jsonl", '{"id": 1}\n{"id": 2}\n')
    extracts.load()
    assert extracts.rows("from raw_load.rejects") == []
    assert extracts.rows("select count(*) from raw_load.files") == [(1,)]


def test_csv_lines_that_do_not_parse(extracts: Extracts, staged: Read) -> None:
    extracts.write(
        f"{CUSTOMERS}.csv",
        b"id,email,company\n1,a@b.test,A\n2,too,many,cells\n3,few\n4,\xff,A\n,no-key,A\n"
        b'5,b@b.test,"two\nlines"\n6,c@b.test,B\n',
    )
    result = staged()
    assert result.column("id") == ["1", "5", "6"]
    assert result.column("_record_number") == [2, 7, 9]
    assert [(row["record_number"], row["reason"]) for row in result.rejects] == [
        (3, "4 cells where the header has 3"),
        (4, "2 cells where the header has 3"),
        (5, "not UTF-8"),
        (6, "no id"),
    ]
    assert result.rejects[0]["value"] == "2,too,many,cells"
    assert result.rejects[3]["value"] == "no-key, A"
    assert (result.staged.rows_read, result.staged.rejected) == (7, 4)


@pytest.mark.parametrize("hint", ["", "sep=;\n", '"sep=;"\r\n', "\ufeffSEP=;\n"])
def test_csv_as_excel_writes_it(extracts: Extracts, staged: Read, hint: str) -> None:
    """The line of the separator is none of the file; empty cells after the last are none."""
    rows = "id;email;company;;\n1;a@b.test;A;;\n2;b@b.test;B;;;;\n3;c@b.test;C;;;x\n"
    extracts.write(f"{CUSTOMERS}.csv", hint + rows)
    result = staged()
    assert result.column("company") == ["A", "B"]
    first = 4 + bool(hint)
    assert [(row["record_number"], row["reason"]) for row in result.rejects] == [
        (first, "6 cells where the header has 5")
    ]


def test_lines_that_are_json_without_what_is_not_their_own(
    extracts: Extracts, staged: Read
) -> None:
    """The byte order mark of a file put behind another; half an emoji; a backslash stays; the comma
    behind each line of an array that lost its brackets."""
    names = ("A", "Jo \\ud83d\\ude00 \\uD83D", "\\ude00Li", "C:\\\\ud800")
    lines = [f'{{"id": {i}, "company": "{name}"}} ,' for i, name in enumerate(names, 1)]
    extracts.write(f"{CUSTOMERS}.jsonl", "\ufeff".join(f"{line}\n" for line in ("", *lines)))
    result = staged()
    assert result.column("id") == ["1", "2", "3", "4"]
    assert result.column("company") == ["A", "Jo \U0001f600 ", "Li", "C:\\ud800"]
    assert result.rejects == []


def test_csv_of_files_put_together(extracts: Extracts, staged: Read) -> None:
    """The header and the byte order mark of the second file are no record."""
    parts = ("1,a@b.test,A\r\n", "2,b@b.test,B\r\n,email,\r\n")
    text = "".join(f"\ufeffid,email,company\r\n{rows}" for rows in parts)
    extracts.write(f"{CUSTOMERS}.csv", text)
    result = staged()
    assert result.column("id") == ["1", "2"]
    assert [(row["record_number"], row["reason"]) for row in result.rejects] == [(5, "no id")]


def test_empty_rows_of_a_spreadsheet_are_no_records(extracts: Extracts) -> None:
    """They are counted, not listed one by one; a row with anything in it is a record."""
    rows = "1,a@b.test,A\n,,\n , ,\n,,\n\u00a0,,\n,,B\n2,,\n,,,\n,\n"
    extracts.write(f"{CUSTOMERS}.csv", f"id,email,company\n{rows}")
    result = extracts.load_one()
    assert (result.rows_read, result.rows_loaded, result.rows_rejected) == (9, 2, 1)
    assert result.message == "6 empty rows left out"
    listed = extracts.rows("select record_number, reason from raw_load.rejects")
    assert listed == [(7, "no id")]
    extracts.write(f"{CUSTOMERS}.csv", "id,email,company\n,,\n,,\n")
    assert extracts.load_one().message == "has no records, 2 empty rows left out"


def test_csv_that_ends_in_the_empty_cells_of_a_record(extracts: Extracts, staged: Read) -> None:
    extracts.write(f"{CUSTOMERS}.csv", "id,email,company\n1,a@b.test,A\n,")
    with pytest.raises(InputError, match="is cut off in the middle of a record"):
        staged()


@pytest.mark.parametrize("last", ['2,b@b.test,"open\n3,c,C\n4,d,D\n', '2,"open,B\n3,c,C\n'])
def test_csv_quote_that_never_closes(extracts: Extracts, staged: Read, last: str) -> None:
    """What comes after it is unread: the file is refused, not half loaded."""
    extracts.write(f"{CUSTOMERS}.csv", f"id,email,company\n1,a@b.test,A\n{last}")
    with pytest.raises(InputError, match="is cut off in the middle of a record, or a quote"):
        staged()


def test_values_that_are_not_as_declared_stay_and_are_listed(
    extracts: Extracts, staged: Read
) -> None:
    extracts.write(
        f"{CUSTOMERS}.csv",
        "id,date_modified,attributes\n1,soon,some\n2,2026-04-01T00:00:00Z,[]\n3,,\n",
    )
    result = staged()
    assert result.column("attributes") == ['"some"', "[]", None]
    assert [(r["record_number"], r["column_name"], r["value"]) for r in result.rejects] == [
        (2, "attributes", '"some"'),
        (2, "date_modified", "soon"),
    ]
    assert result.staged.loaded == 3


PROBLEMS = {
    "cut off gzip": (
        f"{CUSTOMERS}.jsonl.gz",
        gzip.compress(json_lines({"id": i, "email": os.urandom(9).hex()} for i in range(999)).encode())[:-400],
        "cut off or damaged",
    ),
    "empty gzip": (f"{CUSTOMERS}.jsonl.gz", b"", "cut off or damaged"),
    "damaged gzip": (f"{CUSTOMERS}.csv.gz", b"\x1f\x8b\x08\x00" + b"\x00" * 40, "cut off or damaged"),
    "gzip without .gz": (f"{CUSTOMERS}.jsonl", gzip.compress(b'{"id":1}'), "add .gz"),
    "no gzip": (f"{CUSTOMERS}.csv.gz", b"id\n1\n", "remove .gz from"),
    "no Parquet": (f"{CUSTOMERS}.parquet", b"id\n1\n", "cannot be read as parquet"),
    "empty Parquet": (f"{CUSTOMERS}.parquet", b"", "cannot be read as parquet"),
    "Parquet as CSV": (f"{CUSTOMERS}.csv", b"PAR1....", "is Parquet"),
    "UTF-16": (f"{CUSTOMERS}.csv", "id\n1\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "JSON array": (f"{CUSTOMERS}.jsonl", b'[{"id": 1}, {"id": 2}]', "is a JSON array; export it as one JSON object per line"),
    "JSON array of lines": (f"{CUSTOMERS}.jsonl", b'[\n {"id": 1},\n {"id": 2}\n]', "is a JSON array"),
    "pretty JSON": (f"{CUSTOMERS}.jsonl", b'{\n "id": 1,\n "email": "a"\n}\n', "one JSON object per line"),
    "API answer": (f"{CUSTOMERS}.jsonl", b'{"data": [{"id": 1}]}', "the field id is missing"),
    "misspelled field": (f"{CUSTOMERS}.jsonl", b'{"idd": 1}\n{"idd": 2}', "did you mean its 'idd'?"),
    "key without a value": (
        "d365_fo/prod/exchange_rates.csv",
        b"RateTypeName,FromCurrency,ToCurrency,StartDate,Rate\n,CAD,USD,2026-01-01,0.7\n",
        "RateTypeName has no value in any record; export it with its values.",
    ),
    "missing column": (f"{CUSTOMERS}.csv", b"mail,name\na,b\n", "the column id is missing"),
    "misspelled column": (
        "d365_fo/prod/customers.csv",
        b"DATAAREAID,CUSTOMER_ACCOUNT\nustr,C1\n",
        "the column CustomerAccount is missing (did you mean its 'CUSTOMER_ACCOUNT'?)",
    ),
    "column twice": (f"{CUSTOMERS}.csv", b"id,email,EMAIL\n1,a,b\n", "email occurs twice (email, EMAIL)"),
    "own column twice": (
        "d365_fo/prod/customers.csv",
        b"DATAAREAID,CUSTOMERACCOUNT,ONHOLDSTATUS,WebShopId,WEBSHOPID\nustr,C1,No,1,2\n",
        "occurs twice (WebShopId, WEBSHOPID)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "content", "sentence"), PROBLEMS.values(), ids=PROBLEMS)
def test_file_that_cannot_be_loaded(
    extracts: Extracts, path: str, content: bytes, sentence: str
) -> None:
    file = extracts.write("placeholder", b"")
    file.unlink()
    file = extracts.root / path
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    report = extracts.load()
    assert len(report.problems) == 1
    assert str(file) in report.problems[0]
    assert sentence in report.problems[0]
    assert "\n" not in report.problems[0]
    assert [row[3:] for row in extracts.log()] == [("failed", 0, 0, 0, 0)]
    assert extracts.rows("from raw_load.files") == []


def test_parquet_without_its_key(extracts: Extracts) -> None:
    import duckdb

    file = extracts.root / f"{CUSTOMERS}.parquet"
    file.parent.mkdir(parents=True)
    duckdb.sql("select 1 as customer_id").write_parquet(str(file))
    assert "the column id is missing" in extracts.load().problems[0]


def test_parquet_with_damaged_pages(extracts: Extracts) -> None:
    import duckdb

    file = extracts.root / f"{CUSTOMERS}.parquet"
    file.parent.mkdir(parents=True)
    duckdb.sql("select uuid()::varchar as id from range(20000)").write_parquet(str(file))
    data = bytearray(file.read_bytes())
    data[4:-4000] = bytes(len(data) - 4004)
    file.write_bytes(data)
    assert "cannot be read as parquet" in extracts.load().problems[0]


def test_csv_cell_without_end(extracts: Extracts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.load.readers.MAX_LINE_BYTES", 1 << 10)
    extracts.write(f"{CUSTOMERS}.csv", "id,email\n1," + "x" * 5000 + "\n")
    assert "cannot be read as CSV (field larger than" in extracts.load().problems[0]


def test_line_without_end(extracts: Extracts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.load.readers.CHUNK_BYTES", 64)
    monkeypatch.setattr("pipelines.load.readers.MAX_LINE_BYTES", 1 << 10)
    extracts.write(f"{CUSTOMERS}.jsonl", '{"id": 1, "email": "' + "x" * 5000 + '"}')
    assert "a line is longer than" in extracts.load().problems[0]


def test_faulty_file_keeps_out_its_resource_of_its_instance_and_no_other(
    extracts: Extracts,
) -> None:
    """The parts of a resource are one table; the rest is loaded, and the old rows stay."""
    placed = {"id": 1, "date_created": "Thu, 09 Apr 2026 14:03:22 +0000"}
    extracts.write("bigcommerce/b2b/orders.part-1.jsonl", [placed])
    extracts.load()
    extracts.write("bigcommerce/b2b/orders.part-1.jsonl", [placed | {"id": 2}])
    extracts.write("bigcommerce/b2b/orders.part-2.csv", "order\n1\n")
    extracts.write("bigcommerce/other/orders.jsonl", [placed | {"id": 3}])
    extracts.write(f"{CUSTOMERS}.jsonl", [{"id": 1}])
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    report = extracts.load()
    assert len(report.problems) == 1
    assert sorted(row[1:4] for row in extracts.log()[1:]) == [
        ("b2b", "customers", "loaded"),
        ("b2b", "orders", "failed"),
        ("other", "orders", "loaded"),
        ("prod", "cdm_companies", "loaded"),
    ]
    assert extracts.rows("select id from raw_bigcommerce.orders order by 1") == [("1",), ("3",)]
    assert extracts.output.count("the column id is missing") == 1
    message = "select message from raw_load.resource_loads where outcome = 'failed'"
    assert "the column id is missing" in extracts.rows(message)[0][0]


def test_rows_that_cannot_be_written_are_one_problem(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise InputError("bigcommerce could not be written to raw.duckdb (no space left).")

    monkeypatch.setattr("pipelines.load.raw.run_dlt", full)
    extracts.write(f"{CUSTOMERS}.jsonl", [{"id": 1}])
    extracts.write("bigcommerce/other/customers.jsonl", [{"id": 1}])
    report = extracts.load()
    assert len(report.problems) == 1 and "no space left" in report.problems[0]
    assert {row[3] for row in extracts.log()} == {"failed"}
    assert extracts.rows("from raw_load.files") == []


def test_problem_is_gone_with_its_cause(extracts: Extracts) -> None:
    extracts.write("bigcommerce/b2b/orders.csv", "order\n1\n")
    assert not extracts.load().is_ok
    extracts.write("bigcommerce/b2b/orders.csv", "id,date_created\n1,2026-04-09T14:03:22Z\n")
    assert extracts.load_one().rows_loaded == 1


def test_raw_file_that_another_program_holds(extracts: Extracts) -> None:
    import subprocess
    import sys

    extracts.write(f"{CUSTOMERS}.jsonl", [{"id": 1}])
    extracts.load()
    script = f"import duckdb; c = duckdb.connect({str(extracts.target.raw)!r}); print(1, flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        holder.stdout.readline()
        with pytest.raises(InputError, match="is open in another program"):
            extracts.load()
    finally:
        holder.communicate(b"\n")


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_file_that_unpacks_to_more_than_the_limit_is_refused(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """0.6 MB of gzip may be 600 MB: nothing of it is loaded, and the rest of the folder is."""
    monkeypatch.setattr(readers, "MAX_UNPACKED_BYTES", 1 << 20)
    head, row = ("id,email\n", "7,a@x.test\n")
    if ending == "jsonl":
        head, row = "", '{"id": 7, "email": "a@x.test"}\n'
    extracts.write(f"{CUSTOMERS}.{ending}.gz", head + row * 300_000)
    extracts.write(f"bigcommerce/other/customers.{ending}.gz", head + row)
    report = extracts.load()
    assert [one.outcome for one in report.results] == ["failed", "loaded"], report.problems
    assert "unpacks to more than 0 GB; export it again in parts" in report.problems[0]
    assert f"customers.{ending}.gz" in report.problems[0]
