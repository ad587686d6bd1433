"""What a task means: modest proposals by word stems; a person confirms each.

Topic, performed, continuity, measure and target are proposed as values of the task, with
a confidence each in `TaskDraft.confidence`. Changes of the row as a whole stand in
`TaskDraft.proposals`, in JSON under `review["proposals"]`:

    {"kind": "period", "text": "не рідше одного разу на рік", "confidence": 0.8,
     "parts": [{"due": "R/P1Y; ../.."}]}
    {"kind": "split", "text": "…words of the second deed…", "confidence": 0.7,
     "parts": [{"indicator": "…", "topic": "monitoring"},
               {"indicator": "…", "topic": "score_card", "due": ""}]}

Who confirms one gets a row for each part, `{**task, **part}`: the first part stays the
task that it was (its key and id), the others are new and follow it with the same number.
Who declines it keeps the row. Several proposals of a row exclude each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.due import Repeat, parse
from ..core.plan import Continuity, Performed
from .deadline import Term, read_deadline

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Topics of the design with stems and their weight; the heaviest sum wins.
_TOPICS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "regulation": (
        (r"нормативно-правов|внутрішн\w+ нормативн|положення про набори", 3),
        (r"порядок оприлюднення|регламент", 2),
        (r"розпорядч\w+ документ|перелік наборів", 1),
    ),
    "responsible_persons": (
        (r"визначення відповідальн|призначення відповідальн|визнач\w+ відповідальн", 4),
        (r"посадов\w+ інструкц", 2),
        (r"робоч\w+ груп", 2),
    ),
    "training": (
        (
            r"навчан|підвищення рівня знань|підвищення кваліфік|компетенц|курс|тренінг",
            3,
        ),
        (r"семінар|вебінар|консультац", 1),
    ),
    "rating": ((r"рейтинг|кращ\w+ розпорядник|визначення кращих", 4),),
    "audit": ((r"аудит", 3),),
    "register": ((r"реєстр\w* набор|реєстр\w* даних|підтримка реєстр", 4),),
    "harvest": (
        (r"харвестинг|автоматичн\w+ (?:передач|обмін)|взаємоді\w+ з єдиним", 4),
    ),
    "portal": (
        (r"адміністрування|функціонування\s+\w*\s*портал|реєстрація .{0,80}портал", 3),
        (r"сторінк\w+ розпорядника|модернізац\w+ портал|розвиток портал", 2),
    ),
    "score_card": ((r"картк\w+ оцінки", 3),),
    "monitoring": ((r"моніторинг|контроль якост", 3),),
    "quality": (
        (r"стандарт|методичн\w+ рекомендац|якіст|якост|паспорт\w* набор", 2),
        (r"рекомендац\w+ міністерства", 1),
    ),
    "news": ((r"популяризац\w+ відкритих|публікац\w+ новин|новин|комунікаційн", 3),),
    "feedback": (
        (
            r"зворотн\w+ зв|опитуван|анкетуван|пріоритетн\w+ набор|громадськ\w+ обговор",
            3,
        ),
    ),
    "publication": (
        (r"оприлюднення .{0,40}набор|публікац\w+ набор|оновлення набор", 2),
        (r"відкрит\w+ дан", 0.2),
    ),
    "analytics": (
        (r"дашборд|аналітичн|аналіз\w* та візуаліз|управлінськ\w+ рішен", 3),
        (r"прийнятт\w+ .{0,20}рішень|візуалізац", 1),
    ),
    "projects": (
        (r"проєкт\w* на основі|іт-прод|хакатон|стартап|конкурс|бізнес", 3),
        (r"навчальн\w+ заклад|журналіст|науковц", 1),
    ),
    "cooperation": (
        (r"міжнародн|хартії|співпрац\w+ з містами|обмін\w* досвід|партнерств", 3),
        (r"форум|конференц", 1),
    ),
    "finance": ((r"фінансуван|бюджет|кошт|програм\w+ (?:інформатизац|цифров)", 3),),
}
_TITLE_WEIGHT: Final = 2.0
_STANDING: Final = re.compile(
    r"затвердж|ухвал|визнач\w+ відповідальн|призначен|положення|порядок|інструкц"
    r"|нормативно-правов|розробл",
    re.I,
)
_MEASURED: Final = re.compile(
    r"реєстр\w* набор|оприлюдн\w+ .{0,60}набор|набор\w* .{0,40}(?:оприлюдн|оновл)"
    r"|портал\w* .{0,60}функціон|\d+\s?%|харвестинг|додатков\w+ набор",
    re.I,
)
_EVERYONE: Final = re.compile(
    r"(?:усі|всі|кож\w+|виконавчі органи|структурні підрозділи|комунальні|розпорядники"
    r"|районні у|відповідальні особи|начальники|керівники|підпорядковані|відділи та)\b"
)
_SHARED_COUNT: Final = re.compile(r"(?:щонайменше|не менше|мінімум)\s+\w+", re.I)
_OWN_PERIOD: Final = re.compile(
    r"(?:(?:щонайменше|не (?:рідше|менше)(?: ніж)?)\s+)?(?:\w+\s+раз\w*\s+(?:на|у|в)\s+"
    r"\w+|(?:двічі|тричі)\s+(?:на|у|в)\s+\w+|що(?:дня|тижня|тижнево|місяця|місячно"
    r"|кварталу|квартально|півроку|півріччя|року|річно))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed value with a confidence from 0 to 1."""

    value: str
    confidence: float


