# SPDX-License-Identifier: Apache-2.0
# Divides a table (CSV, ;) by the Mondrian of AnonyPyx (PyPI, MIT) and writes the class of every row; prints the seconds of the division alone.
import json
import sys
import time

import pandas
from anonypyx import models, mondrian

table, columns, k, out = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4]
frame = pandas.read_csv(table, sep=";", usecols=columns)
for column in columns:
    if column != "age":
        frame[column] = frame[column].astype("category")
started = time.perf_counter()
parts = mondrian.Mondrian(frame, columns).partition([models.kAnonymity(k)])
seconds = time.perf_counter() - started
classes = [0] * len(frame)
for number, part in enumerate(parts):
    for row in part:
        classes[row] = number
with open(out, "w", encoding="ascii") as file:
    json.dump({"seconds": seconds, "classes": classes}, file)
