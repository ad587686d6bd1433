"""Publication: how much of the mandatory list is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base import Criterion

if TYPE_CHECKING:
    from ..base import Scope


class Publication(Criterion):
    """Not measured until datasets are matched with the mandatory list."""

    id = "publication"

    def why_not(self, scope: Scope) -> str:
        """No mandatory list is kept on the portal."""
        del scope
        return "no_catalogue"

    def rows(self, scope: Scope) -> None:
        """Nothing is judged."""
        del scope
