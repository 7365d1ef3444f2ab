"""Files of the formats that tests read."""

import io
import zipfile
from html import unescape
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples" / "formats"


ONLY_WRITTEN = (".dot", ".jsonld")


def samples(folder: Path) -> list[Path]:
    """The files of a folder that are maps, without the texts beside them and what is only written."""
    found = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "README.md"
    ]
    return [path for path in found if not path.name.endswith(ONLY_WRITTEN) and not is_beside(path)]


def is_beside(path: Path) -> bool:
    """Whether a text belongs to an annotation of the same name."""
    others = (".json", ".xml", ".ann")
    return path.suffix == ".txt" and any(path.with_suffix(ending).exists() for ending in others)


def words_in(data: bytes) -> str:
    """The text of a file; of an office file, the text of all its entries."""
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(
            unescape(package.read(name).decode(errors="replace")) for name in package.namelist()
        )
