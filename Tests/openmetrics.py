"""Reads OpenMetrics by Prometheus' own parser: text in, and a line `name{labels} value` a sample out.

What the parser refuses ends it with a traceback.
"""
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
        print(f"{family.type} {sample.name}{{{labels}}} {float(sample.value)!r}")
