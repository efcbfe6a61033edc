"""A batch for encoder-decoder models: texts and the answers to them."""

import torch

from tiny_models import VOCABULARY


def make_answer_batch(seed=7):
    """Three texts and three answers of different lengths, padded on the right; the start token is the padding token."""
    generator = torch.Generator().manual_seed(seed)

    def draw(lengths, padding):
        ids = torch.randint(5, VOCABULARY, (len(lengths), max(lengths)), generator=generator)
        seen = torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]
        return ids.where(seen, torch.tensor(padding)), seen.long()

    input_ids, attention_mask = draw([12, 7, 9], 0)
    labels, _ = draw([4, 9, 6], -100)
    # The start token and each answer without its last one.
    decoder_input_ids = torch.nn.functional.pad(labels[:, :-1].clamp(min=0), (1, 0))
    batch = {"input_ids": input_ids, "attention_mask": attention_mask, "decoder_input_ids": decoder_input_ids}
    return batch, labels
