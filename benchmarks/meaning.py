"""How well topic, performed, continuity, measure, target and changes are proposed.

    python benchmarks/meaning.py FOLDER [--tasks]

FOLDER holds the documents of plans, one for each name in `meaning_truth.yaml` (000.docx);
the truth names tasks by plan and number only. Needs no portal. Printed are, for each
dimension, the tasks for which something is proposed or true, how many are right, and what
was proposed for what; the same for the tasks of invented plans in `tests/unit/reader`.
`--tasks` names the tasks that were taken wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from ckanext.actionplan import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
OWN: Final = HERE.parent / "tests" / "unit" / "reader"
sys.path.insert(0, str(OWN))

from meaning_score import compare, proposed, table, tasks_of  # noqa: E402

Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


def of_plans(folder: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, proposed and true values of each task in the truth."""
    truth = yaml.safe_load((HERE / "meaning_truth.yaml").read_text(encoding="utf-8"))
    for plan, tasks in truth.items():
        path = folder / f"{plan}.docx"
        draft = reader.read(path.read_bytes(), path.name).as_dict()
        seen: Counter[str] = Counter()
        for task, row in zip(draft["tasks"], draft["review"]["tasks"], strict=True):
            name = task["number"] + "'" * seen[task["number"]]
            seen[task["number"]] += 1
            change = next((each["kind"] for each in row["proposals"]), "")
            yield f"{plan} {name}", {**task, "change": change}, tasks.pop(name)
        if tasks:
            raise SystemExit(f"not found in {path.name}: {', '.join(tasks)}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", action="store_true", help="name what was wrong")
    options = parser.parse_args()
    sets = {"plans": [*of_plans(options.folder)]}
    for path in sorted(OWN.glob("meaning_cases*.yaml")):
        sets[path.stem] = [(t["title"], proposed(t), t) for t in tasks_of(path)]
    for title, listed in sets.items():
        print(f"\n{title}: {len(listed)} tasks")
        print(table(compare((found, true) for _, found, true in listed)))
        for name, found, true in listed if options.tasks else ():
            for dimension, score in compare([(found, true)]).items():
                for got, right in score.wrong:
                    print(f"  {dimension}: {got} for {right}: {name}")


if __name__ == "__main__":
    main()
