"""A LLaVA of 32 dimensions for tests: the real classes, our own random weights, and enough training to speak four
sentences.

It is trained because a random model's greedy choices are near ties, which rounding decides; and because a test needs
answers with one <SEG>, with several, and with none.
"""

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

from .settings import ExportSettings, ImageRule

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>", "<image>", "<SEG>", "USER:", "ASSISTANT:"]
PAD, BOS, EOS, _, IMAGE, SEG = range(6)
SIDE, PATCH = 28, 7
DIALOGUES = [
    ("what holds tea?", "the mug <SEG>."),
    ("which two can be read?", "the book <SEG> and the map <SEG>."),
    ("what can fly?", "nothing here can fly."),
    ("point at it", "<SEG>"),
]

SETTINGS = ExportSettings(
    id="tiny-llava",
    title="Tiny LLaVA",
    licence="CC0-1.0",
    source="Random weights made by novo_train.export.tiny",
    domain="Nothing: it exists for tests and knows four sentences.",
    template="<s>USER: <image> {query} ASSISTANT:",
    image=ImageRule(size=SIDE),
    max_new_tokens=12,
)


def tiny_tokenizer() -> Tokenizer:
    """Byte-pair encoding over lower-cased words, trained on the four dialogues.

    Words are marked at their start (as Llama's are): the application's tokenizer library ignores BPE's
    continuing_subword_prefix.
    """
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(prepend_scheme="always"),
            pre_tokenizers.Punctuation(),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=140,
        special_tokens=SPECIAL,
        show_progress=False,
        initial_alphabet=list("▁abcdefghijklmnopqrstuvwxyz0123456789.,:;?!'-"),
    )
    tokenizer.train_from_iterator([text for pair in DIALOGUES for text in pair] * 3, trainer)
    return tokenizer


def tiny_llava(vocabulary: int, seed: int = 0) -> LlavaForConditionalGeneration:
    torch.manual_seed(seed)
    vision = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=SIDE,
        patch_size=PATCH,
        projection_dim=32,
    )
    # Fewer key/value heads than heads, as in models with grouped queries.
    text = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=PAD,
        tie_word_embeddings=True,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_id=IMAGE,
        tie_word_embeddings=True,
        vision_feature_layer=-2,
        vision_feature_select_strategy="default",
    )
    return LlavaForConditionalGeneration(config).float()


def prompt_ids(tokenizer: Tokenizer, query: str, cells: int) -> list[int]:
    """Ids of the prompt with the image token repeated for each cell, as transformers wants it."""
    ids = tokenizer.encode(SETTINGS.template.replace("{query}", query), add_special_tokens=False).ids
    at = ids.index(IMAGE)
    return ids[:at] + [IMAGE] * cells + ids[at + 1 :]


def tiny_picture() -> np.ndarray:
    """RGB (20, 33, 3) uint8: wider than high, neither side a multiple of anything."""
    y, x = np.mgrid[0:20, 0:33]
    red, green, blue = 7 * x + y, 11 * y + 3 * x * (y > 9), 255 * ((x // 6 + y // 5) % 2)
    return np.stack([red % 256, green % 256, blue], -1).astype(np.uint8)


def teach(llava: LlavaForConditionalGeneration, tokenizer: Tokenizer, pixels: torch.Tensor, steps: int = 150) -> None:
    """Overfits the dialogues on one image (1, 3, side, side). A few seconds."""
    cells = (SIDE // PATCH) ** 2
    batch = []
    for query, answer in DIALOGUES:
        prompt = prompt_ids(tokenizer, query, cells)
        spoken = tokenizer.encode(answer, add_special_tokens=False).ids + [EOS]
        batch.append((torch.tensor([prompt + spoken]), torch.tensor([[-100] * len(prompt) + spoken])))
    optimiser = torch.optim.AdamW(llava.parameters(), lr=1e-2, weight_decay=0.0)
    llava.train()
    for _ in range(steps):
        optimiser.zero_grad()
        for ids, labels in batch:
            llava(input_ids=ids, pixel_values=pixels, labels=labels).loss.backward()
        optimiser.step()
    llava.eval()


def taught_tiny() -> tuple[LlavaForConditionalGeneration, Tokenizer, np.ndarray]:
    from .reference import pixels_of

    tokenizer, picture = tiny_tokenizer(), tiny_picture()
    llava = tiny_llava(tokenizer.get_vocab_size())
    teach(llava, tokenizer, pixels_of(picture, SETTINGS.image))
    return llava, tokenizer, picture
