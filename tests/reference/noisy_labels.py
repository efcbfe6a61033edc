"""What cleanlab flags on given predictions: `noisy_labels.py IN OUT`, IN with labels and probabilities as JSON."""

import json
import pathlib
import sys

import numpy
from cleanlab.filter import find_label_issues

given = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))
found = find_label_issues(
    numpy.array(given['labels']),
    numpy.array(given['probabilities']),
    return_indices_ranked_by='self_confidence',
    n_jobs=1,
)
pathlib.Path(sys.argv[2]).write_text(json.dumps(found.tolist()) + '\n', encoding='utf-8')
