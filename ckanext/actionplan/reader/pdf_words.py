"""Words by which a PDF's broken words and hyphens at line ends are told."""

from __future__ import annotations

import re
from typing import Final

from .vocabulary import words

#: First parts that a true hyphen follows.
PREFIXES: Final = frozenset(
    words(
        "веб вебсайт онлайн офлайн інтернет е іт smart смарт дата геодата "
        "бізнес прес міні топ медіа будь хтозна казна по експрес демо бліц "
        "чат пілот інформаційно нормативно організаційно соціально "
        "адміністративно матеріально фінансово науково культурно житлово "
        "інженерно фізкультурно лікувально навчально військово державно "
        "суспільно громадсько архітектурно планово планувально контрольно "
        "обліково звітно екологічно програмно апаратно техніко просторово "
        "цивільно судово морально тематично план рейтинг графік прем'єр "
        "віце екс генерал"
    )
)
SUFFIXES: Final = frozenset(words("небудь таки то центр сайт портал ресурс адреса"))
SMALL_WORDS: Final = frozenset(
    words(
        "а або без в від для до де з за зі із і й їх її його на над не ні о "
        "об по під при про та то у це чи що щодо як яка які який через"
    )
)
#: Ends of long words, which are no words themselves.
ENDING_PIECE: Final = re.compile(
    r"ь\w*|[аеиіоуюя]?(?:нн|тт)\w{1,2}|(?:[аеоиіуюя]?\w?[ьиоа])?(?:ність|ності|ністю)|"
    r"[аеоуюія]*(?:льн|тивн|ційн|ськ|цьк|ичн)"
    r"(?:ий|ого|ому|им|ої|ій|ою|их|ими|ість|ості|істю|а|е|і|у)|[уюо]вати"
)
#: Words that end so are seldom the beginning of another one.
COMPLETE: Final = re.compile(r"(?:ти|тися|тись|ння|ття|ість|ого|ими|ами|ями|ів)$")
#: An adjective of which a letter is missing, and that letter.
HALF_ENDING: Final = re.compile(r"(?:н|ськ|цьк|ов)(?:ог\|о|ом\|у|и\|[йхм]|о\|ю)$")
#: A date whose year is cut.
HALF_YEAR: Final = re.compile(r"\d\.\d\d?\.(?:2\|0\d\d|20\|\d\d|20\d\|\d)(?!\d)")
#: A deadline that ends with its year, and the beginning of another one.
YEAR_END: Final = re.compile(r"(?<!\d)20\d\d(?:\s*(?:року|рік|роки|рр?\.))?;?$")
DATE_START: Final = re.compile(
    r"(?:до|з|із|щ[ою]\w+|постійно|протягом|кожн\w+)\s|[IVІ]{1,3}\s+(?:кв|пів)|[1-4]\s+кв",
    re.I,
)
#: Long words of every plan, which break in its narrow columns.
FREQUENT: Final = words(
    "щокварталу щоквартально щомісяця щомісячно щотижня щороку щорічно щопівроку "
    "постійно протягом упродовж впродовж кварталу квартал півріччя вересень вересня "
    "листопад листопада виконання виконавець виконавці завдання показник показники "
    "результат результати очікуваний очікувані відповідальний відповідальні принцип "
    "принципу напрям замовчуванням оперативність доступність інтероперабельність "
    "порівнюваність урядування інклюзивний інновації"
)
