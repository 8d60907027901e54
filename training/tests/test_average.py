"""Averaging of towers and of language models."""

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


def test_language_models_are_averaged_by_shares_and_keep_the_first_ones_scale(tmp_path):
    paths = []
    for value, more in ((1.0, {}), (5.0, {"model.vision_tower.w": torch.zeros(2)})):
        model = {"lm_head.weight": torch.full((3,), value), **more}
        path = tmp_path / f"{value}.pt"
        scale, tower = {"threshold": torch.tensor(value)}, {"kind.weight": torch.full((2,), value)}
        torch.save({"model": model, "tower": tower, "scale": scale, "vision": None, "layers": 6, "where": {}}, path)
        paths.append(str(path))
    average.main([str(tmp_path / "mini.pt"), *paths, "--shares", "3", "1"])
    made = torch.load(tmp_path / "mini.pt", weights_only=True)
    assert made["model"]["lm_head.weight"].tolist() == [2, 2, 2] and list(made["model"]) == ["lm_head.weight"]
    assert made["tower"]["kind.weight"].tolist() == [2, 2] and made["scale"]["threshold"] == 1
    assert made["layers"] == 6 and made["vision"] is None and "where" not in made
    with pytest.raises(SystemExit):
        average.main([str(tmp_path / "other.pt"), *paths, "--shares", "1"])
    assert not (tmp_path / "other.pt").exists()


def test_towers_of_other_forms_are_refused(tmp_path):
    towers = [saved(tmp_path / "a.pt", 1.0), saved(tmp_path / "b.pt", 2.0, width=3)]
    with pytest.raises(ValueError, match="one form"):
        average.main([str(tmp_path / "out.pt"), *towers])
    assert not (tmp_path / "out.pt").exists()