def propose_topic(title: str, indicator: str) -> Proposal:
    """The topic of a task, empty when no stem is found."""
    scores: dict[str, float] = {}
    for topic, stems in _TOPICS.items():
        for stem, weight in stems:
            form = re.compile(stem, re.I)
            found = _TITLE_WEIGHT * bool(form.search(title)) + bool(
                form.search(indicator)
            )
            scores[topic] = scores.get(topic, 0.0) + weight * found
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if ranked[0][1] < 1:
        return Proposal("", 0.0)
    lead = (ranked[0][1] - ranked[1][1]) / ranked[0][1]
    return Proposal(ranked[0][0], round(0.5 + 0.4 * lead, 2))


def propose_performed(executors: Sequence[str], indicator: str) -> Proposal:
    """Jointly or by each: classes of bodies act each, a named unit leads."""
    classes = [bool(_EVERYONE.match(name.casefold())) for name in executors]
    if not classes or not any(classes):
        return Proposal(Performed.JOINTLY.value, 0.9 if len(classes) <= 1 else 0.7)
    if all(classes) and not _SHARED_COUNT.search(indicator):
        return Proposal(Performed.EACH.value, 0.7)
    return Proposal(Performed.JOINTLY.value, 0.6)


def propose_continuity(due: str, title: str, indicator: str) -> Proposal:
    """The kind of a continuous task; empty for tasks that are not continuous."""
    parts = parse(due)
    continuous = any(not isinstance(part, Repeat) and part.continuous for part in parts)
    if not continuous:
        return Proposal("", 0.99)
    if _MEASURED.search(title) or _MEASURED.search(indicator):
        return Proposal(Continuity.MEASURED.value, 0.6)
    if _STANDING.search(title) and _STANDING.search(indicator):
        return Proposal(Continuity.STANDING.value, 0.6)
    return Proposal(Continuity.ACTIVITY.value, 0.6)


def own_period(indicator: str, due: str) -> str:
    """A recurring period that the indicator names and the deadline does not.

    :returns: the words of the indicator, empty when there are none.
    """
    known = {str(part) for part in parse(due)}
    for match in _OWN_PERIOD.finditer(indicator):
        reading = read_deadline(match[0], Term())
        if reading.due and not set(reading.due.split("; ")) & known:
            return match[0]
    return ""
