"""A tiny tokenizer of every kind, and what the Rust tokenizers make of some texts with them.

Run: python tests/reference/tokenizers_small.py (also needs sentencepiece==0.2.3 and protobuf==7.36.2)
Writes tests/reference/recorded/tokenizers/{wordpiece,bytelevel}/ and encodings.json.
"""

import io
import json
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

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


def sentencepiece_model(kind, size, **options):
    """A model trained by SentencePiece itself, as the checkpoints' own tokenizers were."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 4), model_writer=file, model_type=kind, vocab_size=size, num_threads=1, minloglevel=2, **options
    )
    return sentencepiece_model_pb2.ModelProto.FromString(file.getvalue())


def cleaning(model):
    """SentencePiece's own normalisation, which XLM-R, T5 and DeBERTa keep as a table."""
    table = normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)
    return normalizers.Sequence([table, normalizers.Replace(Regex(" {2,}"), " ")])


def unigram(special, template, unknown):
    """XLM-RoBERTa, T5 and DeBERTa 3: Unigram."""
    model = sentencepiece_model("unigram", 150, character_coverage=1.0, hard_vocab_limit=False)
    pieces = [(piece.piece, piece.score) for piece in model.pieces[3:]]
    vocabulary = [(token, 0.0) for token in special] + pieces
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=special.index(unknown)))
    tokenizer.normalizer = cleaning(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens(special)
    names = [token for token in special if token in template[0] + template[1]]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template[0], pair=template[1], special_tokens=[(token, special.index(token)) for token in names]
    )
    return tokenizer


def xlm_roberta():
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = unigram(special, ("<s> $A </s>", "<s> $A </s> </s> $B </s>"), "<unk>")
    names = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>"}
    return write("xlmRoberta", tokenizer, {**names, "sep_token": "</s>"})


def t5():
    special = ["<pad>", "</s>", "<unk>"]
    tokenizer = unigram(special, ("$A </s>", "$A </s> $B </s>"), "<unk>")
    return write("t5", tokenizer, {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"})


def byte_fallback():
    """Llama 2, Gemma, Phi-3: BPE of SentencePiece; what it does not know becomes bytes."""
    model = sentencepiece_model("bpe", 420, character_coverage=0.98, byte_fallback=True, hard_vocab_limit=False)
    vocabulary = {piece.piece: index for index, piece in enumerate(model.pieces)}
    ranked = sorted((piece for piece in model.pieces if piece.type == 1 and len(piece.piece) > 1), key=lambda p: -p.score)
    merges = [
        (word.piece[:cut], word.piece[cut:])
        for word in ranked
        for cut in range(1, len(word.piece))
        if word.piece[:cut] in vocabulary and word.piece[cut:] in vocabulary
    ]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B:1", special_tokens=[("<s>", 1)]
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return write("byteFallback", tokenizer, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"})


def klue():
    """KLUE's BERT and RoBERTa: WordPiece that keeps case and accents, as their tokenizer.json has it."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"]
    tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=180, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 0), ("[SEP]", 2)],
    )
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    names = {"bos_token": "[CLS]", "eos_token": "[SEP]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return write("klue", tokenizer, {**names, "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"})


def kogpt2():
    """KoGPT2: BPE with marks for the beginnings of words and no bytes; its newline is a token of its own."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    special = ["</s>", "<usr>", "<pad>", "<sys>", "<unk>"]
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=220, special_tokens=special))
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    return write("kogpt2", tokenizer, {"bos_token": "</s>", "eos_token": "</s>", "pad_token": "<pad>"})


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    kinds = [wordpiece, bytelevel, xlm_roberta, t5, byte_fallback, klue, kogpt2]
    recorded = [kind() for kind in kinds]
    (FOLDER / "encodings.json").write_text(json.dumps(recorded, ensure_ascii=False) + "\n")
