"""The exported graphs in ONNX Runtime, driven as the application drives them, against transformers' own generate."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from novo_train.export.pack import export_pack
from novo_train.export.reference import answer, pixels_of
from novo_train.export.tiny import DIALOGUES, SETTINGS, taught_tiny
from tokenizers import Tokenizer


@pytest.fixture(scope="module")
def tiny():
    return taught_tiny()


@pytest.fixture(scope="module")
def pack(tiny, tmp_path_factory):
    llava, tokenizer, _ = tiny
    folder = tmp_path_factory.mktemp("tiny")
    return folder, export_pack(llava, tokenizer, SETTINGS, folder)


def reason(folder: Path, manifest: dict, pixels: np.ndarray, query: str):
    """A second, separate runtime: prefill of the image's part, prefill of the rest, then token by token."""
    spec = manifest["llava"]
    language, cache = spec["languageModel"], spec["languageModel"]["cache"]
    sessions = {part: onnxruntime.InferenceSession(folder / spec[part]["file"]) for part in ("vision", "embedTokens", "languageModel")}
    tokenizer = Tokenizer.from_file(str(folder / spec["tokenizer"]["file"]))
    ids = tokenizer.encode(spec["template"].replace("{query}", query), add_special_tokens=False).ids
    at = ids.index(spec["imageToken"]["id"])
    dtype = np.float16 if cache["dtype"] == "float16" else np.float32
    names = lambda prefix: [f"{prefix}.{layer}.{part}" for layer in range(cache["layers"]) for part in ("key", "value")]
    past = {name: np.zeros((1, cache["heads"], 0, cache["headSize"]), dtype) for name in names("past")}

    def embed(tokens):
        return sessions["embedTokens"].run(None, {spec["embedTokens"]["input"]: np.array([tokens], np.int64)})[0]

    def step(embeds):
        nonlocal past
        start = past[names("past")[0]].shape[2]
        feeds = {language["inputs"]["embeddings"]: embeds, language["inputs"]["positionIds"]: np.arange(start, start + embeds.shape[1])[None]}
        logits, hidden, *presents = sessions["languageModel"].run(["logits", "hidden", *names("present")], {**feeds, **past})
        past = dict(zip(names("past"), presents))
        return logits[0, -1], hidden[0]

    features = sessions["vision"].run(None, {spec["vision"]["input"]: pixels})[0]
    _, hidden = step(np.concatenate([embed(ids[:at]), features], 1))
    picture = hidden[at:]
    logits, hidden = step(embed(ids[at + 1 :]))
    said, found = [], []
    while len(said) < spec["maxNewTokens"] and (token := int(logits.argmax())) not in spec["endTokens"]:
        if token == spec["segToken"]["id"]:
            found.append(hidden[-1])
        said.append(token)
        logits, hidden = step(embed([token]))
    cosine = lambda t: picture @ t / np.linalg.norm(picture, axis=1) / np.linalg.norm(t)
    return said, found, [cosine(t) for t in found]


@pytest.mark.parametrize("query", [query for query, _ in DIALOGUES])
def test_graphs_agree_with_pytorch(tiny, pack, query):
    llava, tokenizer, picture = tiny
    pixels = pixels_of(picture, SETTINGS.image)
    told = answer(llava, tokenizer, pixels, query, SETTINGS)
    said, hidden, maps = reason(*pack, pixels.numpy(), query)
    assert said == told.ids
    assert len(maps) == len(told.maps)
    for ours, theirs in ((hidden, told.hidden), (maps, told.maps)):
        for a, b in zip(ours, theirs):
            np.testing.assert_allclose(a, b, atol=1e-4)


def test_the_answers_are_what_was_taught(tiny, pack):
    _, tokenizer, picture = tiny
    pixels = pixels_of(picture, SETTINGS.image).numpy()
    answers = [tokenizer.decode(reason(*pack, pixels, query)[0], skip_special_tokens=False) for query, _ in DIALOGUES]
    assert [text.replace(" ", "") for text in answers] == [text.replace(" ", "") for _, text in DIALOGUES]


@pytest.mark.parametrize(("precision", "tolerance"), [("fp16", 0.05), ("fp16-weights", 0.02), ("int8", 0.15)])
def test_smaller_packs_say_the_same(tmp_path, pack, precision, tolerance):
    llava, tokenizer, picture = taught_tiny()
    pixels = pixels_of(picture, SETTINGS.image)
    query = DIALOGUES[1][0]
    told = answer(llava, tokenizer, pixels, query, SETTINGS)
    manifest = export_pack(llava, tokenizer, replace(SETTINGS, precision=precision), tmp_path)
    said, _, maps = reason(tmp_path, manifest, pixels.numpy(), query)
    assert said == told.ids
    np.testing.assert_allclose(maps, told.maps, atol=tolerance)
    assert total(manifest) < 0.8 * total(pack[1])


def test_weights_beside_the_graph(tmp_path, tiny):
    llava, tokenizer, picture = tiny
    pixels = pixels_of(picture, SETTINGS.image)
    manifest = export_pack(llava, tokenizer, replace(SETTINGS, external_data=True), tmp_path)
    assert "language_model.onnx.data" in [file["path"] for file in manifest["files"]]
    said, _, maps = reason(tmp_path, manifest, pixels.numpy(), DIALOGUES[0][0])
    told = answer(llava, tokenizer, pixels, DIALOGUES[0][0], SETTINGS)
    assert said == told.ids
    np.testing.assert_allclose(maps, told.maps, atol=1e-4)


def test_the_manifest_has_the_hash_of_every_file_and_nothing_of_this_machine(pack):
    folder, manifest = pack
    assert json.loads((folder / "pack.json").read_text()) == json.loads(json.dumps(manifest))
    assert {file["path"] for file in manifest["files"]} == {path.name for path in folder.iterdir()} - {"pack.json"}
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert b"site-packages" not in content and str(Path.cwd()).encode() not in content


def test_a_template_that_cannot_work_is_refused(tmp_path, tiny):
    llava, tokenizer, _ = tiny
    for template in ("USER: {query} ASSISTANT:", "USER: <image> ASSISTANT:", "{query} <image>"):
        with pytest.raises(ValueError, match="template|image"):
            export_pack(llava, tokenizer, replace(SETTINGS, template=template), tmp_path)


def total(manifest: dict) -> int:
    return sum(file["size"] for file in manifest["files"] if file["path"].endswith(".onnx"))
