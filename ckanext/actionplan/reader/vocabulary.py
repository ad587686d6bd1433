"""The key words of Ukrainian deadlines in all their forms."""

from __future__ import annotations

from enum import Enum
from typing import Final


def words(text: str) -> tuple[str, ...]:
    """The words of a text; long lists read better without quotation marks."""
    return tuple(text.split())


class Tag(str, Enum):
    """What a key word means for a deadline."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    HALVED = "halved"
    YEAR_WORD = "year word"
    MONTH_WORD = "month word"
    WEEK = "week"
    DAY = "day"
    REPEAT = "repeat"
    EVERY = "every"
    TIMES = "times"
    TWICE = "twice"
    COUNT = "count"
    ORDINAL = "ordinal"
    CONTINUOUS = "continuous"
    UNTIL = "until"
    UP_TO = "up to"
    FROM = "from"
    SINCE = "since"
    DURING = "during"
    IN = "in"
    AND = "and"
    OR = "or"
    THEN = "then"
    NOT = "not"
    LESS = "less"
    LATER = "later"
    EARLIER = "earlier"
    AFTER = "after"
    END = "end"
    INCLUSIVE = "inclusive"
    DATE_OF_MONTH = "day of a month"
    VAGUE = "vague"
    TERM = "term"
    VALIDITY = "validity"
    PLAN = "plan"
    WHOLE = "whole"
    THIS = "this"
    ACT = "act"
    NEED = "need"
    FILLER = "filler"
    KNOWN = "known"
    POINT = "point"
    STAGE = "stage"
    WORKING = "working"
    CALENDAR = "calendar"
    IF = "if"

    @property
    def forgiving(self) -> bool:
        """Whether one typing error in the word is understood."""
        return self in _FORGIVING


_FORGIVING: Final = frozenset(
    {
        Tag.MONTH, Tag.QUARTER, Tag.HALF, Tag.REPEAT, Tag.CONTINUOUS, Tag.DURING,
        Tag.INCLUSIVE, Tag.LATER, Tag.SINCE, Tag.AFTER, Tag.MONTH_WORD,
        Tag.ORDINAL, Tag.TERM,
    }
)  # fmt: skip

#: Lengths of recurring periods: months, or days below zero.
DAILY: Final = -1
WEEKLY: Final = -7
YEARLY: Final = 12

_MONTHS: Final = (
    "січень січня січні січнем",
    "лютий лютого лютому лютим",
    "березень березня березні березнем",
    "квітень квітня квітні квітнем",
    "травень травня травні травнем",
    "червень червня червні червнем",
    "липень липня липні липнем",
    "серпень серпня серпні серпнем",
    "вересень вересня вересні вереснем",
    "жовтень жовтня жовтні жовтнем",
    "листопад листопада листопаді листопадом",
    "грудень грудня грудні груднем",
)
_SHORT_MONTHS: Final = (
    "січ", "лют", "бер берез", "квіт", "трав", "черв", "лип", "серп", "вер верес",
    "жовт", "листоп", "груд",
)  # fmt: skip
_ORDINALS: Final = (
    "перший першого першому перше перша першої першій першу першим",
    "другий другого другому друге друга другої другій другу другим",
    "третій третього третьому третє третя третьої третю третім",
    "четвертий четвертого четвертому четверте четверта четвертої четвертій четвертим",
)
#: Stems of the numerals from five on; from eleven on they count as well.
_STEMS: Final = words(
    "п'ят шост сьом восьм дев'ят десят одинадцят дванадцят тринадцят чотирнадцят"
    " п'ятнадцят шістнадцят сімнадцят вісімнадцят дев'ятнадцят двадцят"
)
_STEM_ENDINGS: Final = words("ий ого ому е а ої ій у им")
_COUNT_ENDINGS: Final = words("ь и ьох")
_UNITS: Final = 10
_COUNTS: Final = (
    "один одного одну одна одне одному",
    "два дві двох двом",
    "три трьох трьом",
    "чотири чотирьох чотирьом",
    "п'ять п'яти п'ятьох",
    "шість шести шістьох",
    "сім семи",
    "вісім восьми",
    "дев'ять дев'яти",
    "десять десяти",
    "одинадцять одинадцяти",
    "дванадцять дванадцяти",
)
_REPEATS: Final = (
    (DAILY, "щодня щоденно щоденний щоденна щоденне"),
    (
        WEEKLY,
        "щотижня щотижнево щотижневий щотижнева щотижневе щопонеділка"
        " щовівторка щосереди щочетверга щоп'ятниці",
    ),
    (1, "щомісяця щомісячно щомісячний щомісячна щомісячне помісячно щоміс"),
    (
        3,
        "щокварталу щоквартально щоквартальний щоквартальна щоквартальне поквартально"
        " щокв щокварт",
    ),
    (6, "щопівроку щопівріччя щопіврічно щопіврічний щопіврічна щопіврічне піврічно"),
    (12, "щороку щорічно щорічний щорічна щорічне щорік"),
)
_PLAIN: Final = (
    (Tag.QUARTER, "квартал кварталу кварталі квартали кварталів кварталом кварталах кв"
     " кварт"),
    (Tag.HALF, "півріччя півріччі півріч півріччям півріччях півроку півріччю півр"),
    (Tag.HALVED, "половина половини половині половину пол"),
    (Tag.YEAR_WORD, "рік року році роки років роках роком р рр рок"),
    (Tag.MONTH_WORD, "місяць місяця місяці місяців місяцю місяцем міс"),
    (Tag.WEEK, "тиждень тижня тижні тижнів"),
    (Tag.DAY, "день дня дні днів доба добу доби діб дн"),
    (Tag.EVERY, "кожен кожний кожного кожному кожна кожної кожну кожне кожній кожні"
     " кожних"),
    (Tag.TIMES, "раз рази разів разу"),
    (Tag.CONTINUOUS, "постійно постійний постійна постійне постійній постійні"
     " безперервно безстроково перманентно"),
    (Tag.UNTIL, "до щонайпізніше щонайпізніш"),
    (Tag.UP_TO, "по"),
    (Tag.FROM, "з із зі від"),
    (Tag.SINCE, "починаючи розпочинаючи"),
    (Tag.DURING, "протягом упродовж впродовж продовж протягам"),
    (Tag.IN, "у в на за межах рамках"),
    (Tag.AND, "і й та також"),
    (Tag.OR, "або чи альбо"),
    (Tag.THEN, "далі надалі подальшому потім"),
    (Tag.NOT, "не"),
    (Tag.LESS, "рідше рідш менше менш щонайменше принаймні мінімум ніж як хоча б"
     " щонайрідше"),
    (Tag.LATER, "пізніше пізніш"),
    (Tag.EARLIER, "раніше раніш"),
    (Tag.AFTER, "після моменту через"),
    (Tag.END, "кінець кінця кінці наприкінці"),
    (Tag.INCLUSIVE, "включно"),
    (Tag.DATE_OF_MONTH, "числа число"),
    (Tag.VAGUE, "початок початку середина середини середині останній останнього"
     " останньої остання останню декада декади декаді осінь осені восени зима зими"
     " взимку весна весни навесні літо літа влітку орієнтовно приблизно близько станом"
     " крім окрім виключно напередодні перед попередньо попередній можливо ймовірно між ближче"
     " десь подовжено продовжений подовжений відтерміновано скасовано анульовано"
     " виключено перенести перенесений нового новий навч сезон сезону навчальний навчального навчальному бюджетний бюджетного"
     " завершення закінчення перенесено перенесення продовжено змінено замість"
     " наступні наступних факт фактично було стало"),
    (Tag.POINT, "п пп пункт пункту пункті пунктом пункти пунктів підпункт підпункту ст"
     " стаття статті статтею абз абзац додаток додатку розділ розділу"),
    (Tag.STAGE, "етап етапу етапі етапом черга черги черзі фаза фази крок кроку частина"
     " частини"),
    (Tag.WORKING, "робочий робочого робочих календарних банківських"),
    (Tag.CALENDAR, "календарний календарного календарному звітний звітного звітному"),
    (Tag.IF, "разі випадку якщо умови редакції редакція"),
    (Tag.TERM, "строк строку строки строків термін терміну терміни термінів період"
     " дата дедлайн періоду часу час строком терміном періодом"),
    (Tag.VALIDITY, "дії реалізації виконання чинності впровадження"),
    (Tag.PLAN, "план плану плані планом карти"),
    (Tag.WHOLE, "весь увесь всього усього цілий"),
    (Tag.THIS, "цього даного зазначеного дій"),
    (Tag.ACT, "постанови постановою постанова рішення рішенням розпорядження"
     " розпорядженням наказу наказом наказ закон закону законом указу указом доручення"
     " дорученням протоколу протоколом лист листа листом угоди угодою договору"),
    (Tag.NEED, "потреби потребою необхідності потребі"),
    (Tag.FILLER, "основі режимі"),
    # Not key words, and no typing errors of key words either.
    (Tag.KNOWN, "постійною постійного постійному постійної постійних щорічною щомісячною"
     " щоквартальною щотижневою щоденною місячний місячного квартальний квартального"
     " картка картки картку картці карта карту карті"),
)  # fmt: skip


def _forms() -> dict[str, tuple[Tag, int]]:
    out: dict[str, tuple[Tag, int]] = {}
    for value, stem in enumerate((*_STEMS, "тридцят"), start=5):
        number = 30 if stem == "тридцят" else value
        if number > _UNITS:
            out |= {stem + each: (Tag.COUNT, number) for each in _COUNT_ENDINGS}
        out |= {stem + each: (Tag.ORDINAL, number) for each in _STEM_ENDINGS}
    for tag, groups in (
        (Tag.MONTH, _MONTHS),
        (Tag.MONTH, _SHORT_MONTHS),
        (Tag.ORDINAL, _ORDINALS),
        (Tag.COUNT, _COUNTS),
    ):
        for value, group in enumerate(groups, start=1):
            out |= dict.fromkeys(group.split(), (tag, value))
    for value, group in _REPEATS:
        out |= dict.fromkeys(group.split(), (Tag.REPEAT, value))
    for tag, group in _PLAIN:
        out |= dict.fromkeys(group.split(), (tag, 0))
    out |= {"двічі": (Tag.TWICE, 2), "тричі": (Tag.TWICE, 3)}
    # The apostrophe is often left out.
    return out | {
        form.replace("'", ""): tag for form, tag in out.items() if "'" in form
    }


FORMS: Final = _forms()
