"""Averaging of towers."""

import pytest
import torch

from novo_train.stages import average


def saved(path, value: float, width: int = 2):
    model = {"w": torch.full((width,), value), "seen": torch.tensor(int(value))}
    torch.save({"model": model, "head": {"b": torch.tensor([value])}, "config": {"d": 2}, "progress": {}}, path)
    return str(path)


def test_the_mean_of_towers_is_written_without_their_progress(tmp_path):
    towers = [saved(tmp_path / f"{value}.pt", value) for value in (1.0, 4.0)]
    average.main([str(tmp_path / "new" / "vision.pt"), *towers])
    made = torch.load(tmp_path / "new" / "vision.pt", weights_only=True)
    assert made["model"]["w"].tolist() == [2.5, 2.5] and made["head"]["b"].tolist() == [2.5]
    assert made["model"]["seen"] == 1 and made["config"] == {"d": 2} and "progress" not in made


def test_towers_of_other_forms_are_refused(tmp_path):
    towers = [saved(tmp_path / "a.pt", 1.0), saved(tmp_path / "b.pt", 2.0, width=3)]
    with pytest.raises(ValueError, match="same form"):
        average.main([str(tmp_path / "out.pt"), *towers])
    assert not (tmp_path / "out.pt").exists()
