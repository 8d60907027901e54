"""The PyTorch decoder must be the ONNX decoder: same prompts, same logits."""

import numpy as np
import torch
from small import SAM_ONNX as ONNX
from small import needs_sam

from novo_train.model.sam import Sam

pytestmark = needs_sam


def test_equals_the_onnx_decoder():
    import onnxruntime

    session = onnxruntime.InferenceSession(str(ONNX), providers=["CPUExecutionProvider"])
    torch.manual_seed(0)
    sam = Sam().load_onnx(ONNX).eval()
    embedding, mask = torch.randn(1, 256, 64, 64) * 0.1, torch.randn(1, 1, 256, 256) * 5
    points, labels = torch.tensor([[[300.0, 400.0], [700.0, 100.0]]]), torch.tensor([[1.0, 0.0]])
    padded, marks = np.concatenate([points, np.zeros((1, 1, 2))], 1), np.concatenate([labels, [[-1]]], 1)
    feeds = {
        "image_embeddings": embedding, "point_coords": padded, "point_labels": marks, "mask_input": mask,
        "has_mask_input": np.ones(1), "orig_im_size": np.array([1024, 1024]),
    }  # fmt: skip
    names = [o.name for o in session.get_outputs()]
    out = dict(zip(names, session.run(None, {k: np.asarray(v, np.float32) for k, v in feeds.items()}), strict=True))
    with torch.no_grad():
        masks, iou = sam(embedding, mask, points, labels)
    # With more than one point the export answers with mask token 0. Tolerances: float32 over 2 attention layers, logits
    # of size ~10.
    np.testing.assert_allclose(out["low_res_masks"][0, 0], masks[0, 0], atol=5e-3)
    np.testing.assert_allclose(out["iou_predictions"].ravel()[0], iou[0, 0], atol=5e-4)
