"""Dates and numbers in a deadline that are no deadlines: of acts, points and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .vocabulary import Tag
from .wording import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OF_ACT: Final = (
    Kind.DATE, Kind.NO_DATE, Kind.DAY_MONTH, Kind.MONTH_YEAR, Kind.NUMBER, Kind.YEAR,
)  # fmt: skip
_GOES_ON: Final = (Tag.MONTH, Kind.YEAR, Tag.YEAR_WORD)
_ORDINAL: Final = (Kind.NUMBER, Kind.ROMAN, Tag.ORDINAL)
_POINTED: Final = (Kind.NUMBER, Kind.ROMAN, Kind.DAY_MONTH)
_UNITS: Final = (Tag.MONTH, Tag.QUARTER, Tag.HALF, Tag.HALVED, Tag.DATE_OF_MONTH)


def without_citations(tokens: Sequence[Token]) -> tuple[list[Token], bool]:
    """Turn numbers that belong to acts, points and stages into plain words.

    :returns: the tokens, and whether an act's date or number is among them.
    """
    out = list(tokens)
    for rule in (_said_twice, _enumerators, _points, _stages):
        rule(out)
    return _acts(out)


def _plain(token: Token) -> Token:
    return Token(Kind.WORD, token.text)


def _each(
    tokens: list[Token], wanted: Callable[[Token], bool]
) -> Sequence[tuple[int, Token | None, Token | None]]:
    """The wanted tokens with their neighbors."""
    padded = [None, *tokens, None]
    return [
        (at, padded[at], padded[at + 2])
        for at, token in enumerate(tokens)
        if wanted(token)
    ]


def _said_twice(tokens: list[Token]) -> None:
    """A number with its word in brackets: 1 (один) раз, один (1) раз."""
    at = 0
    while at + 3 < len(tokens):
        number, left, word, right = tokens[at : at + 4]
        if (
            (left.text, right.text) == ("(", ")")
            and {number.kind, word.kind} <= {Kind.NUMBER, Tag.COUNT, Tag.ORDINAL}
            and number.value == word.value
        ):
            del tokens[at + 1 : at + 4]
        at += 1


def _enumerators(tokens: list[Token]) -> None:
    """The numbers of a list: 1) until May; 2) continuously."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")" and depth > 0)
        follows = tokens[at + 1 : at + 2]
        if (
            token.kind is Kind.NUMBER
            and not depth
            and follows
            and follows[0].text == ")"
        ):
            tokens[at] = Token(Tag.FILLER, token.text)


def _points(tokens: list[Token]) -> None:
    for at, _, after in _each(tokens, lambda token: token.kind is Tag.POINT):
        if after and after.kind in _POINTED:
            tokens[at + 1] = _plain(after)


def _stages(tokens: list[Token]) -> None:
    for at, before, after in _each(tokens, lambda token: token.kind is Tag.STAGE):
        if before and before.kind in _ORDINAL:
            tokens[at - 1] = _plain(before)
        elif after and after.kind in _ORDINAL:
            further = tokens[at + 2] if at + 2 < len(tokens) else None
            if further is None or further.kind not in _UNITS:
                tokens[at + 1] = _plain(after)


def _acts(tokens: list[Token]) -> tuple[list[Token], bool]:
    """The date and the number of a cited act, also with the month's name."""
    out: list[Token] = []
    cited = act = dated = False
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if token.kind in (Tag.ACT, Kind.CITED):
            act = True
        elif token.kind in (Kind.SEPARATOR, Tag.REPEAT, Tag.CONTINUOUS):
            act = False
        of_act = before is not None and before.lower == "від"
        if token.kind is Kind.CITED:
            dated = False
        elif act and of_act and token.kind in _OF_ACT:
            dated = True
        else:
            dated = dated and token.kind in _GOES_ON
        cited = cited or dated or token.kind is Kind.CITED
        out.append(_plain(token) if dated or token.kind is Kind.CITED else token)
    return out, cited
