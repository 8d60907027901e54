"""Drawings out of packages, what they are used for, and who is credited."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import package
from PIL import Image

from novo_train.scenes import attribution, drawings, glyphs, icons
from novo_train.scenes.clipart import with_view
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


def test_drawings_that_were_chosen_by_hand_are_found_by_the_names_of_their_set(tmp_path, monkeypatch):
    style = replace(package(tmp_path, "flat", {"dog": "hound-2", "cup": "hound"}), listed=True)
    dog = next(kind for kind in load_kinds() if kind.key == "dog")
    monkeypatch.setattr(icons, "listed", lambda: {("flat", "dog"): ("hound-2",)})
    assert icons.names_of(style, dog) == ("hound-2",)
    assert icons.names_of(replace(style, name="other"), dog) == ()
    find = finder(tmp_path, style)
    assert not np.array_equal(np.asarray(find("hound-2")), np.asarray(find("hound"))), "letter by letter"
    assert find("Hound") is None


def test_what_is_listed_is_of_styles_and_kinds_that_exist():
    known, keys = {style.name for style in STYLES if style.listed}, {kind.key for kind in load_kinds()}
    assert {style for style, _ in icons.listed()} == known and {kind for _, kind in icons.listed()} <= keys
    assert all(len(set(names)) == len(names) > 0 for names in icons.listed().values())
    lines = icons.LISTED.read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == len(icons.listed()), "one line for each style and kind"


def test_clip_art_of_a_debian_package_is_drawn_though_its_pages_are_in_millimetres(tmp_path):
    style = next(style for style in STYLES if style.registry == "debian")
    modules, folder = tmp_path / "node_modules", tmp_path / f"debian/{style.package}/usr/share/openclipart/svg"
    with pytest.raises(FileNotFoundError, match="training/README.md says how to unpack openclipart-svg"):
        finder(modules, style)
    folder.mkdir(parents=True)
    page = '<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"><path d="M0 0h38v38H0z"/></svg>'
    (folder / "square.svg").write_text(page)
    drawn = np.asarray(finder(modules, style)("square.svg").convert("RGBA"))
    assert drawn.shape[:2] == (160, 320)
    solid = drawn[..., 3] > 128
    assert 0.49 < solid.mean() < 0.52, "38 pixels are 10 of 20 mm, at 96 to the inch"


def test_our_own_drawings_are_listed_whole_and_need_nothing_else():
    style = next(style for style in STYLES if style.registry == "own")
    find, files = finder(Path("anywhere"), style), sorted(path.name for path in icons.OWN.iterdir())
    named = {kind: names for (name, kind), names in icons.listed().items() if name == style.name}
    assert files == sorted(name for names in named.values() for name in names)
    assert all(name.rsplit("-", 1)[0] == kind for kind, names in named.items() for name in names)
    for name in files:
        text = (icons.OWN / name).read_text(encoding="utf-8")
        assert not re.search(r"<(text|image|style|script|foreignObject)\b|href=\"(?!#)", text), name
    for name in files[::29]:
        assert fit(find(name)) is not None


def test_pages_with_a_view_or_without_a_size_stay_as_they_are():
    for svg in ('<svg viewBox="0 0 1 1" width="1cm" height="1cm">', '<svg width="50%" height="1cm">', "no picture"):
        assert with_view(svg) == svg
    assert (
        with_view('<svg width="3pt" height="2in">').split()
        == '<svg viewBox="0 0 4 192" width="4" height="192">'.split()
    )


def test_a_glyph_is_painted_area_by_area():
    ring = np.zeros((60, 60, 4), np.uint8)
    ring[10:50, 10:50, 3] = 255
    ring[20:40, 20:40, 3] = 0
    first, second = glyphs.painted(ring, "ring")
    assert np.array_equal(first, glyphs.painted(ring, "ring")[0]) and not np.array_equal(first, second)
    for drawn in (first, second):
        assert (drawn[12:48, 12:48, 3] == 255).all(), "what is enclosed is drawn"
        assert (drawn[:9, :, 3] == 0).all() and (drawn[..., 3] == 0).sum() == 60 * 60 - 40 * 40
        inner, line = drawn[25:35, 25:35, :3], drawn[12:48, 13:17, :3]
        assert inner.std((0, 1)).max() == 0 and line.std((0, 1)).max() == 0, "one colour each"
    colours = [drawn[30, 30, :3].tolist() != drawn[30, 15, :3].tolist() for drawn in (first, second)]
    assert any(colours)


def test_styles_are_drawn_from_by_their_shares():
    drawn = styles_for("training")
    assert drawn.count("openclipart") == 3 * drawn.count("noto") == 12 * drawn.count("mdi") > 0


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
        if style.registry == "npm":
            assert lock[f"node_modules/{style.package}"]["version"] == style.version
        assert style.by in attribution.attribution() and style.licence_url.startswith("https://")


def test_credit_names_author_and_licence():
    (credit,) = attribution.credit(["twemoji"])
    assert "Twitter" in credit["by"] and credit["licence"] == "CC-BY-4.0" and credit["source"].startswith("https://")
