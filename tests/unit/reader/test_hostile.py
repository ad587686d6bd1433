"""Files from strangers: each is refused with a sentence, none with a traceback."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError
from ckanext.actionplan.reader.messages import MESSAGES

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def archive(parts, compress=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def word(body):
    xml = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return archive({"word/document.xml": xml})


def refused(data, limits=None):
    with pytest.raises(ReaderError) as caught:
        reader.read(data, "plan.docx", limits)
    error = caught.value
    sentence = str(error)
    assert error.code in MESSAGES
    assert sentence[0].isupper()
    assert sentence.endswith((".", "…"))
    assert "{" not in sentence
    return error


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"%PDF-1.7\n%binary", "damaged_pdf"),
        (b"\n\n%PDF-1.4", "damaged_pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "kind_image"),
        (b"\xff\xd8\xff\xe0JFIF", "kind_image"),
        (b"{\\rtf1\\ansi}", "kind_rtf"),
        (OLE, "kind_doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<!DOCTYPE html><html><body></body></html>", "no_plan"),
        (b"Rar!\x1a\x07", "kind_archive"),
        (bytes(range(32)) * 40, "unreadable_text"),
        (b"PK\x03\x04 not an archive", "damaged_archive"),
        (archive({"a.txt": "x"}), "kind_archive"),
        (archive({"xl/workbook.xml": "<x/>"}), "damaged_xml"),
        (
            archive({"mimetype": "application/vnd.oasis.opendocument.text"}),
            "damaged_xml",
        ),
        (archive({"word/document.xml": "<w:document"}), "damaged_xml"),
        (archive({"word/document.xml": "<other/>"}), "damaged_xml"),
        (archive({"word/document.xml": ""}), "damaged_xml"),
        (word("<w:p><w:r><w:t>Лист</w:t></w:r></w:p>"), "no_plan"),
    ],
)
def test_what_it_really_is(data, code):
    assert refused(data).code == code


def test_too_large_is_told_before_anything_is_read():
    error = refused(b"PK\x03\x04" + b"\x00" * 5000, Limits(file_bytes=1000))
    assert error.code == "too_large"
    assert error.params == {"size": 5004, "limit": 1000}


def test_archive_that_declares_a_bomb():
    data = archive({"word/document.xml": b" " * 3_000_000})
    error = refused(data, Limits(unpacked_bytes=2 << 20))
    assert (error.code, error.params) == ("unpacked_too_large", {"limit": 2})
    assert refused(data).code == "ratio_too_high"


def test_archive_that_lies_about_its_sizes():
    data = bytearray(archive({"word/document.xml": b"<a>" + b" " * 400_000}))
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 10)
    error = refused(bytes(data), Limits(part_bytes=100_000))
    assert error.code in ("unpacked_too_large", "damaged_archive", "damaged_xml")


def test_too_many_entries():
    data = archive({f"word/{at}.xml": "x" for at in range(30)})
    assert refused(data, Limits(entries=20)).code == "too_many_entries"


def test_locked_entry():
    data = bytearray(archive({"word/document.xml": "<a/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert refused(bytes(data)).code == "encrypted"


ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    "<w:document><w:body>&b;</w:body></w:document>"
)
EXTERNAL = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<w:document><w:body>&x;</w:body></w:document>"
)


@pytest.mark.parametrize("xml", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(xml, encoding):
    data = archive({"word/document.xml": xml.encode(encoding)})
    assert refused(data).code == "doctype"


def test_nesting():
    deep = "<w:sdt>" * 500 + "</w:sdt>" * 500
    assert refused(word(deep)).code == "too_deep"
    deeper = "<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000
    allowed = replace(Limits(), depth=100_000, ratio=100_000)
    assert refused(word(deeper), allowed).code == "too_deep"


def test_elements_rows_and_cells():
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 5 + "</w:tr>"
    table = f"<w:tbl>{row * 30}</w:tbl>"
    assert refused(word(table), Limits(elements=100)).code == "too_many_elements"
    assert refused(word(table), Limits(rows=20)).code == "too_many_rows"
    assert refused(word(table), Limits(cells=4)).code == "too_many_cells"
    text = ("а\tб\tв\n" * 30).encode()
    assert refused(text, Limits(rows=20)).code == "too_many_rows"
    assert refused(text, Limits(cells=2)).code == "too_many_cells"


def test_time():
    text = ("слово\n" * 50).encode()
    assert refused(text, Limits(seconds=-1)).code == "too_slow"


def many_tables():
    rows = "1.\tУхвалити\t31.02.2025 у разі потреби\tЄ\tВідділ\n" * 40
    return "\n\nі далі\n".join([rows] * 300).encode()


def joined_rows():
    text = "Завдання\tСтрок виконання\tПоказник\tВиконавець\n"
    return (text + "1. Ухвалити\tдо березня\tЄ\tВідділ\n" * 9000).encode()


@pytest.mark.parametrize("data", [many_tables(), joined_rows()])
def test_time_while_tables_and_tasks_are_looked_for(data):
    started = time.monotonic()
    assert refused(data, Limits(seconds=0.5)).code == "too_slow"
    assert time.monotonic() - started < 2


def test_cells_and_paragraphs_of_any_format():
    long = "слово " * 50
    cell = f"Завдання\tСтрок виконання\n1. Ухвалити\t{long}\n".encode()
    assert refused(cell, Limits(characters=100)).code == "cell_too_long"
    page = f"<!DOCTYPE html><html><body><p>{long}</body></html>".encode()
    assert refused(page, Limits(characters=100)).code == "cell_too_long"


def test_letters_that_a_database_does_not_take():
    head = "План дій\n" * 20 + "Завдання\tСтрок виконання\tПоказник\tВиконавець\n"
    draft = reader.read(f"{head}1. Ухва\0лити\x1b\tщороку\tЄ\tВідділ\n".encode())
    assert draft.tasks[0].values["title"] == "Ухвалити"


def test_hostile_numbers_in_attributes(titled, header):
    body = (
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="99999999999"/></w:trPr><w:tc><w:tcPr>'
        '<w:gridSpan w:val="-5"/><w:vMerge/></w:tcPr><w:p><w:pPr><w:numPr>'
        '<w:ilvl w:val="x"/><w:numId w:val="7"/></w:numPr></w:pPr></w:p></w:tc></w:tr>'
        "</w:tbl>"
    )
    assert refused(word(body)).code == "no_plan"


def test_style_that_is_based_on_itself(titled, header):
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="S"><w:basedOn w:val="S"/></w:style>'
        "</w:styles>"
    )
    document = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:pPr><w:pStyle w:val="S"/></w:pPr>'
        "<w:r><w:t>Лист</w:t></w:r></w:p></w:body></w:document>"
    )
    data = archive({"word/document.xml": document, "word/styles.xml": styles})
    assert refused(data).code == "no_plan"


def test_patterns_do_not_run_away():
    lines = [
        "А" * 20_000,
        "1." * 10_000,
        "до " * 8_000,
        "«" * 10_000,
        ", " * 10_000,
        "**" * 10_000,
        "І" * 10_000,
        "<a " * 5_000,
        "№ 1-" + "1-" * 8_000,
        "Абвська " * 4_000,
        "управлінська " * 3_000,
        "20 " * 8_000,
    ]
    head = "План дій\n" * 20 + "Завдання\tСтрок виконання\tПоказник\tВиконавець\n"
    for line in lines:
        text = f"{line}\n{head}1. {line}\t{line}\t{line}\t{line}\n{line}\n"
        draft = reader.read(text.encode(), limits=replace(Limits(), seconds=10))
        assert draft.tasks


@pytest.mark.parametrize("seed", range(40))
def test_damaged_documents_never_crash(titled, header, seed):
    titled.table(header, ("1. Правила",), ("1.1. Ухвалити", "щороку", "Є", "Відділ"))
    data = bytearray(titled.data)
    chance = random.Random(seed)  # noqa: S311 - a seeded damage, no secret
    for _ in range(chance.randrange(1, 60)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    cut = bytes(data[: chance.randrange(1, len(data))]) if seed % 3 else bytes(data)
    try:
        reader.read(cut)
    except ReaderError as error:
        assert str(error)  # noqa: PT017 - damage may also leave a plan that can be read


@pytest.mark.parametrize("seed", range(40))
def test_damaged_texts_never_crash(seed):
    chance = random.Random(seed)  # noqa: S311 - a seeded damage, no secret
    pieces = [
        "Завдання\tСтрок",
        "виконання\tПоказник\n1.",
        "до",
        "щороку",
        "31.12.2025",
        "І",
        "кв",
        "№",
        "від",
        "()",
    ]
    text = "План дій на 2025 рік\nЗавдання\tСтрок виконання\tПоказник\tВиконавець\n"
    text += "".join(chance.choice([*pieces, "\t", "\n", "\n1.1. "]) for _ in range(400))
    try:
        draft = reader.read(text.encode()).as_dict()
    except ReaderError:
        return
    for task in draft["tasks"]:
        assert set(task) >= {"number", "title", "deadline", "due", "executors"}


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ckanext.actionplan.reader", *arguments],
        capture_output=True,
        check=False,
    )


def test_command(tmp_path, titled, header):
    titled.table(header, ("1. Ухвалити", "щороку", "Є", "Відділ"))
    path = tmp_path / "план.docx"
    path.write_bytes(titled.data)
    done = run(str(path))
    assert done.returncode == 0, done.stderr.decode()
    assert '"title": "Ухвалити"' in done.stdout.decode("utf-8")


def test_command_says_what_is_wrong(tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(b"%PDF-1.4 ...")
    done = run(str(path))
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("The PDF is damaged")
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    done = run(str(path))
    assert done.returncode == 1
    assert "314572800 bytes" in done.stderr.decode()
    assert run(str(tmp_path / "none.docx")).returncode == 1


def test_command_reads_wordings(tmp_path):
    path = tmp_path / "wordings.json"
    path.write_text(
        '[{"wording": "щороку", "plan_start": "2025-01-01", "plan_end": null},'
        ' {"wording": "після аудиту", "plan_start": null, "plan_end": null}]',
        encoding="utf-8",
    )
    done = run("--wordings", str(path))
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode("utf-8")
    assert '"due": "R/P1Y"' in text
    assert '"reason": "deadline_event"' in text
