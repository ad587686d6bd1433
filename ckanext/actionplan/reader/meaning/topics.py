"""What a task is about: stems of words, weighed by where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .clauses import clauses, dependents, said
from .proposal import NOTHING, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A portal in the locative is where something is done, in the instrumental with whom.
_PORTAL: Final = r"(?:веб-?)?(?:портал|сайт)(?!і\b|ах\b|ом\b|ами\b)"
_NAME: Final = r"(?:визнач|признач|закріп|поклад|покласт)\w*"
#: To publish, as a deed: an oblique participle only describes sets that are published.
_PUBLISH: Final = (
    r"(?:оприлюд|опублік|публік|викла|розміщ|розміст|оновл|відкритт|відкрива"
    r"|наповн|завантаж)(?!\w*(?:ених|еними|еного|еної|аних|аними|аного|аної)\b)\w*"
)
#: For each topic patterns of what it speaks of, and how telling each is.
_STEMS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "regulation": (
        (
            r"нормативн|внутрішн\w+ (?:документ|акт)|регуляторн"
            r"|правов\w+ (?:баз|засад)",
            4,
        ),
        (r"(?:розпорядч|регулятивн|локальн)\w+ (?:документ|акт)", 4),
        (r"положен(?:ня|ь|ням) (?:про|щодо)|регламент|\bправил", 4),
        (
            r"(?<!у )(?<!в )\bпоряд(?:ок|ку|ки|ків)\b|положення\b|процедур"
            r"|інструкці\w+ з",
            2,
        ),
        (
            r"(?:рішення|розпорядження|наказ)\w* (?:\w+ ){0,2}(?:ради|виконкому"
            r"|комітету)",
            1,
        ),
        (r"перелік\w* (?:наборів|даних|інформації)|політик\w+ відкритих даних", 2),
        (r"(?:затверд|ухвал|прийня)\w+", 1.5),
    ),
    "responsible_persons": (
        (rf"{_NAME}(?:,? [\w'-]+){{0,5}},? (?:відповідал|уповноваж|хто)", 6),
        (rf"(?:відповідальн|уповноважен)\w+(?: [\w'-]+){{0,5}} {_NAME}", 6),
        (r"поклад[ае]\w+ обов'яз|(?:посадов|функціональн)\w+ (?:інструкц|обов'язк)", 5),
        (r"робоч\w+ груп|дорадч\w+ орган|координатор|координаційн|штатн\w+ розпис", 3),
        (r"відповіда(?:льн\w+ (?:ос|прац|посад)\w+|є\b|ють за)|відповідальність", 1),
        (r"відповідальн\w+ (?:ос\w+ |працівник\w* )?за\b", 2),
        (r"призначен|контактн\w+ ос", 1),
    ),
    "training": (
        (r"навчан|навчен|навчальн\w+ (?!заклад)|навчити|\bкурс(?!ов)\w*", 3),
        (
            r"тренінг|семінар|вебінар|майстер-клас|інструктаж|стажуван|навичк"
            r"|\bзанят|лекці|спроможн",
            3,
        ),
        (r"підготовк\w+ кадр|перепідготов|освітн\w+ (?!заклад)|школ\w+ відкритих", 3),
        (r"компетен[цт]|кваліфікац|грамотн|обізнан|рів(?:ень|ня) знань|ознайомл", 3),
        (r"консультац(?!\w+ з громад)|методичн\w+ (?:допомог|підтримк)|роз'ясн", 1),
        (r"сертифікат|посібник|пам'ятк", 1),
    ),
    "rating": (
        (r"рейтинг|оцін(?:ка|ки|ку|юван\w+) (?:\w+ )?(?:розпорядник|підрозділ)", 5),
        (r"(?:кращ|найкращ)\w+ (?:\w+ )?(?:розпорядник|підрозділ|публік)", 5),
        (r"відзнач|нагород", 1),
    ),
    "audit": (
        (
            r"аудит|інвентаризац|обстежен\w+ інформаційн"
            r"|ревізі\w+ (?:\w+ )?(?:дан|набор|інформ)|опис\w* інформаційн",
            4,
        ),
        (r"(?:рекомендац|результат|висновк|виявлен)\w+(?:,? [\w'-]+){0,4} аудит", 4),
    ),
    "register": (
        (r"реєстр\w{0,2} (?:\w+ ){0,2}(?:набор|даних|інформаційн)", 4),
        (r"(?:вести|вед(?:ення|еться)) (?:\w+ )?(?:реєстр|перелік)", 4),
        (r"\bреєстр(?:у|ом|і|а|и)?\b", 3),
    ),
    "publication": (
        (
            rf"{_PUBLISH}(?: (?!про |щодо |за )[\w',-]+){{0,7}}? (?:набор|набір"
            rf"|датасет|дан)",
            3,
        ),
        (rf"{_PUBLISH} (?:[\w'-]+ ){{0,2}}(?:реєстр|перелік|розклад|довідник|файл)", 3),
        (r"(?:обов'язков|пріоритетн|додатков|нов)\w+ (?:набор|датасет)", 1.5),
        (rf"наповн\w+ (?:\w+ ){{0,2}}(?:{_PORTAL}|сторінк|кабінет)", 4),
        (r"актуальн\w+ (?:стан|набор|дан)|актуалізац\w+ (?:набор|дан)", 2),
        (r"(?:частот|періодичн|своєчасн)\w+ .{0,20}?оновл|оцифр|\bapi\b", 1.5),
        (r"доступ\w* до (?:\w+ )?(?:інформац|дан|набор)", 2),
        (r"набор|датасет|публікаці|відкрит\w+ дан", 0.4),
    ),
    "harvest": (
        (r"харвест|автоматичн\w+ (?:\w+ ){0,2}(?:переда|обмін|збир|імпорт|оновл)", 5),
        (r"автоматичн\w+(?: [\w'-]+){0,3} на (?:\w+ )*(?:портал|data\.)", 4),
        (r"синхроніз|інтеграці\w+|(?:взаємоді|обмін)\w+ (?:\w+ )?(?:з|із|між) ", 3),
        (
            r"переда\w+ (?:[\w'-]+ ){1,5}(?:на"
            r"|до) (?:[\w'-]+ ){0,3}(?:(?:веб-?)?портал|data\.)",
            5,
        ),
        (rf"(?:єдин|державн|національн)\w+ (?:державн\w+ )?{_PORTAL}|data\.gov", 0.5),
    ),
    "portal": (
        (
            r"(?:адміністр|функціон|модерніз|розвит|розвив|створен|створи|запус|підтрим"
            rf"|супров|впровадж|удосконал|робот)\w*(?: [\w',-]+){{0,4}}? {_PORTAL}",
            5,
        ),
        (r"(?:реєстр(?:а|у)|зареєстр)\w+.{0,120}?(?:портал|сайт)", 5),
        (
            r"(?:кабінет|сторінк)\w*(?: [\w',-]+){0,3}? (?:розпоряд|громад|рад"
            r"|на портал)",
            4,
        ),
        (
            r"рубрик\w*|розділ\w* (?:«|\")|(?:веб)?сторінк\w+ (?:[«\"]|з|про|для)"
            r"|вебресурс|платформ",
            3,
        ),
        (rf"\b{_PORTAL}|технічн\w+ (?:підтримк|супров)|програмн\w+ забезп", 1),
    ),
    "quality": (
        (r"стандарт|методичн\w+ рекоменда|форматів?\b|машиночит|метадан", 3),
        (r"відповідн(?:ість|ості|істю)|уніфік|класифікатор|ідентифікатор", 3),
        (
            r"управлінн\w+ (?:\w+ )?дан|методолог|персональн\w+ дан|словник"
            r"|інтероперабельн|сумісн|валідац|довідник",
            2,
        ),
        (r"(?:якіс|якост|якісн)\w*|паспорт\w*|структур\w+ набор|рекомендац", 1.5),
        (r"\bвимог|відповіда(?:ють|ності)", 1),
        (r"помил|неточн|недолік", 2),
    ),
    "monitoring": (
        (r"моніторинг", 4),
        (
            r"оцін(?:юван\w+|ити) (?:\w+ )?стан|звітуван"
            r"|звіт\w* про (?:виконання|стан)",
            3,
        ),
        (r"контрол\w+|відстеж|перевір\w+|нагляд", 2.5),
    ),
    "score_card": ((r"картк\w+ (?:\w+ ){0,2}оцін", 6), (r"самооцін", 3)),
    "news": (
        (r"популяриз|новин|допис|прес-?реліз|висвітл|інформаційн\w+ кампан", 3),
        (r"комунікаційн\w+|розповід|інформуван|інформувати|промоц|реклам|просвіт", 2.5),
        (r"(?:обізнан|грамотн)\w* (?:громад|мешкан|населен|молод|користув)", 5),
        (
            r"засоб\w+ масової|\bзмі\b|медіа|газет|радіо|соцмереж|соціальн\w+ мереж",
            1.5,
        ),
        (r"\bд(?:ень|ня|ні) відкритих даних", 3),
        (r"(?:публічн|масов|просвітницьк|промоційн)\w+ (?:захо|заход|поді)", 3),
        (r"оголошен|facebook|фейсбук|telegram|телеграм|viber|вайбер|буклет|відео", 2),
        (r"публікаці\w+ (?:\(|у|про|в|на) ", 1),
    ),
    "feedback": (
        (
            r"зворотн\w+ зв|опит(?:ув|ан|ат)|анкет|задоволен|голосуван"
            r"|громадськ\w+ (?:обговор|думк|слухан)",
            5,
        ),
        (
            r"(?:участ|залуч|запро[сш]|думк|потреб|пропозиц)\w+ (?:\w+ )?(?:громад"
            r"|мешкан|корист)",
            4,
        ),
        (r"(?:пита|з'ясу|дізна|вивч)\w*.{0,40}?(?:потріб|потреб|думк|попит|бракує)", 4),
        (r"консультац\w+ з громад|електронн\w+ консультац|пріоритетн\w+ набор", 3),
        (r"пропозиц|запит|зауваж|звернен|скарг|побажан|відгук", 2),
    ),
    "analytics": (
        (r"дашборд|аналіти|(?:прийнятт|підготовк|ухвален)\w+ .{0,40}?рішен", 4),
        (r"візуаліз|\bаналіз|\bпанел\w+|на основі даних|інфографік|прогноз", 2.5),
        (r"культур\w+ (?:\w+ )?дан|геоінформ|геопортал|\bгіс\b", 3),
        (r"(?:використ|застос)\w+ (?:відкрит\w+ )?дан\w+ (?:у|в|при|під час) ", 3),
    ),
    "projects": (
        (
            r"хакатон|стартап|застосун|чат-?бот|іт-прод|розробник|інкубатор"
            r"|акселератор",
            4,
        ),
        (
            r"(?:прод?укт|сервіс|проєкт|проект|рішен|додатк|дослідж)\w*.{0,40}?"
            r"на (?:основі|базі|відкрит\w+ дан)",
            5,
        ),
        (r"бізнес|підприємц|конкурс|науковц|журналіст|студент|викладач", 3),
        (
            r"(?:навчальн|освітн)\w+ заклад|заклад\w+ освіти|університет|учн(?:ів|ями)",
            3,
        ),
        (
            r"(?:співпрац|партнер|взаємоді)\w* (?:[\w'-]+ ){0,3}?"
            r"(?:навчальн|освітн|заклад|бізнес|громадськ|науков|університет)",
            5,
        ),
        (r"громадськ\w+ організац|використання", 1.5),
    ),
    "cooperation": (
        (r"міжнародн|харті|технічної (?:підтримк|допомог)|донор|іноземн|закордон", 3),
        (r"обмін\w* досвід|досвід\w* інших|побратим|асоціаці|мереж\w+ міст", 3),
        (
            r"(?:співпрац|партнер)\w*.{0,60}? (?:міст(?:ами|а|ом)|громадами|країн"
            r"|регіон)",
            4,
        ),
        (r"співпрац|партнер|меморандум", 2),
        (r"форум|конференц|ініціатив|участь? (?:у|в)|(?:бер|брати|взя)\w* участь", 2),
    ),
    "finance": (
        (
            r"фінансув|фінансов\w+ (?:забезп|підтрим|ресурс)|бюджет|кошт|видатк"
            r"|асигнув|кошторис|гроші|субвенц|\bоплат|сплат",
            5,
        ),
        (r"програм\w+ (?:[\w'-]+ ){0,2}(?:інформатиз|цифров)", 3),
    ),
}
_PATTERNS: Final = {
    topic: tuple((re.compile(stem), weight) for stem, weight in stems)
    for topic, stems in _STEMS.items()
}
_IN_TITLE: Final = 2.0
#: The first sentence says what the task is; the others say more about it.
_FURTHER: Final = 0.5
_DEPENDING: Final = 0.35
#: What a title begins with is what it is about; verbs that only say “do” aside.
_FIRST: Final = 1.5
_LIGHT: Final = re.compile(
    r"(?:(?:забезпеч|здійсн|запровад|впровад|упровад|провед|провод|провест|сприя|організ"
    r"|налагод|створ|систематичн|стал|належн|постійн|подальш)\w*,? (?:та |і |й )?)*"
)
_NEAR: Final = 12  # letters
#: Several words of one topic say little more than the strongest of them.
_MORE: Final = 0.25
_LEAST: Final = 0.7
_STRONG: Final = 4.0
_SUREST: Final = 0.9


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and how much it says of its task.

    :param plain: as `said` gives it.
    :param weight: how much its words count.
    :param first: whether it begins the title.
    """

    plain: str
    weight: float = 1.0
    first: bool = False


