"""Checks of the code: format, rules, types, layers, translations."""

from __future__ import annotations

import filecmp
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import paths
import shell
from report import StepError, say, step

if TYPE_CHECKING:
    from collections.abc import Sequence

CODE: Final = ("setup.py", "ckanext", "dev", "tests", "benchmarks")
I18N: Final = paths.ROOT / "ckanext" / "actionplan" / "i18n"
DOMAIN: Final = "ckanext-actionplan"
TEMPLATE: Final = I18N / f"{DOMAIN}.pot"
UKRAINIAN: Final = I18N / "uk" / "LC_MESSAGES" / f"{DOMAIN}.po"
# Lines that tell when and by which program: they change by themselves.
STAMPS: Final = ("POT-Creation-Date", "Generated-By", "Copyright (C)", "FIRST AUTHOR")


def _code() -> list[str]:
    return [name for name in CODE if (paths.ROOT / name).exists()]


def _check(title: str, argv: Sequence[str | Path], env: dict[str, str]) -> bool:
    say(f"==> {title}")
    try:
        shell.show(argv, env=env)
    except StepError as error:
        say(f"    {error}")
        return False
    return True


def lint(venv: Path) -> None:
    """Run every check, then fail if one of them failed.

    :raises StepError: naming the failed checks
    """
    programs = venv / "bin"
    env = shell.clean_env(venv=venv)
    checks = {
        "format": [programs / "ruff", "format", "--check", *_code()],
        "rules": [programs / "ruff", "check", *_code()],
        "types": [programs / "pyright", "--pythonpath", programs / "python"],
        "layers": [programs / "lint-imports"],
    }
    failed = [name for name, argv in checks.items() if not _check(name, argv, env)]
    say("==> translations")
    problems = check_translations(venv)
    for problem in problems:
        say(f"    {problem}")
    if problems:
        failed.append("translations")
    if failed:
        raise StepError(f"failed: {', '.join(failed)}", advice="`make format` may help")


def format_code(venv: Path) -> None:
    """Put the code in order."""
    env = shell.clean_env(venv=venv)
    ruff = venv / "bin" / "ruff"
    shell.show([ruff, "check", "--fix-only", "--select", "I,RUF022", *_code()], env=env)
    shell.show([ruff, "format", *_code()], env=env)


def _extract(venv: Path, target: Path) -> None:
    argv: list[str | Path] = [venv / "bin" / "python", "setup.py", "-q"]
    argv += ["extract_messages", "--input-dirs", "ckanext", "--output-file", target]
    argv += ["--project", DOMAIN, "--copyright-holder", f"{DOMAIN} contributors"]
    argv += ["--width", "100", "--sort-by-file"]
    argv += ["--add-comments", "Translators:", "--no-location"]
    shell.run(argv, "i18n", env=shell.clean_env(venv=venv))


def translate(venv: Path) -> None:
    """Collect the texts, bring the Ukrainian catalogue up to date and compile it."""
    with step("texts of the code and templates"):
        TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
        _extract(venv, TEMPLATE)
    babel = [venv / "bin" / "pybabel", "-q"]
    env = shell.clean_env(venv=venv)
    with step("the Ukrainian catalogue"):
        if not UKRAINIAN.is_file():
            UKRAINIAN.parent.mkdir(parents=True, exist_ok=True)
            first = ["init", "-i", TEMPLATE, "-o", UKRAINIAN, "-l", "uk"]
            shell.run([*babel, *first], "i18n", env=env)
            _take_plural_forms(venv)
        again = ["update", "-i", TEMPLATE, "-o", UKRAINIAN, "-l", "uk", "-w", "100"]
        again += ["--no-fuzzy-matching", "--ignore-obsolete"]
        shell.run([*babel, *again], "i18n", env=env)
        mo = UKRAINIAN.with_suffix(".mo")
        shell.run([*babel, "compile", "-i", UKRAINIAN, "-o", mo], "i18n", env=env)
    for problem in check_translations(venv):
        say(f"    {problem}")


def _plural_forms(catalogue: Path) -> str:
    """Return the lines of a catalogue that say how plurals are formed."""
    found = re.search(
        r'"Plural-Forms:(?:.*\\n"|[^\\]*\\n")\n', catalogue.read_text("utf-8")
    )
    if found is None:
        raise StepError(f"{catalogue} has no plural forms")
    return found[0]


def _take_plural_forms(venv: Path) -> None:
    """Give our catalogue CKAN's plural forms: the two become one when CKAN starts."""
    (core,) = venv.glob("lib/python*/site-packages/ckan/i18n/uk/LC_MESSAGES/ckan.po")
    text = UKRAINIAN.read_text(encoding="utf-8")
    ours = text.replace(_plural_forms(UKRAINIAN), _plural_forms(core))
    UKRAINIAN.write_text(ours, encoding="utf-8")


def check_translations(venv: Path) -> list[str]:
    """Return what is wrong with the catalogues: stale, incomplete, not compiled."""
    if not UKRAINIAN.is_file():
        return [f"{UKRAINIAN.relative_to(paths.ROOT)} is missing: `make i18n`"]
    with tempfile.TemporaryDirectory(dir=paths.RUN) as work:
        return _problems(venv, Path(work))


def _problems(venv: Path, work: Path) -> list[str]:
    env = shell.clean_env(venv=venv)
    problems: list[str] = []
    _extract(venv, work / "now.pot")
    if _texts(work / "now.pot") != _texts(TEMPLATE):
        problems.append("texts have changed since the last `make i18n`")
    mo = work / "now.mo"
    babel = [venv / "bin" / "pybabel", "-q", "compile", "-i", UKRAINIAN, "-o", mo]
    shell.run(babel, "i18n", env=env)
    if not filecmp.cmp(mo, UKRAINIAN.with_suffix(".mo"), shallow=False):
        problems.append("the .mo file is not the compiled .po file: `make i18n`")
    counted = shell.output(
        [venv / "bin" / "python", "-c", COUNT, UKRAINIAN, work / "now.pot"], env=env
    )
    # Nothing printed is good news, None is not.
    unread = "the .po file cannot be read"
    problems += (unread if counted is None else counted).splitlines()
    return problems


def _texts(catalogue: Path) -> list[str]:
    lines = catalogue.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not any(stamp in line for stamp in STAMPS)]


# Runs in the environment, where Babel is.
COUNT: Final = """
import sys
from importlib.util import find_spec
from pathlib import Path
from babel.messages.pofile import read_po
def read(path):
    with open(path, "rb") as file:
        return read_po(file, locale="uk", abort_invalid=True)
catalogue = read(sys.argv[1])
core = Path(find_spec("ckan").origin).parent / "i18n/uk/LC_MESSAGES/ckan.po"
if catalogue.plural_forms != read(core).plural_forms:
    print("the plural forms are not those of CKAN's own catalogue")
forms = catalogue.num_plurals
for message in read(sys.argv[2]):
    if message.id and message.id not in catalogue:
        print(f"not in the catalogue: {message.id!r}")
for message in catalogue:
    if not message.id:
        continue
    texts = message.string if isinstance(message.string, tuple) else [message.string]
    if message.fuzzy or not all(texts) or (message.pluralizable and len(texts) != forms):
        print(f"not translated: {message.id!r}")
    for error in message.check(catalogue):
        print(f"{error}: {message.id!r}")
"""
