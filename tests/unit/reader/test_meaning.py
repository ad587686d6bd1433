"""Proposals by word stems: topic, performed, kind of a continuous task."""

from __future__ import annotations

import pytest

from ckanext.actionplan.core.plan import Continuity, Performed
from ckanext.actionplan.reader.meaning import (
    meaning_of,
    own_period,
    propose_performed,
    propose_topic,
)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Ухвалити положення про набори даних", "regulation"),
        ("Визначення відповідальних осіб у відділах", "responsible_persons"),
        ("Навчання працівників", "training"),
        ("Скласти рейтинг розпорядників", "rating"),
        ("Провести інформаційний аудит", "audit"),
        ("Вести реєстр наборів", "register"),
        ("Оприлюднення нових наборів", "publication"),
        ("Налагодити харвестинг", "harvest"),
        ("Адміністрування порталу", "portal"),
        ("Дотримання стандартів", "quality"),
        ("Щоквартальний моніторинг", "monitoring"),
        ("Подати картку оцінки", "score_card"),
        ("Публікація новин", "news"),
        ("Опитування мешканців", "feedback"),
        ("Створити аналітичний дашборд", "analytics"),
        ("Провести хакатон для бізнесу", "projects"),
        ("Приєднатися до міжнародної хартії", "cooperation"),
        ("Передбачити кошти на сервер", "finance"),
        ("Прикрасити ялинку", ""),
    ],
)
def test_topic(title, topic):
    assert propose_topic(title, "").value == topic


@pytest.mark.parametrize(
    ("names", "indicator", "performed"),
    [
        (["Відділ кадрів"], "", Performed.JOINTLY),
        (["Відділ кадрів", "Сектор архіву"], "", Performed.JOINTLY),
        (["Усі розпорядники"], "", Performed.EACH),
        (["Комунальні підприємства", "Виконавчі органи"], "", Performed.EACH),
        (["Виконавчі органи"], "Щонайменше три набори", Performed.JOINTLY),
        (["Відділ кадрів", "комунальні підприємства"], "", Performed.JOINTLY),
        ([], "", Performed.JOINTLY),
    ],
)
def test_performed(names, indicator, performed):
    assert propose_performed(names, indicator).value == performed.value


@pytest.mark.parametrize(
    ("due", "title", "indicator", "kind"),
    [
        ("../2025-06-01", "Ухвалити порядок", "Затверджено порядок", ""),
        ("R/P1Y", "Аудит", "", ""),
        ("../..", "Ухвалити порядок", "Затверджено порядок", Continuity.STANDING.value),
        ("../..", "Вести реєстр наборів", "", Continuity.MEASURED.value),
        ("2025-01-01/..", "Зустрічі з бізнесом", "Зустрічі", Continuity.ACTIVITY.value),
    ],
)
def test_continuity(due, title, indicator, kind):
    assert meaning_of(title, indicator, due, []).values["continuity"] == kind


def test_a_period_of_the_indicators_own_is_found():
    text = "Не рідше ніж один раз на рік складено звіт"
    assert own_period(text, "../..") == "Не рідше ніж один раз на рік"
    assert own_period(text, "R/P1Y") == ""
    assert own_period("Складено звіт за рік", "../..") == ""
