"""Data files by pandas, pyarrow, openpyxl and Python itself, and what they hold.

`data_files.py write FOLDER` writes the files and `expected.json`: for each file its rows as JSON values.
`data_files.py read FOLDER` reads the files named in `wanted.json`, written by the workbench, and fails where their rows
differ from those given there.
"""

import datetime
import json
import math
import pathlib
import sys

import openpyxl
import pandas
import pyarrow
import pyarrow.parquet

texts = ['plain', 'with, comma', 'with "quotes"', 'two\nlines', '한글 텍스트', '=1+1', '<script>alert(1)</script>', '😀']
labels = ['a', 'b'] * 4
rows = [
    {'text': text, 'label': label, 'count': index, 'score': index / 4, 'right': index % 2 == 0}
    for index, (text, label) in enumerate(zip(texts, labels))
]


def as_text(row):
    return {name: value if isinstance(value, str) else ('' if value is None else json.dumps(value)) for name, value in row.items()}


def write(folder):
    expected = {}
    frame = pandas.DataFrame(rows)

    for delimiter, name in [(',', 'comma.csv'), (';', 'semicolon.csv'), ('\t', 'tabs.tsv')]:
        frame.to_csv(folder / name, sep=delimiter, index=False)
        expected[name] = [{**as_text(row), 'right': str(row['right']), 'score': str(row['score'])} for row in rows]
    korean = pandas.DataFrame([{'질문': '안녕, 반가워', '답': '꿹'}, {'질문': '뷁은 어디에 쓰나', '답': '잘 몰라'}])
    for encoding, name in [('cp949', 'cp949.csv'), ('utf-16', 'utf16.csv'), ('utf-8-sig', 'mark.csv')]:
        korean.to_csv(folder / name, index=False, encoding=encoding)
        expected[name] = korean.to_dict('records')

    frame.to_json(folder / 'records.json', orient='records', force_ascii=False)
    frame.to_json(folder / 'lines.jsonl', orient='records', lines=True)
    expected['records.json'] = expected['lines.jsonl'] = rows

    for codec in ['snappy', 'gzip', 'zstd', 'brotli', 'none']:
        frame.to_parquet(folder / f'{codec}.parquet', compression=None if codec == 'none' else codec, row_group_size=3)
        expected[f'{codec}.parquet'] = rows
    instant = datetime.datetime(2024, 2, 29, 13, 5, 7, 250000)
    table = pyarrow.table(
        {
            'messages': [[{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Hello'}], []],
            'day': [datetime.date(2024, 2, 29), None],
            'at': pyarrow.array([instant, None], pyarrow.timestamp('us')),
            'nanoseconds': pyarrow.array([1, None], pyarrow.timestamp('ns')),
            'large': pyarrow.array([2**60 + 1, 7], pyarrow.int64()),
            'bytes': pyarrow.array([b'\xff\x00', b'text'], pyarrow.binary()),
            'vector': pyarrow.array([[0.5, 1.5], None], pyarrow.list_(pyarrow.float32())),
            'name': pyarrow.array(['x', 'x']).dictionary_encode(),
            'not a number': [math.nan, 1.0],
        }
    )
    pyarrow.parquet.write_table(table, folder / 'nested.parquet', data_page_version='2.0')
    expected['nested.parquet'] = [
        {
            'messages': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Hello'}],
            'day': '2024-02-29',
            'at': '2024-02-29T13:05:07.25Z',
            'nanoseconds': '1970-01-01T00:00:00.000000001Z',
            'large': str(2**60 + 1),
            'bytes': '/wA=',
            'vector': [0.5, 1.5],
            'name': 'x',
            'not a number': 'NaN',
        },
        {
            'messages': [], 'day': None, 'at': None, 'nanoseconds': None, 'large': 7, 'bytes': 'text', 'vector': None,
            'name': 'x', 'not a number': 1,
        },
    ]

    frame.to_excel(folder / 'pandas.xlsx', index=False)
    expected['pandas.xlsx'] = rows
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(['text', 'label', 'day', 'at', 'time', 'value'])
    sheet.append(['안녕', 'a', datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 5), datetime.time(6, 30), 1.5])
    sheet.append([None, 'b', None, None, None, '=F2*2'])
    sheet.append([])
    sheet.append(['after a gap', 'a', None, None, None, True])
    hidden = book.create_sheet('second')
    hidden.append(['text', 'label'])
    hidden.append(['other', 'b'])
    book.save(folder / 'openpyxl.xlsx')
    expected['openpyxl.xlsx'] = [
        {'text': '안녕', 'label': 'a', 'day': '2024-02-29', 'at': '2024-02-29T13:05:00', 'time': '06:30:00', 'value': 1.5},
        {'text': '', 'label': 'b', 'day': '', 'at': '', 'time': '', 'value': '=F2*2'},
        {'text': 'after a gap', 'label': 'a', 'day': '', 'at': '', 'time': '', 'value': True},
    ]
    (folder / 'expected.json').write_text(json.dumps(expected, ensure_ascii=False, indent=1) + '\n', encoding='utf-8')


def read_file(path):
    if path.suffix == '.parquet':
        found = pyarrow.parquet.read_table(path).to_pylist()
        return [{name: value for name, value in row.items()} for row in found]
    if path.suffix == '.xlsx':
        names, *body = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return [dict(zip(names, ['' if value is None else value for value in row])) for row in body]
    if path.suffix in ('.csv', '.tsv'):
        separator = ',' if path.suffix == '.csv' else '\t'
        return pandas.read_csv(path, sep=separator, dtype=str, keep_default_na=False).to_dict('records')
    if path.suffix == '.json':
        return json.loads(path.read_text(encoding='utf-8'))
    if path.suffix == '.jsonl':
        return [json.loads(line) for line in path.read_text(encoding='utf-8').split('\n') if line]
    raise ValueError(f'no reader for {path.name}')


def read(folder):
    wanted = json.loads((folder / 'wanted.json').read_text(encoding='utf-8'))
    for name, expected in wanted.items():
        found = read_file(folder / name)
        if found != expected:
            raise SystemExit(f'{name}: {found!r} instead of {expected!r}')


{'write': write, 'read': read}[sys.argv[1]](pathlib.Path(sys.argv[2]))
