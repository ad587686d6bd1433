"""English sentences of all codes; the only place where the reader words anything.

Layers above translate them: `gettext(MESSAGES[code]).format(**params)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def N_(text: str) -> str:  # noqa: N802 - the name that Babel extracts
    """Mark a text for translation and leave it as it is."""
    return text


MESSAGES: Final[dict[str, str]] = {
    # the document as a whole
    "empty_file": N_("The file is empty."),
    "too_large": N_("The file has {size} bytes, at most {limit} are allowed."),
    "too_many_entries": N_(
        "The archive has {count} entries, at most {limit} are allowed."
    ),
    "unpacked_too_large": N_(
        "Unpacked, the file would have more than {limit} MB; it was not opened."
    ),
    "ratio_too_high": N_(
        "The file unpacks to more than {limit} times its size; it was not opened."
    ),
    "too_deep": N_("The document is nested more than {limit} levels deep."),
    "too_many_elements": N_("The document has more than {limit} elements."),
    "too_many_rows": N_("The document has more than {limit} rows and paragraphs."),
    "too_many_cells": N_("A table row has more than {limit} cells."),
    "too_many_sheets": N_("The workbook has more than {limit} sheets."),
    "cell_too_long": N_("A cell holds more than {limit} characters."),
    "too_much_text": N_("The sheet “{name}” holds more than {limit} characters."),
    "too_slow": N_("Reading took more than {limit} seconds and was stopped."),
    "damaged_archive": N_(
        "The file is damaged and cannot be unpacked. Open it in an office program and"
        " save it again as DOCX."
    ),
    "damaged_xml": N_(
        "The file is damaged: its part {part} cannot be read. Open it in an office"
        " program and save it again as DOCX."
    ),
    "doctype": N_("The part {part} declares a document type, which is not allowed."),
    "encrypted": N_(
        "The file is protected by a password. Save a copy without the password."
    ),
    "damaged_pdf": N_(
        "The PDF is damaged and cannot be opened. Open the plan in the program that it"
        " was written in and save it as DOCX."
    ),
    "pdf_too_hard": N_(
        "The PDF needs too much memory or time and was not opened. Save the plan as"
        " DOCX."
    ),
    "pdf_unavailable": N_(
        "PDF files cannot be opened on this server. Save the plan as DOCX."
    ),
    "pdf_scan": N_(
        "This PDF is a scan: pictures of pages without text. Use the file that was"
        " printed, best as DOCX, or have the pages recognized and choose the result."
    ),
    "pdf_no_text": N_("This PDF holds no text. Save the plan as DOCX."),
    "pdf_letters": N_(
        "The fonts of this PDF do not tell which letters they show. Save the plan as"
        " DOCX."
    ),
    "too_many_pages": N_("The document has more than {limit} pages."),
    "unreadable_text": N_(
        "The file is neither a document nor readable text. Save the plan as DOCX."
    ),
    "kind_doc": N_(
        "This is an old binary Office file (DOC or XLS). Save it as DOCX and try again."
    ),
    "kind_rtf": N_("This is an RTF file. Save it as DOCX and try again."),
    "kind_image": N_(
        "This is a picture ({kind}). A plan is read from text: save it as DOCX."
    ),
    "kind_sheet": N_(
        "This is a spreadsheet in a form that cannot be read ({kind}). Save it as XLSX"
        " and try again."
    ),
    "damaged_page": N_(
        "The web page is damaged and cannot be read. Open it in a browser and copy its"
        " table into a DOCX or text file."
    ),
    "kind_archive": N_(
        "This is an archive, not a document. Unpack it and choose the plan itself."
    ),
    "no_plan": N_(
        "No action plan was found: a table was looked for with the columns task"
        " (Завдання) and deadline (Строк виконання), best also indicator and executor,"
        " in {rows} rows and paragraphs."
    ),
    "no_tasks": N_(
        "A table of tasks was found, but no row under its heading holds a task."
    ),
    # an exported plan
    "json_damaged": N_(
        "The JSON is damaged at line {line}, column {column}. Export the plan again."
    ),
    "json_damaged_value": N_("The JSON holds {name}, which is no value of JSON."),
    "json_foreign": N_(
        "This JSON is no exported plan: its field “format” is not “{name}”."
    ),
    "json_version": N_(
        "In the JSON, the field “version” should be a whole number: {version}"
    ),
    "json_newer": N_(
        "The plan was exported by a newer version (form {version}). Update this portal"
        " or export the plan as DOCX."
    ),
    "json_name_twice": N_("In the JSON, an object has the field “{name}” twice."),
    "json_object": N_("In the JSON, {place} should be an object."),
    "json_list": N_("In the JSON, {place} should be a list."),
    "json_text": N_("In the JSON, {place} should be a text in quotes."),
    "json_letters": N_(
        "In the JSON, {place} holds signs that are no letters of any script."
    ),
    "json_long": N_("In the JSON, {place} has more than {limit} characters."),
    "json_unknown": N_("In the JSON, {place} is no field of a plan."),
    "json_nameless": N_("In the JSON, {place} names nobody: no id, name or title."),
    "json_id": N_("In the JSON, {place} is no id."),
    "json_id_twice": N_("In the JSON, {place} is also the id of {other}."),
    "json_executor_twice": N_(
        "In the JSON, {place} stands in the list before: “{name}”."
    ),
    "json_choice": N_("In the JSON, {place} cannot be “{text}”."),
    "json_day": N_(
        "In the JSON, {place} is “{text}”; a date is written as 2026-06-01."
    ),
    "json_due": N_(
        "In the JSON, {place} is “{text}”; a due is written as ../2026-06-01."
    ),
    "json_no_tasks": N_("In the JSON, {place} is empty: a plan has tasks."),
    "own_lost": N_(
        "The plan was exported from a portal, but the rows of keys above its tables are"
        " missing or damaged. Export it again, or choose another format."
    ),
    # doubts about the plan
    "own_damaged": N_(
        "The plan was exported from a portal, but what it carries beside the text is"
        " damaged: it was read like any other document."
    ),
    "own_unknown": N_(
        "These organizations are not on this portal and were left out: {name}"
    ),
    "own_replaces": N_(
        "The plan that this one replaces is not on this portal: “{name}”"
    ),
    "own_value": N_("“{text}” cannot be taken for the field “{name}”."),
    "wrong_ending": N_("The name ends in {ending}, but the file is {kind}."),
    "page_picture": N_("Page {page} is a picture without text and was not read."),
    "page_damaged": N_("Page {page} is damaged and was not read."),
    "sheets_unread": N_("These sheets were not read: {names}"),
    "other_plan": N_(
        "The sheet “{name}” holds another plan, “{title}”; import it by itself."
    ),
    "numbers_restored": N_(
        "The sheet shows numbers of tasks without the zero at their end; they were"
        " read as {numbers}."
    ),
    "quotes_open": N_(
        "A quotation mark in the file is not closed, so each line was read as a row."
    ),
    "hidden_unread": N_("Hidden rows or columns of the sheet “{name}” were not read."),
    "columns_guessed": N_(
        "The table has no heading that names its columns; they were guessed from what"
        " the cells hold."
    ),
    "title_missing": N_("No title of the plan was found."),
    "title_from_order": N_(
        "The title was taken from the order that approves the plan."
    ),
    "period_missing": N_("The title names no years of validity."),
    "period_open": N_("The title names the last year of validity only."),
    "approval_missing": N_("No number and date of the approving act were found."),
    "approval_partial": N_(
        "Only a part of the approving act's number and date is printed."
    ),
    "approval_conflict": N_(
        "The document shows another number or date as well: {other}."
    ),
    "text_unread": N_("This text between the rows was left out: {text}"),
    "column_unread": N_("The column “{name}” was not read."),
    # doubts about a task
    "deadline_missing": N_("The deadline is empty."),
    "deadline_unknown": N_("The deadline is not understood."),
    "deadline_event": N_("The deadline depends on an event without a date."),
    "deadline_relative": N_("The deadline counts from a day that is not named."),
    "deadline_incomplete": N_(
        "The deadline is not complete: a year or a day is missing."
    ),
    "deadline_no_such_date": N_("The deadline names a date that does not exist."),
    "deadline_ambiguous": N_("The deadline can be understood in more than one way."),
    "deadline_reversed": N_("The deadline ends before it begins."),
    "deadline_cited_act": N_("The only date belongs to an act that is cited."),
    "deadline_bounded": N_(
        "The deadline repeats or goes on, but only within a part of the plan's term."
    ),
    "deadline_uneven": N_("A period cannot be divided into that many equal parts."),
    "deadline_no_term": N_("The deadline is the term of the plan, which is not known."),
    "deadline_qualified": N_("A part of the deadline was not used: {text}"),
    "number_missing": N_("The task has no number."),
    "number_corrected": N_("The number was read as {number}, printed is {printed}."),
    "number_repeated": N_("The number occurs more than once in its section."),
    "executor_missing": N_("The task has no executor."),
    "executor_uncertain": N_(
        "Where one executor ends and the next begins is not certain."
    ),
    "rows_joined": N_("The row was joined with the row above."),
    "deadline_row": N_("This is a further deadline of the task above."),
    "deadlines_joined": N_("Several deadlines of one task were joined."),
    "value_carried": N_("The value was carried down from a merged cell."),
    "section_uncertain": N_("It is not certain that this row is a section heading."),
    "continuation_uncertain": N_(
        "It is not certain that this row continues the one above."
    ),
    "second_duty": N_(
        "The indicator names a period of its own ({text}) that the deadline does not."
    ),
}


def sentence(code: str, params: Mapping[str, str | int] | None = None) -> str:
    """The English sentence of a code.

    :param code: key of `MESSAGES`.
    :param params: values for its placeholders.
    """
    return MESSAGES[code].format(**(params or {}))
