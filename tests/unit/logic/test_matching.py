"""Proposals for the names of the executor column: likely ones first, never a guess."""

from __future__ import annotations

import pytest

from ckanext.actionplan.logic.matching import Organization, exact, propose

OWNER = Organization("1", "kalyna", "Калинівська міська рада")
TRANSPORT = Organization("2", "transport", "Відділ транспорту та зв'язку")
SCHOOLS = Organization("3", "schools", "Управління освіти")
ECONOMY = Organization("4", "economy", "Управління економіки")
WATER = Organization("5", "water", "КП «Калинаводоканал»")
HEAT = Organization("6", "heat", "Комунальне підприємство опалення «Теплий дім»")
ALL = (OWNER, TRANSPORT, SCHOOLS, ECONOMY, WATER, HEAT)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("відділ транспорту та зв’язку", TRANSPORT),
        ("Відділ транспорту та зв'язку Калинівської міської ради", TRANSPORT),
        ("Управління економіки міської ради", ECONOMY),
        ("Комунальне підприємство «Калинаводоканал»", WATER),
        ("КП Калинаводоканал", WATER),
        ("КП «Теплий дім»", HEAT),
    ],
)
def test_close_titles_are_ticked(name: str, meant: Organization) -> None:
    proposal = propose([name], ALL, OWNER.id)[name]
    assert (proposal.who, proposal.chosen) == ("participants", (meant.id,))
    assert proposal.similar[0] == meant


@pytest.mark.parametrize(
    "name", ["Управління культури", "Відділ економічного аналізу", "Водолікарня"]
)
def test_other_bodies_are_not_ticked(name: str) -> None:
    proposal = propose([name], ALL, OWNER.id)[name]
    assert (proposal.who, proposal.chosen) == ("", ())


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Усі розпорядники", "all"),
        ("Структурні підрозділи виконавчого комітету", "all"),
        ("Відповідальні особи управлінь та відділів", "all"),
        ("Керівники структурних підрозділів", "all"),
        ("Калинівська міська рада", "owner"),
        ("Виконавчий комітет", "owner"),
        ("Іваненко П.О.", "owner"),
        ("Громадська спілка «Дані»", ""),
        ("Відповідальна особа", ""),
    ],
)
def test_classes_and_the_owner(name: str, who: str) -> None:
    assert propose([name], ALL, OWNER.id)[name].who == who


def test_a_name_that_two_bear_is_not_ticked() -> None:
    twin = Organization("7", "care", "Комунальний заклад догляду «Теплий дім»")
    assert (
        propose(["КП «Теплий дім»"], (*ALL, twin), OWNER.id)["КП «Теплий дім»"].chosen
        == ()
    )


def test_only_equal_titles_are_exact() -> None:
    names = ["управління освіти", "Управління освіти та спорту", "water"]
    assert exact(names, ALL) == {"управління освіти": "3", "water": "5"}


def test_nobody_to_choose_from() -> None:
    assert propose(["Відділ"], (), "1")["Відділ"].similar == ()