def scores(sentences: Sequence[Sentence]) -> dict[str, float]:
    """How much some sentences speak of each topic that they mention."""
    out: dict[str, float] = {}
    for sentence in sentences:
        depending = dependents(sentence.plain)
        head = _head(sentence)
        for topic, patterns in _PATTERNS.items():
            found = sorted(
                worth * _place(pattern, sentence.plain, depending, head)
                for pattern, worth in patterns
            )
            strength = found[-1] + _MORE * sum(found[:-1])
            if strength:
                out[topic] = out.get(topic, 0.0) + sentence.weight * strength
    return out


def _head(sentence: Sentence) -> int:
    """Up to where a title says what it is about, zero: nowhere."""
    light = _LIGHT.match(sentence.plain) if sentence.first else None
    return light.end() + _NEAR if light else 0


def _place(
    pattern: re.Pattern[str],
    plain: str,
    depending: Sequence[tuple[int, int]],
    head: int,
) -> float:
    """One where a sentence says it itself, more at its head, less in what depends."""
    starts = [match.start() for match in pattern.finditer(plain)]
    if not starts:
        return 0.0
    if all(any(a <= start < b for a, b in depending) for start in starts):
        return _DEPENDING
    return _FIRST if starts[0] < head else 1.0


def _weighed(title: str, indicator: str) -> Iterator[Sentence]:
    """The sentences of a task with their weights."""
    for at, sentence in enumerate(clauses(title)):
        weight = _IN_TITLE * (_FURTHER if at else 1.0)
        yield Sentence(said(sentence), weight, not at)
    for at, sentence in enumerate(clauses(indicator)):
        yield Sentence(said(sentence), _FURTHER if at else 1.0)


def propose_topic(title: str, indicator: str) -> Proposal:
    """The topic of a task, empty when no stem is found."""
    found = scores([*_weighed(title, indicator)])
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _LEAST:
        return NOTHING
    first, second = ranked[0][1], ranked[1][1] if ranked[1:] else 0.0
    alone = 0.5 + 0.5 * (first - second) / first
    strong = 0.4 + 0.6 * min(first / _STRONG, 1)
    return Proposal(ranked[0][0], round(min(_SUREST, alone * strong), 2))
