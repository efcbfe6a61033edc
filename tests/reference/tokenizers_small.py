"""Two tiny tokenizers and what the Rust tokenizers make of some texts with them.

Run: python tests/reference/tokenizers_small.py
Writes tests/reference/recorded/tokenizers/{wordpiece,bytelevel}/ and encodings.json.
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = Path(__file__).parent / "recorded" / "tokenizers"
TEXTS = [
    "The kettle is boiling, please turn it off.",
    "Where did I put the garden keys yesterday?",
    "물이 끓고 있으니 주전자를 꺼 주세요.",
    "어제 정원 열쇠를 어디에 두었을까요?",
    "The garden gate needs oil; the kettle does not.",
    "창문을 닫고 불을 꺼 주세요.",
]
QUERIES = ["", "Turn off the kettle!", "정원 열쇠 어디?", "naïve café 🙂", "  two  spaces ", "x" * 120]
PAIRS = [("The gate", "needs oil, please turn it off"), ("Where did I put the garden keys", "Yes")]


def write(name, tokenizer, config):
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n")
    cases = []
    for maximum in (None, 8):
        if maximum is None:
            tokenizer.no_truncation()
        else:
            tokenizer.enable_truncation(maximum)
        for text, pair in [(q, None) for q in QUERIES] + PAIRS:
            encoded = tokenizer.encode(text, pair)
            cases.append(
                {"text": text, "pair": pair, "maximumLength": maximum, "ids": encoded.ids, "typeIds": encoded.type_ids}
            )
    tokenizer.no_truncation()
    decoded = [{"ids": tokenizer.encode(q).ids, "text": tokenizer.decode(tokenizer.encode(q).ids)} for q in QUERIES]
    return {"name": name, "cases": cases, "decoded": decoded}


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=180, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return write(
        "wordpiece", tokenizer, {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    )


def bytelevel():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "</s>", "<pad>", "<|user|>", "<|assistant|>"]
    tokenizer.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=340, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
        ),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B:1", special_tokens=[("<s>", 0)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    template = (
        "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
        "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    return write(
        "bytelevel",
        tokenizer,
        {
            "bos_token": "<s>",
            "eos_token": {"content": "</s>"},
            "pad_token": "<pad>",
            "chat_template": template,
        },
    )


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    recorded = [wordpiece(), bytelevel()]
    (FOLDER / "encodings.json").write_text(json.dumps(recorded, ensure_ascii=False) + "\n")
