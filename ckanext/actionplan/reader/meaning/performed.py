"""Jointly or by each: who stands in the executor cell, and what is promised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.measure import Measure, Scale
from ...core.plan import Performed
from .amounts import counted
from .clauses import said
from .proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Names of many: “all …”, or a plural in the nominative.
_MANY: Final = re.compile(
    r"(?:(?:усі|всі|кож(?:ен|на|не)|інші|решта)\b|(?:[\w'-]+і )*(?:[\w'/-]+і )?"
    r"(?:підрозділи|органи|підприємства|установи|організації|заклади|розпорядники"
    r"|відділи|департаменти|адміністрації|управителі|виконавці|особи|керівники"
    r"|начальники|директори|старости|старостинські округи|служби|члени|завідувачі"
    r"|власники|держателі|балансоутримувачі|працівники|спеціалісти|ради)\b)"
)
#: What a council promises as a whole, however many work on it.
_SHARED: Final = frozenset(
    (
        Measure.CONFORMITY.value,
        Measure.ADDITIONAL_SETS.value,
        Measure.NEWS.value,
        Measure.DASHBOARDS.value,
        Measure.HARVESTED.value,
        Measure.SCORE_CARD.value,
    )
)
_TOGETHER: Final = frozenset(
    [
        "rating",
        "harvest",
        "portal",
        "monitoring",
        "score_card",
        "news",
        "projects",
        "cooperation",
        "finance",
    ]
)
_THINGS: Final = r"(?:набор|набір|датасет|дашборд|новин|публікац)"
_EACH: Final = re.compile(
    r"\bкож(?:ен|на|не|ним|ною|ному|ній|ного)\b(?! (?:рок|рік|кварт|місяц|тиж|пів))"
    r"|\bсвої(?:х|ми|й)?\b|\bвласн\w+"
)
_JOINT: Final = 0.9


def propose_performed(
    executors: Sequence[str], indicator: str, topic: str = "", measure: str = ""
) -> Proposal:
    """Whether executors perform a task jointly or each of them by itself.

    :param executors: names as printed.
    :param topic: the topic that was proposed.
    :param measure: the measure that was proposed.
    """
    many = [bool(_MANY.match(said(name))) for name in executors]
    if not any(many):
        return Proposal(Performed.JOINTLY.value, _JOINT if len(many) <= 1 else 0.75)
    each = bool(_EACH.search(said(indicator)))
    if not many[0]:
        # A named unit stands first: it leads.
        return Proposal(Performed.JOINTLY.value, 0.5 if each else 0.7)
    count = counted(said(indicator), _THINGS)
    shared = measure in _SHARED or (count and count.scale is Scale.COUNT)
    if shared and not each:
        return Proposal(Performed.JOINTLY.value, 0.7)
    if topic in _TOGETHER and not each:
        return Proposal(Performed.JOINTLY.value, 0.55)
    return Proposal(Performed.EACH.value, 0.8 if all(many) else 0.6)
