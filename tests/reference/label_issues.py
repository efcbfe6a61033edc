"""Label errors by cleanlab: `label_issues.py FILE` writes predictions, labels and what cleanlab makes of them as JSON."""

import json
import pathlib
import sys

import numpy
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues


def example(seed, rows, classes, noise, sharpness, absent=()):
    random = numpy.random.default_rng(seed)
    present = [label for label in range(classes) if label not in absent]
    true = random.choice(present, rows, p=random.dirichlet(numpy.full(len(present), 3.0)))
    labels = numpy.where(random.random(rows) < noise, random.choice(present, rows), true)
    labels[: len(present)] = present
    scores = random.normal(size=(rows, classes)) + sharpness * numpy.eye(classes)[true]
    probabilities = numpy.exp(scores) / numpy.exp(scores).sum(axis=1, keepdims=True)
    probabilities = numpy.round(probabilities, 6)
    return {
        'labels': labels.tolist(),
        'probabilities': probabilities.tolist(),
        'thresholds': numpy.asarray(get_confident_thresholds(labels, probabilities)).tolist(),
        'joint': compute_confident_joint(labels, probabilities).tolist(),
        'issues': find_label_issues(labels, probabilities, return_indices_ranked_by='self_confidence', n_jobs=1).tolist(),
    }


examples = [
    example(0, 200, 3, 0.1, 3.0),
    example(1, 150, 5, 0.3, 1.5),
    example(2, 120, 12, 0.05, 4.0),
    # Seeds without ties in cleanlab's rounding, which it breaks as the processor sorts.
    example(5, 200, 5, 0.2, 2.0, absent=(2,)),
]
pathlib.Path(sys.argv[1]).write_text(json.dumps(examples) + '\n', encoding='utf-8')
