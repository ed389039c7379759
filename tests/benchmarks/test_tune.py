"""Values of ranking are tried in the engine itself, and leave nothing behind."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

ranking = pytest.importorskip("kbnotes.index.ranking")

from benchmarks.quality import tune  # noqa: E402 (it needs the module above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Parameters of one kind each."""

    weight: float = 2.0
    depth: int = 4


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters that no engine reads."""
    monkeypatch.setattr(ranking, "RANKING", Made())


@pytest.mark.usefixtures("made")
def test_values_are_numbers_of_the_parameters_kind() -> None:
    assert tune.values_of("weight=1,2.5") == ("weight", (1.0, 2.5))
    assert tune.values_of("depth=1,2") == ("depth", (1, 2))


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("text", "said"),
    [("wait=1", "there are weight, depth"), ("depth=1.5", "must be int"), ("weight", "must be float")],
)
def test_what_is_no_value_of_a_parameter_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tune.values_of(text)


@pytest.mark.usefixtures("made")
def test_the_present_value_is_always_among_those_tried() -> None:
    wanted = [("weight", (1.0, 2.0)), ("depth", (9,))]
    assert tune.tables(wanted, grid=False) == [
        [(("weight", 2.0),), (("weight", 1.0),)],
        [(("depth", 4),), (("depth", 9),)],
    ]
    assert [tune.name_of(each) for each in tune.tables(wanted, grid=True)[0]] == [
        "weight=2.0 depth=4",
        "weight=2.0 depth=9",
        "weight=1.0 depth=4",
        "weight=1.0 depth=9",
    ]


@pytest.mark.usefixtures("made")
def test_a_value_holds_for_the_block_alone() -> None:
    with tune.ranked_by((("depth", 7),)):
        assert Made(depth=7) == ranking.RANKING
    assert Made() == ranking.RANKING


def test_a_table_has_each_value_and_the_cross_validated_figure(
    six: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = fields(ranking.RANKING)[0].name
    present = getattr(ranking.RANKING, name)
    assert tune.main([str(six), "--set", f"{name}={present * 2}", "--folds", "2"]) == 0
    head, first, second, validated, chosen, *_ = capsys.readouterr().out.splitlines()
    assert head.split() == ["nDCG@10", "six", "mean"]
    assert first.split()[0] == f"{name}={present}"
    assert first.endswith("(present)")
    assert second.split()[0] == f"{name}={present * 2}"
    assert validated.split()[0] == "cross-validated"
    assert chosen.startswith("chosen in 2 folds: ")
