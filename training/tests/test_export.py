"""The exported graphs in ONNX Runtime, driven as the application drives them, against transformers' own generate."""

import hashlib
import json
import shutil
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from tokenizers import Tokenizer

from novo_train.export.int4 import to_int4
from novo_train.export.pack import export_pack
from novo_train.export.precision import make_smaller
from novo_train.export.reference import answer, pixels_of
from novo_train.export.tiny import DIALOGUES, SETTINGS, taught_tiny


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
    sessions = {
        part: onnxruntime.InferenceSession(folder / spec[part]["file"])
        for part in ("vision", "embedTokens", "languageModel")
    }
    tokenizer = Tokenizer.from_file(str(folder / spec["tokenizer"]["file"]))
    ids = tokenizer.encode(spec["template"].replace("{query}", query), add_special_tokens=False).ids
    at = ids.index(spec["imageToken"]["id"])
    dtype = np.float16 if cache["dtype"] == "float16" else np.float32

    def names(prefix):
        return [f"{prefix}.{layer}.{part}" for layer in range(cache["layers"]) for part in ("key", "value")]

    past = {name: np.zeros((1, cache["heads"], 0, cache["headSize"]), dtype) for name in names("past")}

    def embed(tokens):
        return sessions["embedTokens"].run(None, {spec["embedTokens"]["input"]: np.array([tokens], np.int64)})[0]

    def step(embeds):
        nonlocal past
        start = past[names("past")[0]].shape[2]
        feeds = {
            language["inputs"]["embeddings"]: embeds,
            language["inputs"]["positionIds"]: np.arange(start, start + embeds.shape[1])[None],
        }
        logits, hidden, *presents = sessions["languageModel"].run(
            ["logits", "hidden", *names("present")], {**feeds, **past}
        )
        past = dict(zip(names("past"), presents, strict=True))
        return logits[0, -1], hidden[0]

    features = sessions["vision"].run(None, {spec["vision"]["input"]: pixels})[0]
    _, hidden = step(np.concatenate([embed(ids[:at]), features], 1))
    picture = hidden[at:]
    logits, hidden = step(embed(ids[at + 1 :]))
    said, found = [], []
    logits[spec["segToken"]["id"]] += spec["segToken"].get("bias", 0)
    while len(said) < spec["maxNewTokens"] and (token := int(logits.argmax())) not in spec["endTokens"]:
        if token == spec["segToken"]["id"]:
            found.append(hidden[-1])
        said.append(token)
        logits, hidden = step(embed([token]))
        logits[spec["segToken"]["id"]] += spec["segToken"].get("bias", 0)
    return said, found, [picture @ t / np.linalg.norm(picture, axis=1) / np.linalg.norm(t) for t in found]


@pytest.mark.parametrize("query", [query for query, _ in DIALOGUES])
def test_graphs_agree_with_pytorch(tiny, pack, query):
    llava, tokenizer, picture = tiny
    pixels = pixels_of(picture, SETTINGS.image)
    told = answer(llava, tokenizer, pixels, query, SETTINGS)
    said, hidden, maps = reason(*pack, pixels.numpy(), query)
    assert said == told.ids
    assert len(maps) == len(told.maps)
    for ours, theirs in ((hidden, told.hidden), (maps, told.maps)):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-4)


@pytest.mark.parametrize("bias", [-0.01, -100.0])
def test_with_a_bias_against_seg_both_say_the_same(tiny, pack, bias):
    llava, tokenizer, picture = tiny
    folder, manifest = pack[0], deepcopy(pack[1])
    manifest["llava"]["segToken"]["bias"] = bias
    pixels, (query, _) = pixels_of(picture, SETTINGS.image), DIALOGUES[0]
    told = answer(llava, tokenizer, pixels, query, replace(SETTINGS, seg_bias=bias))
    said, _, maps = reason(folder, manifest, pixels.numpy(), query)
    assert said == told.ids
    assert bool(maps) == (bias > -1)


def test_the_answers_are_what_was_taught(tiny, pack):
    _, tokenizer, picture = tiny
    pixels = pixels_of(picture, SETTINGS.image).numpy()
    answers = [tokenizer.decode(reason(*pack, pixels, query)[0], skip_special_tokens=False) for query, _ in DIALOGUES]
    assert [text.replace(" ", "") for text in answers] == [text.replace(" ", "") for _, text in DIALOGUES]


