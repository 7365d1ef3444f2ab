"""Pictures in bounded time, and what is said of the parameters that ask for them."""

from pathlib import Path

import pytest

from argmap.errors import EngineTimeout
from argmap.picture import engine
from tests.support.service import Person, problem, serving, slow_map


def test_a_picture_that_takes_too_long_is_a_problem_and_the_next_is_drawn(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    map = f"/maps/{owner.map()['id']}"

    def slow(*args, **more):
        raise EngineTimeout("the layout took longer than 10 s")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "lay_out", slow)
        answer = owner.client.get(f"{map}.svg?layout=layered")
    problem(answer, 503, "picture-timeout")
    assert answer.headers["cache-control"] == "no-store"
    again = owner.client.get(f"{map}.svg?layout=layered")
    problem(again, 503, "picture-timeout")  # what failed for its size would fail again
    assert owner.client.get(f"{map}.svg?layout=layered&theme=dark").status_code == 200


@pytest.mark.parametrize("workers", [0, 1])
def test_the_deadline_of_the_settings_reaches_the_layout(workers: int, tmp_path: Path) -> None:
    with serving(tmp_path, picture_seconds=0.05, picture_workers=workers) as service:
        person = service.person()
        map = person.map(**slow_map())
        answer = person.client.get(f"/maps/{map['id']}.svg?layout=layered")
        problem(answer, 503, "picture-timeout")


@pytest.mark.parametrize("parameter", ["focus", "fold"])
def test_a_claim_that_is_not_there_is_told_of_by_the_parameter_that_names_it(
    owner: Person, parameter: str
) -> None:
    answer = owner.client.get(f"/maps/{owner.map()['id']}.svg", params={parameter: "c99"})
    fault = problem(answer, 400, "bad-parameter")["errors"][0]
    assert (fault["place"], fault["code"]) == (parameter, "unknown_id")
