"""Prints what formal-argumentation finds in a JSON list of [format, text] on standard input: arguments and attacks."""

import json
import sys
from typing import Any

from argumentation.interop.iccma import parse_apx, parse_tgf


def main() -> None:
    answers: list[dict[str, Any]] = []
    for format, text in json.load(sys.stdin):
        try:
            found = {"tgf": parse_tgf, "apx": parse_apx}[format](text)
            answers.append({"arguments": sorted(found.arguments), "attacks": sorted(found.defeats)})
        except ValueError as error:
            answers.append({"refused": str(error)})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
