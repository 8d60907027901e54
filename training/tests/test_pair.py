"""A tower with two eyes: what they say is joined as views are, and its checkpoint is made of two."""

import pytest
import torch

from novo_train.model.vision import NovoVision, NovoVisionConfig
from novo_train.stages import pair
from novo_train.stages.parts import take_tower

KINDS = 5
ONE = {"image_size": 128, "patch_size": 32, "hidden_size": 32, "head_blocks": 1, "kinds": KINDS, "zoom": True}


def tower(seed: int, **told) -> NovoVision:
    torch.manual_seed(seed)
    return NovoVision(NovoVisionConfig(**ONE | told)).eval()


def saved(made: NovoVision, path) -> str:
    """As the stage vision writes it: without what tells the language model."""
    state = {n: w for n, w in made.state_dict().items() if not n.startswith(("head.", "concepts.", "rest."))}
    torch.save({"model": state, "head": made.head.state_dict()}, path)
    return str(path)


@torch.no_grad()
def test_two_eyes_join_what_each_would_say(tmp_path):
    first, second = tower(1), tower(2, trunk="lite2")
    paths = [saved(first, tmp_path / "first.pt"), saved(second, tmp_path / "second.pt")]
    pair.main([str(tmp_path / "new" / "both.pt"), *paths])
    both, picture = tower(3, second="lite2"), torch.rand(1, 3, 128, 128) * 2 - 1
    take_tower(both, {}, tmp_path / "new" / "both.pt")
    kind, _ = both.told(picture)
    one, other = first.told(picture)[0], second.told(picture)[0]
    assert kind.shape == one.shape
    assert not torch.allclose(kind, one) and not torch.allclose(kind, other)
    low, high = torch.minimum(one, other), torch.maximum(one, other)
    assert ((kind > low * 0.8) & (kind < high * 1.25)).all(), "between the two, up to how far each view is believed"
    seen, *_ = both.zoomed(picture)
    torch.testing.assert_close(seen, first.zoomed(picture)[0])


@torch.no_grad()
def test_an_eye_beside_itself_says_nothing_else(tmp_path):
    one = tower(1)
    path = saved(one, tmp_path / "one.pt")
    pair.main([str(tmp_path / "both.pt"), path, path])
    both, picture = tower(3, second="lite0"), torch.rand(1, 3, 128, 128) * 2 - 1
    take_tower(both, {}, tmp_path / "both.pt")
    for told, wanted in zip(both.told(picture), one.told(picture), strict=True):
        torch.testing.assert_close(told, wanted, atol=1e-5, rtol=1e-4)


def test_two_eyes_are_taken_apart_as_they_were(tmp_path):
    paths = [saved(tower(1), tmp_path / "first.pt"), saved(tower(2, trunk="lite2"), tmp_path / "second.pt")]
    pair.main([str(tmp_path / "both.pt"), *paths])
    made = [str(tmp_path / "apart" / name) for name in ("first.pt", "second.pt")]
    pair.main(["--apart", str(tmp_path / "both.pt"), *made])
    for was, now in zip(paths, made, strict=True):
        was, now = torch.load(was), torch.load(now)
        for part in ("model", "head"):
            torch.testing.assert_close(now[part], was[part], atol=0, rtol=0)
    with pytest.raises(ValueError, match="one eye only"):
        pair.main(["--apart", paths[0], *made])


def test_two_eyes_from_a_checkpoint_with_one_are_refused(tmp_path):
    saved(tower(1), tmp_path / "one.pt")
    with pytest.raises(ValueError, match="has one eye, the configuration two: python -m novo_train.stages.pair"):
        take_tower(tower(3, second="lite2"), {}, tmp_path / "one.pt")


@pytest.mark.parametrize(("told", "message"), [({"trunk": "lite9"}, "must be one of"), ({"zoom": False}, "needs zoom")])
def test_eyes_that_cannot_be_are_refused(told, message):
    with pytest.raises(ValueError, match=message):
        tower(1, second="lite2", **told)
