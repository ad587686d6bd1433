"""Many rows in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def array(values: Sequence[Any], kind: Any = sa.UnicodeText) -> Any:
    """Values as one array of PostgreSQL.

    :param kind: type of an element.
    """
    return sa.cast(list(values), pg.ARRAY(kind))


def unnested(name: str, **columns: tuple[Sequence[Any], Any]) -> Any:
    """Columns of equal length as rows to select from.

    :param name: what the rows are called in the statement.
    :param columns: by name: the values and their type.
    """
    arrays = (array(values, kind) for values, kind in columns.values())
    named = (sa.column(each, kind) for each, (_values, kind) in columns.items())
    return sa.func.unnest(*arrays).table_valued(*named).render_derived(name=name)


def recordset(name: str, rows: list[dict[str, Any]], types: Mapping[str, Any]) -> Any:
    """Rows to select from.

    :param name: what they are called in the statement.
    :param rows: values as JSON has them.
    :param types: by column.
    """
    columns = (sa.column(each, kind) for each, kind in types.items())
    return (
        sa.func.jsonb_to_recordset(sa.literal(rows, pg.JSONB))
        .table_valued(*columns)
        .render_derived(name=name, with_types=True)
    )


def among(column: Any, values: Sequence[str], *, absent: bool = False) -> Any:
    """The condition that a column has one of many values, or none of them."""
    found = sa.select(sa.func.unnest(array(values)).column_valued("each"))
    # A hashed subplan: the time does not grow with the product of both sides.
    return column.not_in(found) if absent else column.in_(found)


def upsert(table: Any, given: Any, computed: Mapping[str, Any] | None = None) -> None:
    """Insert rows or, where one differs, replace its values: one statement.

    :param given: a subquery with the columns to write.
    :param computed: by column: a function that makes its new value of a stored row
        of the values given.
    """
    names = [column.name for column in given.c]
    keys = [column.name for column in table.primary_key]
    rest = [name for name in names if name not in keys]
    statement = pg.insert(table).from_select(names, sa.select(*given.c))
    values: dict[str, Any] = {name: statement.excluded[name] for name in rest}
    # Each row is looked up by its key, whatever the planner knows of a young table.
    differs = sa.or_(
        *(table.c[name].is_distinct_from(value) for name, value in values.items())
    )
    values |= {
        name: value(statement.excluded) for name, value in (computed or {}).items()
    }
    model.Session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=values, where=differs)
    )
