"""Latin letters that stand for the Cyrillic ones they look like.

Scans, old files and hasty keyboards mix them; words are told in Cyrillic letters, and what
is kept stays as printed.
"""

from __future__ import annotations

import re
from typing import Final

#: Small letters of a word that is known to be Cyrillic; in scans more of them are alike.
SMALL: Final = str.maketrans("aceiopxykmthb", "асеіорхукмтнв")
_LATIN: Final = "ABCEHIKMOPTXYaceiopxyï"
_CYRILLIC: Final = "АВСЕНІКМОРТХУасеіорхуї"
_ALIKE: Final = str.maketrans(_LATIN, _CYRILLIC)
_LETTERS: Final = "А-ЯІЇЄҐа-яіїєґ"
#: Words of both alphabets, and conjunctions of one letter.
_MIXED: Final = re.compile(
    rf"(?<!\w)(?=[{_LATIN}]*[{_LETTERS}])(?=[{_LETTERS}]*[{_LATIN}])"
    rf"[{_LETTERS}{_LATIN}]+(?!\w)|(?<=\s)[aioy](?=\s)"
)


def cyrillic(text: str) -> str:
    """A text whose mixed words are Cyrillic throughout; as long as it was.

    Words of Latin letters alone, such as names of programs and Roman numerals, stay.
    """
    if text.isascii():
        return text
    return _MIXED.sub(lambda match: match[0].translate(_ALIKE), text)
