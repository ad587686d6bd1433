"""Validators of plan fields; each message names the task."""

from __future__ import annotations
