"""Measure and target, from the sentences of an indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...core.measure import ALL, Measure, Scale
from .amounts import counted
from .clauses import clauses, said
from .proposal import NOTHING, Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_SETS: Final = r"набор|набір|датасет|масив\w* даних"
_NEWS: Final = (
    r"новин|публікац(?!\w+ (?:набор|дан))|допис|пост(?:и|ів|а|у)?\b|прес-?реліз"
    r"|стат(?:тя|ті|ей|тю)\b|повідомлен|анонс|інформаційн\w+ матеріал"
)
_ONE_NEWS: Final = re.compile(r"\bновин[ау]\b")
_COURSES: Final = r"курс|тренінг|вебінар|семінар|навчан"
_BOARDS: Final = r"дашборд|(?:аналітичн|інформаційн|інтерактивн)\w+ панел"

_CONFORM: Final = re.compile(r"відповіда(?:є|ють|ти|тим|тимуть)\b|відповідність")
_STANDARD: Final = re.compile(r"стандарт|вимог|рекоменд|формат|машиночит|паспорт|якіс")
_BEYOND: Final = re.compile(
    r"додатков|понад|окрім|\bкрім|поза перелік|надобов'язков|необов'язков"
    r"|не (?:\w+ )?(?:передбачен|визначен|включен|входять|увійшл|міст[ия])"
    r"|(?:немає|нема|відсутні) (?:у|в) (?:\w+ ){0,2}перелік"
)
_PUBLISHED: Final = re.compile(
    r"(?:оприлюднен|опублікован|розміщен|викладен|оновлен|наявн)(?:о|і|ий|а|е)\b"
    r"|(?:оприлюдню|публіку|розміщу)\w*ться|доступн\w\b"
)
_TO_PUBLISH: Final = re.compile(
    r"^(?:\w+ ){0,2}(?:оприлюднення|публікаці\w|розміщення|відкриття|викладення)\b"
    r"|оприлюдни|оприлюднювати|опублікувати|публікувати|викласти|розмістити|повнот"
)
_OBLIGED: Final = re.compile(
    r"835|обов'язков|\b(?:з|із|зі) (?:\w+ ){0,2}переліку"
    r"|перелік\w* (?:набор|постан)|(?:визначен|передбачен|затверджен)\w+ (?:\w+ )?"
    r"(?:уряд|постанов|законодавств|положенн|кабінет|кабмін)|\bположення"
)
_PERSONS: Final = re.compile(
    r"(?:кож\w+|(?:усі|всі)х?|100\s?%)(?: [\w'-]+){0,3}? "
    r"(?:відповідальн|працівник|посадов|особ|службов)"
)
_TAUGHT: Final = re.compile(
    r"навч|курс|тренінг|сертифік|вебінар|кваліфік|семінар|підготовк"
)
_HELD: Final = re.compile(r"(?:провед|проводи|організов)\w*")
_SHOWN: Final = re.compile(r"харвест|автоматичн|без ручного|синхроніз")
_PORTAL: Final = re.compile(r"портал|data\.gov")
_REGISTER: Final = re.compile(r"\bреєстр(?!а|у[єюв])\w{0,3}\b")
_OF_SETS: Final = r"\bреєстр\w* (?:[\w'-]+ )?(?:набор|даних)"
_KEPT: Final = re.compile(
    r"актуал|повнот|повн(?:ий|ому)|відкориг|оновл|підтриму|вед(?:еться|ення|ено)|внес"
    r"|сформован|створен|наповн|містить"
)
_AUDIT: Final = re.compile(
    r"(?:провед|проводи|здійсн|склад|викон|завер)\w*(?: [\w'-]+){0,5}? (?:аудит"
    r"|інвентар)"
    r"|аудит\w*(?:\W+[\w'-]+){0,4}?\W+(?:провед|проводи|здійсн|викон|завер)"
)
_REPORTED: Final = re.compile(r"звіт\w*(?: [\w'-]+){1,4} аудит")
_RESULTS: Final = re.compile(
    r"(?:впровад|упровад|реаліз|усун|врах|викон)\w*(?: [\w'-]+){0,5}? аудит"
)
_CARD: Final = re.compile(r"картк\w+ (?:[\w'-]+ ){0,2}оцін")
_SENT: Final = re.compile(
    r"(?:под|перед|над)(?:а|ів|іс)\w*|(?:на|по|від|пере)(?:діс|дси|сила|сла|прав)\w*"
    r"|заповн"
)

_ONE: Final = "1"
_WORDS_ALONE: Final = 2
#: Topics that say by themselves which measure is meant.
_HOME: Final = {
    Measure.CONFORMITY: ("quality",),
    Measure.MANDATORY_SETS: ("publication", "portal", "harvest"),
    Measure.ADDITIONAL_SETS: ("publication", "feedback"),
    Measure.NEWS: ("news",),
    Measure.AUDIT: ("audit",),
    Measure.COURSES: ("training",),
    Measure.TRAINED: ("training",),
    Measure.HARVESTED: ("harvest", "portal"),
    Measure.REGISTER: ("register",),
    Measure.SCORE_CARD: ("score_card",),
    Measure.DASHBOARDS: ("analytics",),
}
_PRINTED, _IMPLIED, _AT_HOME = 0.8, 0.65, 0.12


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence of an indicator with what its task says."""

    plain: str
    title: str
    topic: str

    def says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.plain))

    def means(self, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence or the title says it."""
        return self.says(pattern) or bool(pattern.search(self.title))


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with its target, as proposed.

    :param measure: value of `Measure`, empty for none.
    :param target: normal form of a target, empty for none.
    """

    measure: Proposal
    target: Proposal


_NONE: Final = Measured(NOTHING, NOTHING)
#: A target as text and how sure the reading is; None: the sentence does not say it.
_Found = tuple[str, float] | None


def _conformity(s: _Said) -> _Found:
    target = counted(s.plain, _SETS) or counted(s.plain, "даних")
    if target is None or target.scale is Scale.COUNT:
        return None
    shares = target.scale is Scale.SHARE and s.means(_STANDARD)
    if s.says(_CONFORM) or (shares and not s.says(_OBLIGED)):
        return str(target), _PRINTED
    return None


def _mandatory(s: _Said) -> _Found:
    apart = s.says(_BEYOND) or s.topic in ("regulation", "register", "audit", "quality")
    about = re.search(_SETS, s.plain) and s.means(_OBLIGED)
    told = s.says(_PUBLISHED) or _TO_PUBLISH.search(s.title)
    if apart or not (about and told):
        return None
    target = counted(s.plain, _SETS)
    return (str(target), _PRINTED) if target else (ALL, _IMPLIED)


def _additional(s: _Said) -> _Found:
    target = counted(s.plain, _SETS)
    if target is None or target.scale is not Scale.COUNT or not s.means(_BEYOND):
        return None
    return str(target), _PRINTED


def _count_of(noun: str) -> Callable[[_Said], _Found]:
    def find(s: _Said) -> _Found:
        target = counted(s.plain, noun)
        if target is None or target.scale is not Scale.COUNT:
            return None
        return str(target), _PRINTED

    return find


def _news(s: _Said) -> _Found:
    found = _count_of(_NEWS)(s)
    return found or ((_ONE, _IMPLIED) if _ONE_NEWS.search(s.plain) else None)


def _courses(s: _Said) -> _Found:
    found = _count_of(_COURSES)(s)
    # One course for everybody means that everybody is trained.
    trained = found and found[0] == _ONE and s.says(_PERSONS)
    return None if trained or s.says(_HELD) else found


def _trained(s: _Said) -> _Found:
    if not s.means(_TAUGHT):
        return None
    share = counted(s.plain, r"відповідальн|працівник|посадов|службов")
    if share is not None and share.scale is Scale.SHARE:
        return str(share), _PRINTED
    return (ALL, _PRINTED) if s.says(_PERSONS) else None


def _harvested(s: _Said) -> _Found:
    if s.says(_SHOWN) and (s.means(_PORTAL) or "харвест" in s.plain):
        return "", _PRINTED
    return ("", _IMPLIED) if s.topic == "harvest" and s.means(_PORTAL) else None


def _register(s: _Said) -> _Found:
    if s.topic != "register" and not re.search(_OF_SETS, s.plain):
        return None
    if s.says(_REGISTER) and s.means(_KEPT):
        return "", _PRINTED
    return ("", _IMPLIED) if s.topic == "register" else None


def _audit(s: _Said) -> _Found:
    if _RESULTS.search(s.title) and not _AUDIT.search(s.title):
        return None
    if s.says(_AUDIT) or s.says(_REPORTED):
        return _ONE, _PRINTED
    return (_ONE, _IMPLIED) if _AUDIT.search(s.title) else None


def _card(s: _Said) -> _Found:
    if s.says(_CARD) and (s.says(_SENT) or s.topic == "score_card"):
        return "", _PRINTED
    return ("", _IMPLIED) if s.topic == "score_card" else None


_RULES: Final[dict[Measure, Callable[[_Said], _Found]]] = {
    Measure.CONFORMITY: _conformity,
    Measure.MANDATORY_SETS: _mandatory,
    Measure.ADDITIONAL_SETS: _additional,
    Measure.NEWS: _news,
    Measure.AUDIT: _audit,
    Measure.COURSES: _courses,
    Measure.TRAINED: _trained,
    Measure.HARVESTED: _harvested,
    Measure.REGISTER: _register,
    Measure.SCORE_CARD: _card,
    Measure.DASHBOARDS: _count_of(_BOARDS),
}


def propose_measure(title: str, indicator: str, topic: str) -> Measured:
    """Measure and target of a task; both empty when its words name none.

    :param topic: the topic that was proposed, empty for none.
    """
    found = [*_candidates(said(title), indicator, topic)]
    if not found:
        return _NONE
    measure, target, confidence = max(found, key=lambda each: each[2])
    sure = Proposal(target, confidence if target else 0.9)
    return Measured(Proposal(measure.value, confidence), sure)


def _candidates(
    title: str, indicator: str, topic: str
) -> Iterator[tuple[Measure, str, float]]:
    for at, sentence in enumerate(clauses(indicator) or [""]):
        heard = _Said(_completed(title, said(sentence)), title, topic)
        for measure, rule in _RULES.items():
            found = rule(heard)
            if found is not None:
                home = _AT_HOME if topic in _HOME[measure] else -_AT_HOME
                sure = found[1] + home - 0.02 * min(at, 5)
                yield measure, found[0], round(sure, 2)


def _completed(title: str, sentence: str) -> str:
    """A word or two say what became of the title: “Аудит”, “Проведено”."""
    short = len(sentence.split()) <= _WORDS_ALONE
    return f"{title}: {sentence}" if short else sentence
