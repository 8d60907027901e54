"""Drawings out of packages, what they are used for, and who is credited."""

import json

import numpy as np
import pytest
from drawn import package
from PIL import Image

from novo_train.scenes import attribution, drawings
from novo_train.scenes.drawings import SIDE, fit, load_sprites, rasterise, without_specks
from novo_train.scenes.icons import finder
from novo_train.scenes.styles import ROLES, STYLES, styles_for
from novo_train.world.kinds import kind_index, load_kinds


def test_drawings_are_found_by_their_names(tmp_path):
    style = package(tmp_path, "flat", {"dog": "dog", "car": "Automobile-1", "cup": "hot_beverage"})
    icons = tmp_path / "@drawn/flat/icons.json"
    told = json.loads(icons.read_text())
    told["aliases"] = {"hound": {"parent": "dog"}, "god": {"parent": "dog", "hFlip": True}}
    icons.write_text(json.dumps(told))
    find = finder(tmp_path, style)
    assert find("dog").size == (288, 288) and find("dog").mode == "RGBA"
    assert np.array_equal(np.asarray(find("hound")), np.asarray(find("dog")))
    assert find("automobile") is not None, "numbered variants and other spellings"
    assert find("hot-beverage") is not None
    assert find("god") is None and find("cat") is None, (
        "a mirrored alias is another drawing; one that is missing is none"
    )


def test_packages_that_are_not_installed_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="@iconify-json/noto is missing: run npm install in training/drawings"):
        finder(tmp_path, STYLES[0])


def test_a_cache_gives_back_what_was_rasterised(tmp_path, monkeypatch):
    names = {"dog": "dog", "apple": "red-apple", "car": "automobile"}
    styles = [package(tmp_path, style, names) for style in ("flat", "outline")]
    monkeypatch.setattr(drawings, "STYLES", styles)
    assert rasterise(tmp_path, tmp_path / "out/sprites.npz") == {"flat": 3, "outline": 3}
    loaded, index = load_sprites(tmp_path / "out/sprites.npz"), kind_index()
    assert set(loaded) == {"flat", "outline"} and set(loaded["flat"]) == {index["dog"], index["apple"], index["car"]}
    (dog,) = loaded["flat"][index["dog"]]
    assert dog.dtype == np.uint8 and max(dog.shape[:2]) == SIDE and dog.shape[2] == 4
    solid = dog[..., 3] > 20
    assert solid.any(0).all() and solid.any(1).all(), "cropped to what is drawn"


def test_loose_specks_go_and_large_parts_stay():
    rgba = np.zeros((100, 100, 4), np.uint8)
    rgba[10:60, 10:60], rgba[70:90, 10:40], rgba[80:84, 90:94] = 255, 255, 255
    cleaned = without_specks(rgba)[..., 3] > 0
    assert cleaned[10:60, 10:60].all() and cleaned[70:90, 10:40].all() and not cleaned[80:84, 90:94].any()
    assert fit(Image.fromarray(np.zeros((50, 50, 4), np.uint8))) is None


def test_held_out_styles_share_no_family_with_training():
    families = {role: {style.family for style in STYLES if style.role == role} for role in ROLES}
    assert styles_for("held-out") == ["twemoji"] and len(styles_for("training")) >= 5
    assert not families["training"] & families["held-out"]
    assert not any("SA" in style.licence for style in STYLES if style.role != "harder"), (
        "nothing shipped is share-alike"
    )


def test_unfit_drawings_are_of_kinds():
    keys = {kind.key for kind in load_kinds()}
    assert all(style.unfit <= keys for style in STYLES)


def test_attribution_and_pins_are_current():
    for name, text in (("ATTRIBUTION.md", attribution.attribution()), ("package.json", attribution.package_json())):
        message = f"drawings/{name} is old: python -m novo_train.scenes.attribution"
        assert (attribution.FOLDER / name).read_text(encoding="utf-8") == text, message
    lock = json.loads((attribution.FOLDER / "package-lock.json").read_text())["packages"]
    for style in STYLES:
        assert lock[f"node_modules/{style.package}"]["version"] == style.version
        assert style.by in attribution.attribution() and style.licence_url.startswith("https://")


def test_credit_names_author_and_licence():
    (credit,) = attribution.credit(["twemoji"])
    assert "Twitter" in credit["by"] and credit["licence"] == "CC-BY-4.0" and credit["source"].startswith("https://")
