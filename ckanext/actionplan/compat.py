"""What differs between CKAN 2.12 and 2.11; newest branch first."""

from __future__ import annotations
