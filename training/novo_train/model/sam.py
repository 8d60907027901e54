"""SAM's prompt encoder and mask decoder in PyTorch (transformers' classes). Points are in pixels of the 1024 frame."""

from pathlib import Path

import torch
from torch import nn
from transformers import SamConfig, SamModel
from transformers.models.sam.modeling_sam import SamMaskDecoder, SamPromptEncoder

from .sam_onnx import read_sam


def decode(decoder: SamMaskDecoder, embedding, positions, sparse, dense):
    """SamMaskDecoder.forward for one prompt a picture, but with all mask tokens (transformers drops one or three of
    the four).

    Returns logits (b, 4, 256, 256) and predicted IoUs (b, 4).
    """
    b, c, h, w = embedding.shape
    own = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight]).expand(b, 1, -1, -1)
    tokens, picture = decoder.transformer(
        point_embeddings=torch.cat([own, sparse], 2),
        image_embeddings=embedding + dense,
        image_positional_embeddings=positions,
        attention_similarity=None,
    )
    picture = picture.transpose(2, 3).reshape(b, c, h, w)
    picture = decoder.activation(decoder.upscale_layer_norm(decoder.upscale_conv1(picture)))
    picture = decoder.activation(decoder.upscale_conv2(picture))
    heads = torch.stack([mlp(tokens[:, 0, 1 + i]) for i, mlp in enumerate(decoder.output_hypernetworks_mlps)], 1)
    masks = (heads @ picture.flatten(2)).unflatten(2, picture.shape[2:])
    return masks, decoder.iou_prediction_head(tokens[:, 0, 0])


class Sam(nn.Module):
    """Prompt encoder (frozen) and mask decoder (trained)."""

    def __init__(self):
        super().__init__()
        config = SamConfig()
        config.mask_decoder_config._attn_implementation = "sdpa"
        self.prompt, self.decoder = SamPromptEncoder(config), SamMaskDecoder(config.mask_decoder_config)
        self.prompt.requires_grad_(False)
        for part in self.decoder.transformer.modules():
            if isinstance(part, nn.LayerNorm):
                part.eps = 1e-5  # Meta's code; transformers' default of 1e-6 shifts logits by up to 0.6

    def load_onnx(self, path: Path) -> "Sam":
        missing, extra = self.load_state_dict(read_sam(path), strict=False)
        missing = [m for m in missing if "shared_embedding" not in m]
        if missing or extra:
            raise ValueError(f"{path.name}: missing {missing}, unknown {extra}")
        return self

    def load_transformers(self, model: SamModel) -> "Sam":
        """From a checkpoint of transformers, such as facebook/sam-vit-huge."""
        self.prompt.load_state_dict(model.prompt_encoder.state_dict())
        self.decoder.load_state_dict(model.mask_decoder.state_dict())
        return self

    def positions(self) -> torch.Tensor:
        """(1, 256, 64, 64): the encoding of each embedding cell's centre."""
        y, x = torch.meshgrid(
            *[(torch.arange(64, device=self.prompt.no_mask_embed.weight.device) + 0.5) / 64] * 2, indexing="ij"
        )
        return self.prompt.shared_embedding(torch.stack([x, y], -1)).permute(2, 0, 1)[None]

    def forward(self, embedding, masks, points, labels):
        """embedding (b, 256, 64, 64); masks (b, 1, 256, 256) logits or None; points (b, k, 2); labels (b, k), 1, 0 or
        -1 (padding).

        Returns all four mask tokens' logits (b, 4, 256, 256) and their predicted IoUs (b, 4). Token 0 is the single
        mask.
        """
        sparse, dense = self.prompt(points[:, None], labels[:, None], None, masks)
        return decode(self.decoder, embedding, self.positions().expand(len(points), -1, -1, -1), sparse, dense)
