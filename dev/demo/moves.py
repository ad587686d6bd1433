"""The dates of the demo move with today; this says how.

Deadlines hang on an *anchor*: the Monday of the week, or the first day of the quarter
when that is later. So there is always a task that ended a few days ago (reporting), one
that ended weeks ago (overdue), one of this quarter (due) and one of a later quarter
(upcoming), and the wordings change on Mondays and first days of quarters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROMAN: Final = ("I", "II", "III", "IV")


def first_of_quarter(day: date, offset: int = 0) -> date:
    """First day of the quarter that holds a day, or of one some quarters away."""
    quarters = day.year * 4 + (day.month - 1) // 3 + offset
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)


@dataclass(frozen=True, slots=True)
class Moves:
    """The dates of the demo on a day.

    :param today: the day.
    """

    today: date

    @property
    def anchor(self) -> date:
        """The day that deadlines are counted from; never later than today."""
        monday = self.today - timedelta(days=self.today.weekday())
        return max(monday, first_of_quarter(self.today))

    def year(self, offset: int) -> int:
        """A year, counted from the current one."""
        return self.today.year + offset

    def day(self, years: int, month: int, day: int) -> date:
        """A fixed day of a year counted from the current one."""
        return date(self.year(years), month, day)

    def wording(self, deadline: Mapping[str, Any]) -> str:
        """A deadline as an official would print it.

        :param deadline: one of the forms that `data/plan-dzherelna.yaml` lists.
        :raises ValueError: when it is none of them.
        """
        ((form, value),) = deadline.items()
        if form == "text":
            return str(value)
        if form == "by":
            return f"до {self._printed(self.anchor + timedelta(days=value))}"
        if form == "date":
            return f"до {self._printed(self.day(*value))}"
        if form == "from":
            return f"з {self._printed(self.day(*value))} і постійно"
        if form == "quarter":
            first = first_of_quarter(self.today, value)
            return f"{_ROMAN[(first.month - 1) // 3]} квартал {first.year} року"
        if form == "year":
            return f"{self.year(value)} рік"
        raise ValueError(form)

    @staticmethod
    def _printed(day: date) -> str:
        return day.strftime("%d.%m.%Y")