@pytest.mark.parametrize(
    ("precision", "tolerance", "size"), [("fp16-weights", 0.02, 0.6), ("int8", 0.15, 0.6), ("int4", 0.25, 0.6)]
)
def test_smaller_packs_say_the_same(tmp_path, tiny, pack, precision, tolerance, size):
    shutil.copytree(pack[0], tmp_path / "pack")
    make_smaller(tmp_path / "pack", precision, False)
    told = expected(tiny, DIALOGUES[1][0])
    said, _, maps = reason(tmp_path / "pack", pack[1], tiny_pixels(tiny), DIALOGUES[1][0])
    assert said == told.ids
    np.testing.assert_allclose(maps, told.maps, atol=tolerance)
    assert bytes_of(tmp_path / "pack") < size * bytes_of(pack[0])


@pytest.mark.parametrize(("precision", "tolerance"), [("int4", 0.25), ("fp16", 0.05)])
def test_weights_beside_the_graph(tmp_path, tiny, precision, tolerance):
    llava, tokenizer, _ = tiny
    told = expected(tiny, DIALOGUES[1][0])
    settings = replace(SETTINGS, precision=precision, external_data=True)
    manifest = export_pack(deepcopy(llava), tokenizer, settings, tmp_path)
    files = {file["path"]: file["size"] for file in manifest["files"]}
    assert files["language_model.onnx.data"] > 30_000
    assert set(files) == {path.name for path in tmp_path.iterdir()} - {"pack.json"}
    said, _, maps = reason(tmp_path, manifest, tiny_pixels(tiny), DIALOGUES[1][0])
    assert said == told.ids
    np.testing.assert_allclose(maps, told.maps, atol=tolerance)


def test_int4_takes_the_matrices_of_the_layers_and_leaves_the_head(tmp_path, pack):
    path = tmp_path / "language_model.onnx"
    shutil.copyfile(pack[0] / "language_model.onnx", path)
    to_int4(path)
    graph = onnx.load(path).graph
    made = [node for node in graph.node if node.op_type == "MatMulNBits"]
    assert len(made) == 2 * 7  # layers x (q, k, v, o, gate, up, down)
    assert not any(name.startswith("logits") for node in made for name in node.output)
    kept = [
        tensor for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) == 2
    ]
    assert (32, len(tiny_tokens(pack))) in [tuple(tensor.dims) for tensor in kept]


def test_no_more_than_one_weight_is_in_memory_while_they_are_rewritten(tmp_path):
    """80 MB of weights in 20 matrices, made 4 bits in a process whose memory is looked at."""
    k, count = 1024, 20
    weights = [
        onnx.numpy_helper.from_array(np.random.default_rng(at).standard_normal((k, k), np.float32), f"w{at}")
        for at in range(count)
    ]
    nodes = [onnx.helper.make_node("MatMul", [f"x{at}", f"w{at}"], [f"x{at + 1}"]) for at in range(count)]
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, k]) for name in ("x0", f"x{count}")]
    graph = onnx.helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    onnx.save_model(
        onnx.helper.make_model(graph), tmp_path / "m.onnx", save_as_external_data=True, location="m.onnx.data"
    )
    program = """
import resource, sys
from pathlib import Path
import numpy as np
from novo_train.export.int4 import quantised, to_int4
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
quantised(np.zeros((1024, 1024), np.float32))
before = peak()
to_int4(Path(sys.argv[1]))
print(peak() - before)
"""
    told = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "m.onnx"], capture_output=True, text=True, check=True
    )
    assert float(told.stdout.split()[-1]) < 40  # MiB
    assert (tmp_path / "m.onnx.data").stat().st_size < 20 * 1024 * 1024


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


def expected(tiny, query: str):
    llava, tokenizer, picture = tiny
    return answer(llava, tokenizer, pixels_of(picture, SETTINGS.image), query, SETTINGS)


def tiny_pixels(tiny) -> np.ndarray:
    return pixels_of(tiny[2], SETTINGS.image).numpy()


def tiny_tokens(pack) -> dict:
    return Tokenizer.from_file(str(pack[0] / "tokenizer.json")).get_vocab()


def bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.onnx"))
