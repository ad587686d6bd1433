"""Typed getters of the options; names and defaults: `config_declaration.yaml`."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def _get(name: str) -> Any:
    return tk.config[f"ckanext.actionplan.{name}"]


def dataset_types() -> list[str]:
    """Types of packages that count as datasets."""
    return _get("dataset_types")


def reviewers_organization() -> str:
    """Name or id of the portal-wide reviewing organization, or empty."""
    return _get("reviewers_organization")


def grace_days() -> int:
    """Days of the reporting window."""
    return _get("grace_days")


def return_days() -> int:
    """Days to answer a returned report."""
    return _get("return_days")


def obligations_count() -> int:
    """The most obligations of one plan."""
    return _get("obligations_count")


def rows_count() -> int:
    """Rows on one page of a compliance table."""
    return _get("rows_count")


def document_bytes() -> int:
    """The largest document that can be imported, in bytes."""
    return _get("document_megabytes") * 1024 * 1024


def document_unpacked_bytes() -> int:
    """The most that a document may hold when it is unpacked, in bytes."""
    return _get("document_unpacked_megabytes") * 1024 * 1024


def document_pages() -> int:
    """The most pages of a PDF."""
    return _get("document_pages")


def document_rows() -> int:
    """The most rows and paragraphs of a document."""
    return _get("document_rows")


def document_cells() -> int:
    """The most cells of a row."""
    return _get("document_cells")


def document_depth() -> int:
    """How deep elements of a document may be nested."""
    return _get("document_depth")


def document_seconds() -> int:
    """Seconds for reading a document."""
    return _get("document_seconds")


def form_bytes() -> int:
    """The largest form of a request, in bytes."""
    return _get("form_megabytes") * 1024 * 1024


def draft_days() -> int:
    """Days that an import in preparation is kept."""
    return _get("draft_days")


def upstream_url() -> str:
    """Address of the upstream without a slash at its end, or empty."""
    return _get("upstream_url").rstrip("/")


def upstream_private_allowed() -> bool:
    """Whether the upstream may stand at a private address."""
    return _get("upstream_private_allowed")


def upstream_timeout_seconds() -> int:
    """Seconds for one request to the upstream."""
    return _get("upstream_timeout_seconds")


def upstream_run_seconds() -> int:
    """Seconds for reading the whole upstream."""
    return _get("upstream_run_seconds")


def upstream_datasets_count() -> int:
    """The most datasets read from the upstream."""
    return _get("upstream_datasets_count")


def snapshot_days() -> int:
    """Age in days after which a snapshot is too old."""
    return _get("snapshot_days")


def presence_days() -> int:
    """Days that the upstream has to pick up a change."""
    return _get("presence_days")


def frequency_field() -> str:
    """Name of the field with the update frequency."""
    return _get("frequency_field")


def purpose_field() -> str:
    """Name of the field with the basis and purpose."""
    return _get("purpose_field")


def language_field() -> str:
    """Name of the field with the language."""
    return _get("language_field")
