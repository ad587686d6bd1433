"""The demo's modules stand beside one another, as a program's do."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "dev" / "demo"))
