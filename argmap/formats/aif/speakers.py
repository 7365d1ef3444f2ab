"""Who says what in a graph of the Argument Interchange Format: locutions, and the participants who utter them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import LossKind
from argmap.formats.source.json_parts import as_id, as_objects, report_unread
from argmap.model import limits

_SAYS = re.compile(
    r"([^\s:'\"“‘,.;][^:'\"“‘\n,.;]{0,58}?)[ ]"
    r"(?:says|said|argues|argued|claims|claimed|states|stated|asserts|asserted|replies|replied|answers|answered|adds|added)"
    r"[,:]? ?(['\"“‘])"
)
_CLOSING = {"'": "'’", '"': '"”', "“": '”"', "‘": "’'"}
_NAME = 60  # characters of a speaker before the colon
_LOCUTION = frozenset({"nodeID", "personID", "timestamp", "start", "end", "source"})
_NOBODY = "None"  # as tools of open argument mining write that there is no name
_PERSON = frozenset({"participantID", "firstname", "surname"})


def give_speakers(
    draft: Draft,
    graph: Mapping[str, Any],
    asserted: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
    place: str = "",
    asked: frozenset[tuple[str, str]] = frozenset(),
) -> None:
    """Give claims the speaker and the words of the locutions that assert them, or the speaker told of them themselves.

    `asserted` are the ids of the locutions of each claim, `texts` what these say, as "Speaker: words" or words alone;
    `asked` are pairs (claim, locution) that only ask, so that who asks is not the claim's speaker.
    A participant's name comes before the one in the words. Raises FormatError with the path of what has the wrong type.
    """
    people = _participants(draft, graph, place)
    speakers = _utterers(draft, graph, people, texts, place)
    named = set(speakers.values())
    unsaid: list[str] = []
    for key in dict.fromkeys((*asserted, *(id for id in speakers if id in draft.claims))):
        said = [_split(texts[id], speakers.get(id)) for id in asserted.get(key, ())]
        named.update(speaker for speaker, _ in said if speaker)
        if asked:
            pairs = zip(asserted.get(key, ()), said, strict=True)
            said = [
                (None, words) if (key, id) in asked else (who, words) for id, (who, words) in pairs
            ]
            asks = all(
                (key, id) in asked
                for id in asserted.get(
                    key,
                    (""),
                )
            )
            unsaid += [key] if asks else []
        _give(draft, key, [*said, (speakers.get(key), "")])
    nobody = "A claim that is only asked about has no speaker; who asks does not assert it."
    draft.losses.add(LossKind.SPEAKER, nobody, unsaid)
    draft.losses.add(
        LossKind.SPEAKER,
        "Dropped a participant without a word.",
        (name or number for number, name in people.items() if name not in named),
    )


def _give(draft: Draft, key: str, said: Sequence[tuple[str | None, str]]) -> None:
    claim, losses = draft.claims[key], draft.losses
    speakers = [speaker for speaker, _ in said if speaker]
    if speakers:
        claim.fields["speaker"] = fit_fields.one_line(speakers[0], limits.NAME, losses, key)
        if len(set(speakers)) > 1:
            several = "A claim has one speaker; further ones were left out."
            losses.add(LossKind.SPEAKER, several, (key,))
    own = claim.text.strip() if isinstance(claim.text, str) else ""
    words = dict.fromkeys([words for _, words in said if words and words != own])
    if words:
        found = [fit_fields.loose_quote(text, losses, key) for text in words]
        claim.fields["quotes"] = fit_fields.quotes(found, losses, key)


def _participants(draft: Draft, graph: Mapping[str, Any], place: str) -> dict[str, str]:
    """Return the names of the participants by their ids; "" for one who has none."""
    people: dict[str, str] = {}
    if graph.get("participants") is None:
        return people
    persons = as_objects(graph.get("participants"), f"{place}participants")
    report_unread(persons, _PERSON, draft.losses, f"{place}participants")
    for person in persons:
        parts = [person.get("firstname"), person.get("surname")]
        name = " ".join(str(part) for part in parts if part and part != _NOBODY)
        number = str(person.get("participantID"))
        if people.setdefault(number, name) != name:
            second = "A second participant of the same id was left out."
            draft.losses.add(LossKind.DUPLICATE, second, (name or number,))
    return people


def _utterers(
    draft: Draft,
    graph: Mapping[str, Any],
    people: Mapping[str, str],
    texts: Mapping[str, str],
    place: str,
) -> dict[str, str]:
    """Return for each locution the name of its participant."""
    speakers: dict[str, str] = {}
    nobody: list[str] = []
    timed: list[str] = []
    elsewhere: list[str] = []
    records = as_objects(graph.get("locutions"), f"{place}locutions")
    report_unread(records, _LOCUTION, draft.losses, f"{place}locutions")
    for index, record in enumerate(records):
        person = record.get("personID")
        id = as_id(record.get("nodeID"), f"{place}locutions/{index}/nodeID")
        name = people.get(str(person))
        if id not in texts and id not in draft.claims:
            elsewhere.append(id)
        elif name is not None:
            speakers[id] = name
        elif person and split_speaker(texts.get(id, ""))[0] is None:
            nobody.append(id)
        if (
            record.get("timestamp")
            or record.get("start")
            or record.get("end")
            or record.get("source")
        ):
            timed.append(f"{place}locutions/{index}")
    draft.losses.add(LossKind.DIALOGUE, "When something was said has no place in a map.", timed)
    draft.losses.add(
        LossKind.DANGLING, "Dropped a speaker of something that is not a locution.", elsewhere
    )
    draft.losses.add(LossKind.SPEAKER, "Dropped a speaker who is given as a number only.", nobody)
    return speakers


def _split(text: str, speaker: str | None) -> tuple[str | None, str]:
    if speaker is None:
        return split_speaker(text)
    if not speaker:
        return None, text
    if text.startswith(speaker) and text[len(speaker) :].lstrip().startswith(":"):
        return speaker, text[len(speaker) :].lstrip()[1:].strip()
    return speaker, split_speaker(text)[1]


def split_speaker(text: str) -> tuple[str | None, str]:
    """Split "Name: words", "Name :words" or "Name says 'words'" into speaker and words.

    A name has at most six words and sixty characters.
    """
    colon = text.find(":", 1, _NAME + 2)
    after = text[colon + 1 : colon + 2]
    spaced = after.isspace()
    if colon > 0 and (spaced or (text[colon - 1].isspace() and after.isalnum())):
        name = text[:colon]
        if colon > 1 and name[-1].isspace():
            name = name[:-1]
        numbered = not spaced and name.rstrip()[-1:].isdigit()  # a time of day
        if _is_name(name) and not numbered:
            return name.strip(), text[colon + 1 :].strip()
    reported = _SAYS.match(text)
    if reported is not None and _is_name(reported[1]):
        words = text[reported.end() :].strip().removesuffix(".").rstrip()
        closing = _CLOSING[reported[2]]
        if words[-1:] in closing and words[:-1].strip():
            return reported[1], words[:-1].strip()
    return None, text.strip()


def _is_name(name: str) -> bool:
    return (
        len(name) <= _NAME and "\n" not in name and 0 < len(name.split()) <= 6 and ":" not in name
    )
