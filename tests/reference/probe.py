"""Logistic regression by scikit-learn: `probe.py FILE` writes rows, labels and the probabilities it finds as JSON."""

import json
import pathlib
import sys

import numpy
from sklearn.linear_model import LogisticRegression


def example(seed, rows, width, classes, strength):
    random = numpy.random.default_rng(seed)
    centres = random.normal(size=(classes, width))
    labels = numpy.concatenate([numpy.arange(classes), random.integers(0, classes, rows - classes)])
    features = centres[labels] + 1.5 * random.normal(size=(rows, width))
    features = numpy.round(features / numpy.linalg.norm(features, axis=1, keepdims=True), 6)
    model = LogisticRegression(C=strength, tol=1e-9, max_iter=5000).fit(features, labels)
    probabilities = model.predict_proba(features)
    if classes == 2:
        # scikit-learn has one row of weights for two classes; ours has two, whose sizes add up.
        model = LogisticRegression(C=strength * 2, tol=1e-9, max_iter=5000).fit(features, labels)
        probabilities = model.predict_proba(features)
    return {
        'strength': strength,
        'classes': classes,
        'features': features.tolist(),
        'labels': labels.tolist(),
        'probabilities': numpy.round(probabilities, 8).tolist(),
    }


examples = [example(0, 40, 6, 3, 1.0), example(1, 60, 8, 5, 30.0), example(2, 30, 5, 2, 10.0)]
pathlib.Path(sys.argv[1]).write_text(json.dumps(examples) + '\n', encoding='utf-8')
